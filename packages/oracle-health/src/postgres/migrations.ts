/** One step of the schema; never changed once released. */
export interface Migration {
  readonly id: string;
  readonly sql: string;
}

/**
 * The tables of the health history. Visits are folded into spans of equal outcome, so a service that is well for a
 * month is one row; whoever writes is the only writer.
 */
export const migrations: readonly Migration[] = [
  {
    id: 'health-0001',
    sql: `
CREATE TABLE health_latest (
  service    text PRIMARY KEY,
  at         timestamptz NOT NULL,
  status     text NOT NULL CHECK (status IN ('healthy', 'degraded', 'down', 'unreachable')),
  reason     text,
  message    text,
  report     jsonb,
  latency_ms double precision NOT NULL
);
CREATE TABLE health_spans (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  service    text NOT NULL,
  status     text NOT NULL CHECK (status IN ('healthy', 'degraded', 'down', 'unreachable')),
  reason     text,
  message    text,
  started_at timestamptz NOT NULL,
  last_at    timestamptz NOT NULL,
  CHECK (last_at >= started_at)
) WITH (fillfactor = 70);
CREATE UNIQUE INDEX health_spans_by_service ON health_spans (service, started_at);
`,
  },
];
