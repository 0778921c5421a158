import { createJobMonitor } from '@nps/oracle-metrics';
import type { JobRun, JobStats, JobStatus } from '@nps/oracle-metrics/contract';
import type { Pool } from 'pg';
import type { JobLine, JobsReply } from '../contract/jobs.js';

/** What jobs wrote of their runs. */
export interface JobBook {
  load(query: { readonly jobName: string | undefined; readonly limit: number }): Promise<Omit<JobsReply, 'recorded'>>;
  /** The newest runs of one job, newest first. */
  runsOf(job: string): Promise<readonly JobRun[]>;
}

/** Which jobs exist is read off their newest runs. */
const RUNS_READ = 500;

const gravity: Readonly<Record<JobStatus, number>> = { failed: 0, lost: 1, running: 2, success: 3 };

/** @param redact hides secrets in what jobs said of their failures */
export function createJobBook(pool: Pool, redact: (text: string) => string): JobBook {
  // Only its reads are used: it starts no timer before it is asked to watch a job.
  const monitor = createJobMonitor({ pool });
  return {
    async load({ jobName, limit }) {
      const runs = await monitor.status({ limit: RUNS_READ, ...(jobName === undefined ? {} : { jobName }) });
      const newest = new Map(runs.toReversed().map((run) => [run.job_name, run]));
      const jobs = await Promise.all(
        [...newest].map(
          async ([name, run]): Promise<JobLine> =>
            Object.assign({ service: serviceOf(run) }, await monitor.stats(name)),
        ),
      );
      const shown = runs.slice(0, limit).map((run) => redactRun(run, redact));
      return { jobs: jobs.sort(failedFirst), runs: shown };
    },
    runsOf: (jobName) => monitor.status({ jobName, limit: RUNS_READ }),
  };
}

function serviceOf({ metadata }: JobRun): string | null {
  const { service } = metadata;
  return typeof service === 'string' ? service : null;
}

function redactRun(run: JobRun, redact: (text: string) => string): JobRun {
  const { error_message: message } = run;
  return message === null ? run : { ...run, error_message: redact(message) };
}

function failedFirst(a: JobStats, b: JobStats): number {
  return (
    gravity[a.last_status ?? 'success'] - gravity[b.last_status ?? 'success'] || a.job_name.localeCompare(b.job_name)
  );
}
