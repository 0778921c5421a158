import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MalformedReport, parseHealthReport } from '../../src/contract/index.js';
import { createHealth, defineCheck } from '../../src/index.js';

const minimal = {
  status: 'healthy',
  timestamp: '2026-02-08T14:30:00.000Z',
  service: 'oracle',
  version: '1',
  uptime_seconds: 3,
  checks: {},
};

describe('parseHealthReport', () => {
  it('gives back what our own service says, field for field', async () => {
    const health = createHealth({
      service: 'oracle',
      version: '1.2.3',
      checks: [
        defineCheck({ name: 'database', fatal: true, run: () => ({ status: 'error', error: 'AUTH', detail: 'x' }) }),
        defineCheck({ name: 'disk', run: () => ({ status: 'ok', value: 0.5, unit: 'ratio' }) }),
      ],
    });
    const report = JSON.parse(JSON.stringify(await health.check())) as unknown;
    expect(JSON.parse(JSON.stringify(parseHealthReport(report)))).toEqual(report);
  });

  it.each([
    null,
    1,
    'healthy',
    [],
    {},
    { status: 1 },
    { status: 'healthy', checks: [] },
    { status: 'healthy', checks: 'x' },
  ])('refuses %j and says what was expected', (value) => {
    expect(() => parseHealthReport(value)).toThrow(
      expect.objectContaining({ code: 'MALFORMED_REPORT', message: expect.stringContaining('expected') }),
    );
  });

  it.each([
    ['pass', 'healthy'],
    ['UP', 'healthy'],
    ['warn', 'degraded'],
    ['fail', 'down'],
    ['unhealthy', 'down'],
    ['on fire', 'degraded'],
    ['', 'degraded'],
    ['constructor', 'degraded'],
  ])('reads the status word %j as %s', (word, status) => {
    expect(parseHealthReport({ ...minimal, status: word }).status).toBe(status);
  });

  it('reads unknown words and classes of checks as warning and UNKNOWN, and skips what is no check', () => {
    const { checks } = parseHealthReport({
      ...minimal,
      checks: {
        a: { status: 'odd', error: 'MELTED' },
        b: 'no check',
        c: { status: 'fail', error: null, last_ok_at: null },
      },
    });
    expect(Object.keys(checks)).toEqual(['a', 'c']);
    expect(checks['a']).toEqual({ status: 'warning', error: 'UNKNOWN' });
    expect(checks['c']).toEqual({ status: 'error', last_ok_at: null });
  });

  it('reads the nodes of application/health+json, the worst of each list', () => {
    const time = '2026-02-08T14:30:00.000Z';
    const { status, checks } = parseHealthReport({
      status: 'warn',
      releaseId: '1.2.3',
      checks: {
        'disk:utilization': [
          { status: 'warn', observedValue: 0.93, observedUnit: 'ratio', time, output: 'nearly full' },
        ],
        'node:cpu': [{ status: 'pass' }, 'nonsense', { status: 'fail', observedValue: 'n/a' }, { status: 'warn' }],
        'idle:uptime': [{ status: 'pass', observedValue: 3 }],
        empty: [],
      },
    });
    expect(status).toBe('degraded');
    expect({ ...checks }).toEqual({
      'disk:utilization': { status: 'warning', value: 0.93, unit: 'ratio', checked_at: time, detail: 'nearly full' },
      'node:cpu': { status: 'error' },
      'idle:uptime': { status: 'ok', value: 3 },
    });
  });

  it('keeps a hostile report from reaching any prototype or growing without bound', () => {
    const hostile = JSON.parse(
      `{"status":"healthy","__proto__":{"polluted":1},"checks":{"__proto__":{"status":"ok"},"constructor":{"status":"error"}}}`,
    ) as unknown;
    const report = parseHealthReport(hostile);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(Object.getPrototypeOf(report.checks)).toBeNull();
    expect(report.checks['toString']).toBeUndefined();
    expect(report.checks['constructor']).toEqual({ status: 'error' });
    const long = 'x'.repeat(100_000);
    const bounded = parseHealthReport({
      ...minimal,
      service: long,
      version: long,
      checks: { [long]: { status: 'ok', detail: long, unit: long } },
    });
    expect(JSON.stringify(bounded).length).toBeLessThan(4_000);
    const many = Object.fromEntries(Array.from({ length: 201 }, (_, i) => [`c${i}`, { status: 'ok' }]));
    expect(() => parseHealthReport({ ...minimal, checks: many })).toThrow('at most 200 checks');
  });

  it('ignores numbers and instants that are none', () => {
    const report = parseHealthReport({
      ...minimal,
      timestamp: 'yesterday',
      uptime_seconds: Number.POSITIVE_INFINITY,
      checks: {
        a: { status: 'ok', latency_ms: '5', value: Number.NaN, since: 'z'.repeat(50), critical: 'yes', checked_at: 5 },
      },
    });
    expect(report).toMatchObject({ timestamp: new Date(0).toISOString(), uptime_seconds: 0 });
    expect(report.checks['a']).toEqual({ status: 'ok' });
  });

  it('parses or refuses any value, and what it parsed parses to itself', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.jsonValue(),
          fc.record({ status: fc.string(), checks: fc.dictionary(fc.string(), fc.jsonValue()) }),
        ),
        (value) => {
          try {
            const once = parseHealthReport(value);
            expect(parseHealthReport(JSON.parse(JSON.stringify(once)))).toEqual(once);
          } catch (error) {
            expect(error).toBeInstanceOf(MalformedReport);
          }
        },
      ),
    );
  });
});
