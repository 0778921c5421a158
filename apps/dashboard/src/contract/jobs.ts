import type { JobRun, JobStats } from '@nps/oracle-metrics/contract';

export interface JobLine extends JobStats {
  /** What the newest run's `metadata.service` says; `null` when it says nothing. */
  readonly service: string | null;
}

export interface JobsReply {
  /** One line per job, those whose last run failed first. */
  readonly jobs: readonly JobLine[];
  /** The newest runs first. */
  readonly runs: readonly JobRun[];
  readonly recorded: boolean;
}
