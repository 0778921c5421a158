import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseMetricsReport } from '../../src/contract/index.js';
import { createMetrics } from '../../src/index.js';

function report(): Record<string, unknown> {
  const metrics = createMetrics({ service: 'oracle' });
  metrics.recordReadingTime(5);
  return JSON.parse(JSON.stringify(metrics.getMetrics())) as Record<string, unknown>;
}

describe('parseMetricsReport', () => {
  it('reads a report and drops what a newer service adds', () => {
    const given = report();
    expect(parseMetricsReport({ ...given, mood: 'fine' })).toEqual({ outcome: 'report', report: given });
  });

  it.each([
    ['nothing', undefined, 'the report: expected an object, got nothing'],
    ['an array', [], 'the report: expected an object, got an array'],
    ['no service', { ...report(), service: 5 }, 'service: expected a string, got number'],
    ['a wrong instant', { ...report(), timestamp: 'soon' }, 'timestamp: expected an ISO 8601 instant, got string'],
    ['a negative count', { ...report(), total_users: -1 }, 'total_users: expected a number of 0 or more, got number'],
    ['a missing time', { ...report(), performance: {} }, 'performance.reading_time: expected an object, got nothing'],
    ['a missing window', { ...report(), windows: {} }, 'windows.5m: expected an object, got nothing'],
    [
      'too many in flight',
      { ...report(), in_flight: Array.from({ length: 21 }, () => ({})) },
      'in_flight: expected an array of at most 20, got an array',
    ],
    [
      'minutes that are none',
      { ...report(), minutes: [{ minute: null }] },
      'minutes[0].minute: expected an ISO 8601 instant, got null',
    ],
    ['a map that is a list', { ...report(), rpc: [] }, 'rpc: expected an object, got an array'],
  ])('says what is wrong with %s and where', (_name, value, message) => {
    expect(parseMetricsReport(value)).toEqual({ outcome: 'malformed', message });
  });

  it('never tells the content of what it refuses', () => {
    expect(JSON.stringify(parseMetricsReport({ ...report(), timestamp: 'hunter2' }))).not.toContain('hunter2');
  });

  it('pollutes no prototype', () => {
    const hostile = JSON.parse(
      JSON.stringify(report()).replace('"by_type":{}', '"by_type":{"__proto__":1,"constructor":2}'),
    ) as unknown;
    const parsed = parseMetricsReport(hostile);
    expect(parsed.outcome === 'report' && Object.keys(parsed.report.errors.by_type)).toEqual([
      '__proto__',
      'constructor',
    ]);
    expect(Object.prototype).not.toHaveProperty('polluted');
  });

  it('does not take what an object inherits for its own', () => {
    expect(parseMetricsReport(Object.create(report()))).toMatchObject({ outcome: 'malformed' });
  });

  it('never throws, whatever comes', () => {
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true, withBigInt: true }), (value) => {
        expect(['report', 'malformed']).toContain(parseMetricsReport(value).outcome);
      }),
      { numRuns: 500 },
    );
  });
});
