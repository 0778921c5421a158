/** One step of the schema: immutable once released, identified for ever by `id`. */
export interface Migration {
  readonly id: string;
  readonly sql: string;
}

/** The Oracle's own tables. */
export const migrations: readonly Migration[] = [
  {
    id: 'oracle-0001',
    sql: `
      CREATE TABLE insights (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        kind text NOT NULL CHECK (kind IN ('reading', 'name', 'question', 'daily', 'timing')),
        user_id text,
        number smallint NOT NULL CHECK (number BETWEEN 0 AND 33),
        numbers jsonb NOT NULL,
        text text NOT NULL,
        source text NOT NULL CHECK (source IN ('computed', 'ai')),
        insight_on date NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now()
      );
      CREATE INDEX insights_by_time ON insights (created_at DESC);
      CREATE INDEX insights_by_user ON insights (user_id, created_at DESC);
      CREATE UNIQUE INDEX insights_one_daily ON insights (insight_on) WHERE kind = 'daily';`,
  },
  {
    id: 'oracle-0002',
    sql: `
      CREATE TABLE oracle_suggestions (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        user_id text,
        range_start numeric(78) NOT NULL,
        range_end numeric(78) NOT NULL CHECK (range_end >= range_start),
        confidence_ratio double precision NOT NULL CHECK (confidence_ratio BETWEEN 0 AND 1),
        based_on integer NOT NULL,
        reason text NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now()
      );
      CREATE INDEX oracle_suggestions_by_user ON oracle_suggestions (user_id, created_at DESC);`,
  },
];
