import { describe, expect, it } from '@jest/globals';
import { parsePrometheusText } from '../src/client/index.js';
import { parseMetricsReport } from '../src/contract/index.js';
import { createMetrics, type OracleMetrics, type TokenUsage } from '../src/index.js';
import { createFakeClock, MINUTE } from './fake-clock.js';

const fail = (): never => {
  throw new Error('boo');
};

/** What a caller without types may pass where a number, a name or an object is wanted. */
const hostile: readonly unknown[] = [
  5n,
  '7',
  null,
  undefined,
  {},
  [],
  Symbol('s'),
  { valueOf: fail, toString: fail },
  Object.create(null),
  true,
  Number.NaN,
  -1,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  1e308,
  5e-324,
];

/** Every call that records, with one value in the place of each argument. */
function recordEverywhere(metrics: OracleMetrics, value: unknown): void {
  const [ms, name] = [value as number, value as string];
  metrics.record('reading', ms);
  metrics.record(name, 1);
  metrics.recordReadingTime(ms);
  metrics.recordAnalysisTime(ms);
  metrics.recordAiCallTime(ms);
  metrics.recordDbQueryTime(ms, name);
  metrics.recordRpc(name, name, ms, false);
  metrics.recordError(value, name);
  metrics.recordTokens(value as TokenUsage);
  metrics.recordTokens({ model: name, input: ms, output: ms });
  metrics.userSeen(name);
  metrics.start(name).end(value);
  const { registry } = metrics;
  registry.counter({ name: 'odd_total', help: 'h', labels: ['a'] }).inc({ a: value }, ms);
  registry.counter({ name: 'odd_total', help: 'h', labels: ['a'] }).inc(value as { a: unknown });
  registry.gauge({ name: 'odd', help: 'h' }).set(ms);
  registry.gauge({ name: 'odd', help: 'h' }).add(ms);
  registry.histogram({ name: 'odd_seconds', help: 'h' }).observe(ms);
}

describe('metrics that are handed anything', () => {
  it('never throw, and still tell a report and an exposition that can be read', () => {
    const metrics = createMetrics({ service: 'oracle' });
    for (const value of hostile) expect(() => recordEverywhere(metrics, value)).not.toThrow();
    const report: unknown = JSON.parse(JSON.stringify(metrics.getMetrics()));
    expect(parseMetricsReport(report)).toMatchObject({ outcome: 'report' });
    expect(parsePrometheusText(metrics.toPrometheus()).every(({ name }) => /^[a-z_]+$/.test(name))).toBe(true);
    expect(parsePrometheusText(metrics.toPrometheus('openmetrics')).length).toBeGreaterThan(100);
  });

  it('keep names such as __proto__ as names', () => {
    const metrics = createMetrics({ service: 'oracle' });
    for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
      metrics.track(name, () => undefined);
      metrics.recordError(name);
      metrics.recordRpc(name, name, 1, true);
      metrics.recordTokens({ model: name, input: 1 });
    }
    const report = JSON.parse(JSON.stringify(metrics.getMetrics())) as ReturnType<OracleMetrics['getMetrics']>;
    expect(Object.keys(report.windows['5m'].by_operation)).toContain('__proto__');
    expect(Object.keys(report.errors.by_type)).toContain('__proto__');
    expect(Object.keys(report.rpc)).toContain('__proto__');
    expect(({} as Record<string, unknown>).count).toBeUndefined();
    expect(parseMetricsReport(report)).toMatchObject({ outcome: 'report' });
  });

  it('stay quick and small under a million label sets and a hundred thousand operations', () => {
    const metrics = createMetrics({ service: 'oracle' });
    const requests = metrics.registry.counter({ name: 'requests_total', help: 'h', labels: ['user'] });
    for (let user = 0; user < 1_000_000; user++) requests.inc({ user });
    for (let name = 0; name < 100_000; name++) metrics.record(`operation-${name}`, 1);
    const samples = parsePrometheusText(metrics.toPrometheus());
    const of = (name: string) => samples.filter((sample) => sample.name === name);
    expect(of('requests_total')).toHaveLength(1001);
    expect(of('requests_total').at(-1)).toMatchObject({ labels: { user: 'overflow' }, value: 999_000 });
    expect(of('metrics_label_overflow_total').map(({ labels, value }) => [labels.metric, value])).toEqual([
      ['requests_total', 999_000],
      ['operations_total', 99_800],
    ]);
  });

  it('hold on to the last instant while a clock answers nonsense', () => {
    const clock = createFakeClock();
    let broken = false;
    const metrics = createMetrics({ service: 'oracle', now: () => (broken ? Number.NaN : clock.now()) });
    metrics.recordReadingTime(5);
    broken = true;
    metrics.recordReadingTime(7);
    expect(metrics.getMetrics()).toMatchObject({ timestamp: new Date(clock.now()).toISOString() });
    broken = false;
    clock.advance(MINUTE);
    expect(metrics.getMetrics().performance.reading_time).toMatchObject({ count: 2, max: 7 });
  });
});
