/** One step of the schema. Immutable once released. */
export interface Migration {
  readonly id: string;
  readonly sql: string;
}

/** The tables of alerts, in order. The alerter runs them in its one ledger. */
export const migrations: readonly Migration[] = [
  {
    id: 'alerts-0001',
    sql: `
CREATE TABLE alerts (
  key text PRIMARY KEY,
  rule text NOT NULL,
  service text NOT NULL,
  severity text NOT NULL,
  phase text NOT NULL,
  is_open boolean NOT NULL,
  view jsonb NOT NULL,
  record jsonb NOT NULL,
  updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX alerts_open ON alerts (is_open, updated_at DESC);

CREATE TABLE alert_events (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL,
  kind text NOT NULL,
  key text NOT NULL,
  rule text NOT NULL,
  service text NOT NULL,
  severity text NOT NULL,
  incident integer NOT NULL,
  value double precision,
  detail text,
  event jsonb NOT NULL,
  UNIQUE (key, incident, kind, at)
);
CREATE INDEX alert_events_at ON alert_events (at DESC);
CREATE INDEX alert_events_service_at ON alert_events (service, at DESC);

CREATE TABLE notices (
  id text PRIMARY KEY,
  sequence bigint NOT NULL,
  channel text NOT NULL,
  key text NOT NULL,
  kind text NOT NULL,
  rule text NOT NULL,
  service text NOT NULL,
  severity text NOT NULL,
  state text NOT NULL,
  attempts integer NOT NULL,
  title text NOT NULL,
  failure text,
  message_id text,
  created_at timestamptz NOT NULL,
  delivered_at timestamptz,
  claimed_until timestamptz,
  claimed_epoch bigint,
  record jsonb NOT NULL
);
CREATE INDEX notices_under_way ON notices (created_at) WHERE state IN ('waiting', 'sending');
CREATE INDEX notices_created_at ON notices (created_at DESC);

CREATE TABLE alert_tellings (
  key text NOT NULL,
  channel text NOT NULL,
  telling jsonb NOT NULL,
  PRIMARY KEY (key, channel)
);

CREATE TABLE alert_acknowledgements (
  key text PRIMARY KEY,
  incident integer NOT NULL,
  acknowledged_by text NOT NULL,
  acknowledged_at timestamptz NOT NULL,
  acknowledged_until timestamptz NOT NULL
);

CREATE TABLE silences (
  id text PRIMARY KEY,
  matcher jsonb NOT NULL,
  starts_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL,
  created_by text NOT NULL,
  comment text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX silences_ends_at ON silences (ends_at);

CREATE TABLE alert_leadership (
  id integer PRIMARY KEY CHECK (id = 1),
  epoch bigint NOT NULL,
  owner text NOT NULL,
  backend_pid integer,
  renewed_at timestamptz NOT NULL
);
INSERT INTO alert_leadership (id, epoch, owner, renewed_at) VALUES (1, 0, '', 'epoch');
`,
  },
  {
    id: 'alerts-0002',
    // By hash: a key holds names from outside, and a B-tree refuses entries beyond 2,704 bytes.
    sql: `
CREATE INDEX notices_key ON notices USING hash (key);
CREATE INDEX alert_events_key ON alert_events USING hash (key);
`,
  },
];
