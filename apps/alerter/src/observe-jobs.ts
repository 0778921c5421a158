/** Job runs in, observations out. Pure. */
import type { Observation, ServiceFacts } from '@nps/oracle-alerts';
import type { JobRun } from '@nps/oracle-metrics/contract';

/** What jobs are told under when their metadata name no watched service. */
export const JOBS_SERVICE: ServiceFacts = { name: 'jobs', displayName: 'Scheduler' };

/** A job that says how often it runs (`metadata.every_seconds`) is missed when it is late by half of that. */
const LATE_FACTOR = 1.5;

/**
 * How every job is doing: failures in a row, and whether it was missed or its last run was lost.
 * @param runs the newest first, of any number of jobs
 * @param services names of the watched services: `metadata.service` may name one of them
 * @param at wall clock in ms
 */
export function observeJobs(
  runs: readonly JobRun[],
  services: ReadonlySet<string>,
  at: number,
): readonly Observation[] {
  const byJob = new Map<string, JobRun[]>();
  for (const run of runs) byJob.set(run.job_name, [...(byJob.get(run.job_name) ?? []), run]);
  return [...byJob].flatMap(([job, ownRuns]) => observeJob(job, ownRuns, services, at));
}

function observeJob(
  job: string,
  runs: readonly JobRun[],
  services: ReadonlySet<string>,
  at: number,
): readonly Observation[] {
  const finished = runs.filter(({ status }) => status !== 'running');
  const [last] = finished;
  const goodIndex = finished.findIndex(({ status }) => status === 'success');
  const failures = goodIndex === -1 ? finished.length : goodIndex;
  const service = serviceOf(runs[0], services);
  const labels = { job };
  const missed = last?.status === 'lost' || isLate(runs[0], at);
  return [
    {
      service,
      signal: 'job_consecutive_failures',
      labels,
      value: failures,
      at,
      ...(failures > 0 && last?.error_message ? { detail: last.error_message } : {}),
    },
    { service, signal: 'job_missed', labels, value: missed ? 1 : 0, at },
  ];
}

function serviceOf(run: JobRun | undefined, services: ReadonlySet<string>): string {
  const service = run?.metadata['service'];
  return typeof service === 'string' && services.has(service) ? service : JOBS_SERVICE.name;
}

function isLate(run: JobRun | undefined, at: number): boolean {
  const everySeconds = run?.metadata['every_seconds'];
  if (run === undefined || typeof everySeconds !== 'number' || !(everySeconds > 0)) return false;
  return at - Date.parse(run.started_at) > everySeconds * LATE_FACTOR * 1000;
}
