import { describe, expect, it } from '@jest/globals';
import { defaultRules, type Observation } from '@nps/oracle-alerts';
import type { CheckReport, HealthReport, ProbeResult, ServiceStatus, Target } from '@nps/oracle-health/contract';
import type { ScrapeResult } from '@nps/oracle-metrics/client';
import type { MetricsReport } from '@nps/oracle-metrics/contract';
import fc from 'fast-check';
import { judgedSignals } from '../src/engine-config.js';
import { observeProbe, observeScrape } from '../src/observe.js';

const TARGET: Target = { name: 'oracle', kind: 'service', url: 'http://oracle.test' };
const AT = Date.UTC(2026, 1, 8, 14, 30);
const NOTHING_JUDGED: ReadonlyMap<string, number> = new Map();

function report(status: ServiceStatus, checks: Record<string, CheckReport> = {}): ProbeResult {
  const health: HealthReport = {
    status,
    timestamp: '2020-01-01T00:00:00.000Z',
    service: 'x',
    version: '1',
    uptime_seconds: 1,
    checks,
  };
  return { outcome: 'report', status, health, latencyMs: 3, at: '2026-02-08T14:30:00.000Z' };
}

function find(observations: readonly Observation[], signal: string): readonly Observation[] {
  return observations.filter((observation) => observation.signal === signal);
}

describe('what a probe says', () => {
  it('is that a healthy service is up and not degraded, at the alerter’s own time', () => {
    expect(observeProbe(TARGET, report('healthy'), AT)).toEqual([
      { service: 'oracle', signal: 'up', labels: {}, value: 1, at: AT },
      { service: 'oracle', signal: 'degraded', labels: {}, value: 0, at: AT },
    ]);
  });

  it('is the reason and the error text of a failure, and nothing about what could not be asked', () => {
    const failure: ProbeResult = {
      outcome: 'failure',
      reason: 'refused',
      message: 'connection refused',
      latencyMs: 1,
      at: '',
    };
    expect(observeProbe(TARGET, failure, AT)).toEqual([
      {
        service: 'oracle',
        signal: 'up',
        labels: { reason: 'refused' },
        value: 0,
        at: AT,
        detail: 'connection refused',
      },
    ]);
  });

  it('is that a service which calls itself down is not up, and which of its checks fail', () => {
    const observations = observeProbe(
      TARGET,
      report('down', { database: { status: 'error', error: 'REFUSED' }, ai_api: { status: 'ok' } }),
      AT,
    );
    expect(find(observations, 'up')).toEqual([
      {
        service: 'oracle',
        signal: 'up',
        labels: { reason: 'down' },
        value: 0,
        at: AT,
        detail: 'database: connection refused',
      },
    ]);
    expect(find(observations, 'degraded')).toEqual([]);
  });

  it('is never that degraded means down', () => {
    const observations = observeProbe(TARGET, report('degraded', { redis: { status: 'error', error: 'TIMEOUT' } }), AT);
    expect(find(observations, 'up')[0]?.value).toBe(1);
    expect(find(observations, 'degraded')[0]).toMatchObject({ value: 1, detail: 'redis: no answer in time' });
  });

  it('tells dependencies apart from the machine’s own figures, and is silent about skipped checks', () => {
    const observations = observeProbe(
      TARGET,
      report('degraded', {
        database: { status: 'ok' },
        redis: { status: 'error', error: 'TIMEOUT' },
        ai_api: { status: 'skipped' },
        disk: { status: 'warning', value: 0.93, unit: 'ratio' },
        memory: { status: 'ok', value: 0.4, unit: 'ratio' },
        event_loop: { status: 'error', value: 2000, unit: 'milliseconds' },
        uptime: { status: 'ok', value: 12, unit: 'seconds' },
        web_certificate: { status: 'ok', value: 20, unit: 'days' },
      }),
      AT,
    );
    expect(find(observations, 'dependency_up').map(({ labels, value }) => [labels['dependency'], value])).toEqual([
      ['database', 1],
      ['redis', 0],
    ]);
    expect(find(observations, 'disk_used_ratio')[0]?.value).toBe(0.93);
    expect(find(observations, 'memory_used_ratio')[0]?.value).toBe(0.4);
    expect(find(observations, 'certificate_days_left')[0]).toMatchObject({
      value: 20,
      labels: { check: 'web_certificate' },
    });
  });
});

const NO_TIMES = { count: 0, p50: null, p95: null, p99: null, avg: null, max: null };

function metrics(change: Partial<MetricsReport['windows']['5m']> = {}, rest: object = {}): ScrapeResult {
  const window = {
    window_seconds: 300,
    observed_seconds: 300,
    operations: 100,
    errors: 6,
    error_rate_percent: 6,
    by_operation: {},
    ...change,
  };
  const report = {
    windows: { '5m': window, '60m': window },
    in_flight: [],
    today: { cost_usd: 1.5 },
    average_response_time_ms: null,
    ...rest,
  };
  return { outcome: 'report', report: report as unknown as MetricsReport, at: '2026-02-08T14:30:00.000Z' };
}

describe('what metrics say', () => {
  it('is operations, errors and the p95 of readings in five minutes, in base units', () => {
    const by_operation = { reading: { ...NO_TIMES, count: 9, p95: 10_500, errors: 1 } };
    const observations = observeScrape(TARGET, metrics({ by_operation }), NOTHING_JUDGED, 0, AT);
    expect(find(observations, 'operations')[0]).toMatchObject({ value: 100, labels: { window: '300' } });
    expect(find(observations, 'errors')[0]).toMatchObject({ value: 6, labels: { window: '300' } });
    expect(find(observations, 'reading_p95_seconds')[0]?.value).toBe(10.5);
    expect(find(observations, 'ai_cost_usd_today')[0]?.value).toBe(1.5);
  });

  it('is each reading that is still running, by its id', () => {
    const in_flight = [
      { id: 'r1', operation: 'reading', started_at: '', duration_ms: 11_000 },
      { id: 'a1', operation: 'analysis', started_at: '', duration_ms: 20_000 },
    ];
    const observations = observeScrape(TARGET, metrics({}, { in_flight }), NOTHING_JUDGED, 0, AT);
    expect(find(observations, 'reading_seconds')).toEqual([
      { service: 'oracle', signal: 'reading_seconds', labels: { id: 'r1', state: 'running' }, value: 11, at: AT },
    ]);
  });

  it('is nothing when they are stale, failed or not finite', () => {
    expect(observeScrape(TARGET, metrics(), NOTHING_JUDGED, 30_001, AT)).toEqual([]);
    expect(
      observeScrape(TARGET, { outcome: 'failure', reason: 'timeout', message: '' }, NOTHING_JUDGED, 0, AT),
    ).toEqual([]);
    const bad = metrics({ operations: Number.NaN, errors: Number.POSITIVE_INFINITY });
    expect(observeScrape(TARGET, bad, NOTHING_JUDGED, 0, AT).map(({ signal }) => signal)).toEqual([
      'ai_cost_usd_today',
    ]);
  });

  it('is old to each signal as far as its rules bear', () => {
    const rules = defaultRules().flatMap((rule) => {
      if (rule.name === 'error_rate')
        return [
          { ...rule, staleAfterSeconds: 60 },
          { ...rule, name: 'stricter', staleAfterSeconds: 10 },
        ];
      return rule.signal === 'ai_cost_usd_today' ? [{ ...rule, staleAfterSeconds: 10 }] : [rule];
    });
    const judged = judgedSignals(rules);
    const signals = (ageMs: number): readonly string[] =>
      observeScrape(TARGET, metrics(), judged, ageMs, AT).map(({ signal }) => signal);
    expect(signals(10_000)).toEqual(expect.arrayContaining(['errors', 'operations', 'ai_cost_usd_today']));
    expect(signals(60_000)).toEqual(['operations', 'errors']);
    expect(signals(60_001)).toEqual([]);
  });

  it('is of a Prometheus page only what some rule asks for, under the metric’s own name and labels', () => {
    const samples = [
      { name: 'nginx_up', labels: { host: 'a' }, value: 1 },
      { name: 'nginx_connections_active', labels: {}, value: 7 },
      { name: 'nginx_up', labels: { host: 'b' }, value: Number.NaN },
    ];
    const page: ScrapeResult = { outcome: 'samples', samples, at: '2026-02-08T14:30:00.000Z' };
    expect(observeScrape(TARGET, page, new Map([['nginx_up', 30_000]]), 0, AT)).toEqual([
      { service: 'oracle', signal: 'nginx_up', labels: { host: 'a' }, value: 1, at: AT },
    ]);
  });

  it('is only ever finite values, whatever a target claims', () => {
    fc.assert(
      fc.property(fc.double(), fc.double(), fc.option(fc.double()), (operations, errors, p95) => {
        const by_operation = { reading: { ...NO_TIMES, p95, errors: 0 } };
        const observations = observeScrape(
          TARGET,
          metrics({ operations, errors, by_operation }),
          NOTHING_JUDGED,
          0,
          AT,
        );
        expect(observations.every(({ value, at }) => Number.isFinite(value) && at === AT)).toBe(true);
      }),
    );
  });
});
