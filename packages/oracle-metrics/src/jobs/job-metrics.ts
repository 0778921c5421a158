import type { Registry } from '../registry/registry.js';

/** Counts the runs of this process. */
export interface JobMetrics {
  started(job: string): void;
  ended(job: string, status: 'success' | 'failed', durationSeconds: number): void;
}

export function createJobMetrics(registry: Registry | undefined): JobMetrics {
  if (registry === undefined) return { started: () => undefined, ended: () => undefined };
  const runs = registry.counter({
    name: 'scheduler_jobs_total',
    help: 'Finished job runs by outcome.',
    labels: ['job_name', 'status'],
  });
  const durations = registry.histogram({
    name: 'scheduler_job_duration_seconds',
    help: 'Time of job runs.',
    labels: ['job_name'],
  });
  const inProgress = registry.gauge({
    name: 'scheduler_jobs_in_progress',
    help: 'Job runs under way.',
    labels: ['job_name'],
  });
  return {
    started: (job) => inProgress.add(1, { job_name: job }),
    ended(job, status, durationSeconds) {
      inProgress.add(-1, { job_name: job });
      runs.inc({ job_name: job, status });
      durations.observe(durationSeconds, { job_name: job });
    },
  };
}
