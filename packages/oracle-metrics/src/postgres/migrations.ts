/** One step of the schema; its text never changes once released. */
export interface Migration {
  readonly id: string;
  readonly sql: string;
}

/** In order; each is run once, in a transaction of its own, by whoever owns the database. */
export const migrations: readonly Migration[] = [
  {
    id: 'metrics-0001',
    sql: `
      create table metric_minutes (
        service text not null, operation text not null, at timestamptz not null,
        count bigint not null, errors bigint not null, sketch bytea not null,
        primary key (service, operation, at)
      ) partition by range (at);

      create table metric_ten_minutes (like metric_minutes including all) partition by range (at);
      create table metric_hours (like metric_minutes including all) partition by range (at);

      -- Up to where each tier is made of the minutes.
      create table metric_tiers (tier text primary key, rolled_until timestamptz not null);

      create table metric_latest (
        service text primary key, at timestamptz not null, report json, samples json not null
      );`,
  },
  {
    id: 'metrics-0002',
    sql: `
      create table job_runs (
        id uuid primary key, job_name text not null, started_at timestamptz not null, finished_at timestamptz,
        status text not null check (status in ('running', 'success', 'failed', 'lost')),
        duration_seconds double precision, error_message text, metadata json not null default '{}',
        worker text not null, lease_until timestamptz not null
      );
      create index job_runs_by_job on job_runs (job_name, started_at desc);
      create index job_runs_by_start on job_runs (started_at desc);
      create index job_runs_running on job_runs (lease_until) where status = 'running';`,
  },
  {
    id: 'metrics-0003',
    sql: `
      create table metric_usage_minutes (
        service text not null, kind text not null, name text not null, at timestamptz not null, amount bigint not null,
        primary key (service, at, kind, name)
      ) partition by range (at);

      create table metric_usage_ten_minutes (like metric_usage_minutes including all) partition by range (at);
      create table metric_usage_hours (like metric_usage_minutes including all) partition by range (at);`,
  },
  {
    id: 'metrics-0004',
    sql: `
      create table metric_five_minutes (like metric_minutes including all) partition by range (at);
      create table metric_usage_five_minutes (like metric_usage_minutes including all) partition by range (at);`,
  },
];
