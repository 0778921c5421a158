/** `lost`: the process died before it could say how the run ended. */
export type JobStatus = 'running' | 'success' | 'failed' | 'lost';

/** One row of `job_runs` as `GET /jobs/status` answers it. */
export interface JobRun {
  readonly id: string;
  readonly job_name: string;
  readonly started_at: string;
  readonly finished_at: string | null;
  readonly status: JobStatus;
  readonly duration_seconds: number | null;
  readonly error_message: string | null;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** What `GET /jobs/stats/:job_name` answers. */
export interface JobStats {
  readonly job_name: string;
  readonly total_runs: number;
  readonly successful_runs: number;
  readonly failed_runs: number;
  /** Successful runs per hundred finished ones, one decimal; `null` before the first has finished. */
  readonly success_rate: number | null;
  readonly avg_duration_seconds: number | null;
  readonly last_run: string | null;
  readonly last_status: JobStatus | null;
}
