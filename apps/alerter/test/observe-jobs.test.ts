import { describe, expect, it } from '@jest/globals';
import type { JobRun, JobStatus } from '@nps/oracle-metrics/contract';
import { observeJobs } from '../src/observe-jobs.js';

const AT = Date.UTC(2026, 1, 8, 14, 30);

function run(job: string, minutesAgo: number, status: JobStatus, metadata: Record<string, unknown> = {}): JobRun {
  return {
    id: `${job}-${minutesAgo}`,
    job_name: job,
    started_at: new Date(AT - minutesAgo * 60_000).toISOString(),
    finished_at: status === 'running' ? null : new Date(AT).toISOString(),
    status,
    duration_seconds: null,
    error_message: status === 'failed' ? `broke ${minutesAgo} minutes ago` : null,
    metadata,
  };
}

function figures(runs: readonly JobRun[], services: readonly string[] = []): Record<string, number> {
  return Object.fromEntries(
    observeJobs(runs, new Set(services), AT).map(({ service, signal, labels, value }) => [
      `${service} ${labels['job']} ${signal}`,
      value,
    ]),
  );
}

describe('what job runs say', () => {
  it('is how often each job failed in a row, a run under way not counted', () => {
    const runs = [
      run('a', 1, 'running'),
      run('b', 2, 'success'),
      run('a', 3, 'failed'),
      run('a', 4, 'lost'),
      run('a', 5, 'success'),
      run('a', 6, 'failed'),
    ];
    expect(figures(runs)).toEqual({
      'jobs a job_consecutive_failures': 2,
      'jobs a job_missed': 0,
      'jobs b job_consecutive_failures': 0,
      'jobs b job_missed': 0,
    });
  });

  it('is the newest error of a job that fails', () => {
    const [observation] = observeJobs([run('a', 1, 'failed'), run('a', 9, 'failed')], new Set(), AT);
    expect(observation).toMatchObject({ value: 2, detail: 'broke 1 minutes ago' });
  });

  it('is that a job was missed when its last run was lost or it is late by more than half its interval', () => {
    expect(figures([run('a', 1, 'lost')])['jobs a job_missed']).toBe(1);
    expect(figures([run('a', 14, 'success', { every_seconds: 600 })])['jobs a job_missed']).toBe(0);
    expect(figures([run('a', 16, 'success', { every_seconds: 600 })])['jobs a job_missed']).toBe(1);
    expect(figures([run('a', 9999, 'success', { every_seconds: 'often' })])['jobs a job_missed']).toBe(0);
  });

  it('is about the service that the metadata name, if that is watched', () => {
    expect(figures([run('a', 1, 'success', { service: 'oracle' })], ['oracle'])).toHaveProperty([
      'oracle a job_missed',
    ]);
    expect(figures([run('a', 1, 'success', { service: 'unknown' })], ['oracle'])).toHaveProperty(['jobs a job_missed']);
  });

  it('is nothing without runs', () => {
    expect(observeJobs([], new Set(), AT)).toEqual([]);
  });
});
