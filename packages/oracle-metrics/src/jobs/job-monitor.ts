import type { JobRun, JobStats } from '../contract/job.js';

/** The one method of `pg.Pool` that is used here. */
export interface QueryablePool {
  query(
    text: string,
    values?: unknown[],
  ): Promise<{ readonly rows: readonly unknown[]; readonly rowCount?: number | null }>;
}

export interface JobMonitor {
  /** Runs `fn`, records how it ended, and lets its result or error through unchanged. */
  monitorJob<T>(
    name: string,
    options: { readonly metadata?: Readonly<Record<string, unknown>> },
    fn: () => T | Promise<T>,
  ): Promise<T>;
  /** The newest runs first; `limit` default 20, range 1 … 500. */
  status(query?: { readonly jobName?: string; readonly limit?: number }): Promise<readonly JobRun[]>;
  stats(jobName: string): Promise<JobStats>;
}
