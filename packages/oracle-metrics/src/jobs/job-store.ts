import type { JobRun, JobStats, JobStatus } from '../contract/job.js';
import type { QueryablePool } from './queryable-pool.js';

/** What is known when a run begins. */
export interface BegunRun {
  readonly id: string;
  readonly name: string;
  readonly startedAt: Date;
  /** Host and process. */
  readonly worker: string;
  readonly leaseMs: number;
  /** JSON. */
  readonly metadata: string;
}

/** How it ended. */
export interface RunEnd {
  readonly status: 'success' | 'failed';
  readonly finishedAt: Date;
  readonly durationSeconds: number;
  readonly errorMessage: string | null;
}

/** The table `job_runs`. Leases are told by the database's clock, so that hosts with different clocks agree. */
export interface JobStore {
  begin(run: BegunRun): Promise<void>;
  /** Writes the whole run: its beginning may never have been written. */
  end(run: BegunRun, end: RunEnd): Promise<void>;
  beat(ids: readonly string[], leaseMs: number): Promise<void>;
  status(jobName: string | undefined, limit: number): Promise<readonly JobRun[]>;
  stats(jobName: string): Promise<JobStats>;
}

const LOST_MESSAGE = 'No sign of life: the process died or lost its database.';

/** A run whose lease is over is lost, whether or not somebody has written that down yet. */
const STATUS = `case when status = 'running' and lease_until < now() then 'lost' else status end`;

const BEGIN = `
  insert into job_runs (id, job_name, started_at, status, worker, metadata, lease_until)
  values ($1, $2, $3, 'running', $4, $5, now() + $6 * interval '1 millisecond')
  on conflict (id) do nothing`;

const END = `
  insert into job_runs (id, job_name, started_at, worker, metadata, lease_until, status, finished_at, duration_seconds, error_message)
  values ($1, $2, $3, $4, $5, now() + $6 * interval '1 millisecond', $7, $8, $9, $10)
  on conflict (id) do update set
    status = excluded.status, finished_at = excluded.finished_at,
    duration_seconds = excluded.duration_seconds, error_message = excluded.error_message`;

/** A run taken for lost while the database was away is running again at its next sign of life. */
const BEAT = `
  update job_runs set lease_until = now() + $2 * interval '1 millisecond', status = 'running', error_message = null
  where id = any($1::uuid[]) and status in ('running', 'lost')`;

const SWEEP = `
  update job_runs set status = 'lost', error_message = $1 where status = 'running' and lease_until < now()`;

const LIST = `
  select id, job_name, started_at, finished_at, ${STATUS} as status, duration_seconds,
    coalesce(error_message, case when ${STATUS} = 'lost' then $3 end) as error_message, metadata
  from job_runs where $1::text is null or job_name = $1 order by started_at desc, lease_until desc limit $2`;

/** As in the list, of two runs that began in one millisecond the lease tells the later one. */
const STATS = `
  with runs as (select started_at, lease_until, duration_seconds, ${STATUS} as status from job_runs where job_name = $1)
  select count(*)::int as total,
    (count(*) filter (where status = 'success'))::int as successful,
    (count(*) filter (where status in ('failed', 'lost')))::int as failed,
    avg(duration_seconds) filter (where status in ('success', 'failed')) as average,
    max(started_at) as last_run,
    (array_agg(status order by started_at desc, lease_until desc))[1] as last_status
  from runs`;

interface RunRow {
  readonly id: string;
  readonly job_name: string;
  readonly started_at: Date;
  readonly finished_at: Date | null;
  readonly status: JobStatus;
  readonly duration_seconds: number | null;
  readonly error_message: string | null;
  readonly metadata: Readonly<Record<string, unknown>>;
}

interface StatsRow {
  readonly total: number;
  readonly successful: number;
  readonly failed: number;
  readonly average: number | null;
  readonly last_run: Date | null;
  readonly last_status: JobStatus | null;
}

export function createJobStore(pool: QueryablePool): JobStore {
  return {
    async begin(run) {
      await pool.query(BEGIN, [run.id, text(run.name), run.startedAt, run.worker, run.metadata, run.leaseMs]);
    },
    async end(run, { status, finishedAt, durationSeconds, errorMessage }) {
      const begun = [run.id, text(run.name), run.startedAt, run.worker, run.metadata, run.leaseMs];
      await pool.query(END, [
        ...begun,
        status,
        finishedAt,
        durationSeconds,
        errorMessage === null ? null : text(errorMessage),
      ]);
    },
    async beat(ids, leaseMs) {
      if (ids.length > 0) await pool.query(BEAT, [ids, leaseMs]);
      await pool.query(SWEEP, [LOST_MESSAGE]);
    },
    async status(jobName, limit) {
      const { rows } = await pool.query(LIST, [jobName === undefined ? null : text(jobName), limit, LOST_MESSAGE]);
      return (rows as readonly RunRow[]).map(toRun);
    },
    async stats(jobName) {
      const { rows } = await pool.query(STATS, [text(jobName)]);
      return toStats(jobName, rows[0] as StatsRow);
    },
  };
}

/** PostgreSQL has no character 0. */
function text(value: string): string {
  return value.replaceAll('\u0000', '\ufffd');
}

function toRun(row: RunRow): JobRun {
  return {
    ...row,
    started_at: row.started_at.toISOString(),
    finished_at: row.finished_at?.toISOString() ?? null,
  };
}

function toStats(jobName: string, row: StatsRow): JobStats {
  const finished = row.successful + row.failed;
  return {
    job_name: jobName,
    total_runs: row.total,
    successful_runs: row.successful,
    failed_runs: row.failed,
    success_rate: finished === 0 ? null : Math.round((row.successful / finished) * 1000) / 10,
    avg_duration_seconds: row.average === null ? null : Math.round(row.average * 1000) / 1000,
    last_run: row.last_run?.toISOString() ?? null,
    last_status: row.last_status,
  };
}
