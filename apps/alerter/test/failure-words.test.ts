import { describe, expect, it } from '@jest/globals';
import { type CheckReport, errorClasses, type HealthReport } from '@nps/oracle-health/contract';
import { failingChecks, reasonOf } from '../src/failure-words.js';

const TIMESTAMP = '2026-02-08T14:30:00.000Z';

function reportOf(checks: Readonly<Record<string, CheckReport>>): HealthReport {
  return { status: 'down', timestamp: TIMESTAMP, service: 'oracle', version: '1', uptime_seconds: 1, checks };
}

function failingFor(seconds: number): string {
  const since = new Date(Date.parse(TIMESTAMP) - seconds * 1000).toISOString();
  return failingChecks(reportOf({ database: { status: 'error', error: 'REFUSED', since } }));
}

describe('what fails, in words', () => {
  it('names each failing check with its reason, and for how long it has failed', () => {
    const since = '2026-02-08T14:29:20.000Z';
    const report = reportOf({
      database: { status: 'error', error: 'REFUSED', since },
      ai_api: { status: 'ok', since },
      service: { status: 'error', error: 'NOT_SERVING' },
      disk: { status: 'warning', error: 'THRESHOLD' },
    });
    expect(failingChecks(report)).toBe('database: connection refused for 40 s, service: does not serve');
  });

  it.each([
    [0.4, ''],
    [1, ' for 1 s'],
    [119, ' for 119 s'],
    [300, ' for 5 min'],
    [10_800, ' for 3 h'],
    [-60, ''],
  ])('writes %s s as a person reads it: "%s"', (seconds, words) => {
    expect(failingFor(seconds)).toBe(`database: connection refused${words}`);
  });

  it('has words for every reason of the closed list, and prefers the exact cause', () => {
    for (const error of errorClasses) expect(reasonOf({ status: 'error', error })).toMatch(/^[a-zH][a-z4-5 x'-]+$/i);
    expect(reasonOf({ status: 'error', error: 'REFUSED', detail: 'ECONNREFUSED 10.0.0.5:5432' })).toBe(
      'ECONNREFUSED 10.0.0.5:5432',
    );
    expect(reasonOf({ status: 'error' })).toBe('failing');
    expect(reasonOf({ status: 'error', error: 'OF_ANOTHER_VERSION' as 'UNKNOWN' })).toBe('OF_ANOTHER_VERSION');
  });
});
