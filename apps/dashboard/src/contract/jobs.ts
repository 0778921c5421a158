import type { JobRun, JobStats } from '@nps/oracle-metrics/contract';

export interface JobsReply {
  /** One line per job, those whose last run failed first. */
  readonly jobs: readonly JobStats[];
  /** The newest runs first. */
  readonly runs: readonly JobRun[];
  readonly recorded: boolean;
}
