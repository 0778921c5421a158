import { describe, expect, it } from '@jest/globals';
import type { MaintenanceWindow, Silence } from '@nps/oracle-alerts/contract';
import type { JobRun } from '@nps/oracle-metrics/contract';
import type { SeriesPoint } from '@nps/oracle-metrics/postgres';
import fc from 'fast-check';
import type { UsagePoint } from '../../src/contract/usage.js';
import { createLastGood } from '../../src/server/last-good.js';
import { maintenanceWindows, nextSpan, quietUntil } from '../../src/server/quiet-times.js';
import { createRateLimiter } from '../../src/server/rate-limit.js';
import { errorRatios, failuresInARow, stripPoints } from '../../src/server/signal-series.js';
import { createTries } from '../../src/server/tries.js';
import { etagOf, isUnchanged } from '../../src/server/unchanged.js';
import { addUsage, namesByAmount, totalOf } from '../../src/server/usage.js';

const MINUTE_MS = 60_000;
const noon = Date.parse('2026-02-08T12:00:00Z');
const iso = (minutes: number) => new Date(noon + minutes * MINUTE_MS).toISOString();

describe('quiet times', () => {
  const silence = (change: Partial<Silence>): Silence => ({
    id: 's',
    matcher: {},
    startsAt: noon,
    endsAt: noon + MINUTE_MS,
    createdBy: 'ann',
    comment: 'c',
    ...change,
  });

  it('of a week come again on the same weekday, over midnight too', () => {
    const window: MaintenanceWindow = { matcher: {}, weekdays: [0], startsAtUtc: '23:00', durationMinutes: 120 };
    // 8 February 2026 is a Sunday.
    expect(nextSpan(window, noon).startsAt).toBe(Date.parse('2026-02-08T23:00:00Z'));
    const monday = Date.parse('2026-02-09T00:30:00Z');
    expect(nextSpan(window, monday)).toEqual({
      startsAt: Date.parse('2026-02-08T23:00:00Z'),
      endsAt: Date.parse('2026-02-09T01:00:00Z'),
    });
    expect(nextSpan(window, Date.parse('2026-02-09T01:00:00Z')).startsAt).toBe(Date.parse('2026-02-15T23:00:00Z'));
  });

  it('that come next always end after now, and begin within eight days', () => {
    const windows = fc.record({
      matcher: fc.constant({}),
      weekdays: fc.uniqueArray(fc.integer({ min: 0, max: 6 }), { minLength: 1 }),
      startsAtUtc: fc
        .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
        .map((parts) => parts.map((part) => String(part).padStart(2, '0')).join(':')),
      durationMinutes: fc.integer({ min: 1, max: 1440 }),
    });
    fc.assert(
      fc.property(windows, fc.integer({ min: 0, max: 20_000 * 1440 }), (window, minute) => {
        const nowMs = minute * MINUTE_MS;
        const { startsAt, endsAt } = nextSpan(window, nowMs);
        expect(endsAt).toBeGreaterThan(nowMs);
        expect(startsAt - nowMs).toBeLessThanOrEqual(8 * 1440 * MINUTE_MS);
        expect(window.weekdays).toContain(new Date(startsAt).getUTCDay());
      }),
    );
  });

  it('hold a whole service only when nothing narrower is meant', () => {
    const quiet = (matcher: Silence['matcher']) =>
      quietUntil({ silences: [silence({ matcher })], weekly: [] }, { service: 'a' }, noon);
    expect(quiet({ service: 'a' })).toBe(iso(1));
    expect(quiet({})).toBe(iso(1));
    expect(quiet({ service: 'b' })).toBeNull();
    expect(quiet({ service: 'a', rule: 'disk' })).toBeNull();
    expect(quiet({ severity: 'info' })).toBeNull();
  });

  it('are shown as maintenance when they were planned, running ones first', () => {
    const silences = [
      silence({ id: 'planned-2', startsAt: noon + MINUTE_MS, endsAt: noon + 9 * MINUTE_MS }),
      silence({ id: 'planned-1' }),
      silence({ id: 'other' }),
    ];
    const windows = maintenanceWindows({ silences, weekly: [] }, noon);
    expect(windows.map(({ id, state }) => [id, state])).toEqual([
      ['planned-1', 'active'],
      ['planned-2', 'upcoming'],
    ]);
  });
});

describe('the figure a rule judges', () => {
  const point = (minutes: number, count: number, errors = 0): SeriesPoint => ({
    at: iso(minutes),
    count,
    errors,
    p50: 1,
    p95: 1,
    p99: 1,
    avg: 1,
    max: 1,
  });
  const usage = (minutes: number, errors: Readonly<Record<string, number>>): UsagePoint => ({
    at: iso(minutes),
    errors_by_type: errors,
    tokens: {},
    cost_usd: 0,
    cost_unknown_calls: 0,
  });

  it('is errors over operations of five minutes, parts of other operations left out, bare errors counted', () => {
    const ratios = errorRatios(
      [
        { name: 'reading', points: [point(0, 10, 1), point(4, 10), point(5, 10)] },
        { name: 'ai_call', points: [point(0, 50, 7)] },
      ],
      [usage(0, { TimeoutError: 8, Bare: 1 })],
    );
    expect(ratios).toEqual([
      { at: iso(0), value: 2 / 10 },
      { at: iso(4), value: 2 / 20 },
      { at: iso(5), value: 0 },
    ]);
  });

  it('is that of its parts when a service has nothing else', () => {
    expect(errorRatios([{ name: 'ai_call', points: [point(0, 4, 1)] }], [usage(0, { E: 1 })])).toEqual([
      { at: iso(0), value: 0.25 },
    ]);
  });

  it('is never above one, and nothing where there were no operations', () => {
    expect(
      errorRatios([{ name: 'reading', points: [point(0, 1)] }], [usage(0, { E: 3 }), usage(60, { E: 3 })]),
    ).toEqual([{ at: iso(0), value: 1 }]);
  });

  it('is a state of zero and one, unknown time left out', () => {
    const bucket = (minutes: number, status: 'healthy' | 'degraded' | 'unreachable' | null) => ({
      at: iso(minutes),
      status,
      ratio: null,
    });
    const buckets = [bucket(0, 'healthy'), bucket(1, null), bucket(2, 'degraded'), bucket(3, 'unreachable')];
    expect(stripPoints(buckets, 'up').map(({ value }) => value)).toEqual([1, 1, 0]);
    expect(stripPoints(buckets, 'degraded').map(({ value }) => value)).toEqual([0, 1, 0]);
  });

  it('counts failures since the last success, a lost run as one', () => {
    const run = (minutes: number, status: JobRun['status']): JobRun => ({
      id: 'r',
      job_name: 'j',
      started_at: iso(minutes),
      finished_at: status === 'running' ? null : iso(minutes),
      status,
      duration_seconds: 1,
      error_message: null,
      metadata: {},
    });
    const newestFirst = [run(5, 'running'), run(4, 'failed'), run(3, 'lost'), run(2, 'success'), run(1, 'failed')];
    expect(failuresInARow(newestFirst, iso(2), iso(9))).toEqual([
      { at: iso(2), value: 0 },
      { at: iso(3), value: 1 },
      { at: iso(4), value: 2 },
    ]);
  });
});

describe('usage', () => {
  const point = (minutes: number, errors: Readonly<Record<string, number>>, cost: number): UsagePoint => ({
    at: iso(minutes),
    errors_by_type: errors,
    tokens: { m: cost * 10 },
    cost_usd: cost,
    cost_unknown_calls: 1,
  });

  it('of several services is added up span by span, whatever an error is called', () => {
    const hostile = JSON.parse('{"__proto__":2,"E":1}') as Record<string, number>;
    const points = addUsage([
      { service: 'a', points: [point(1, { E: 1 }, 2), point(0, hostile, 1)] },
      { service: 'b', points: [point(0, hostile, 3)] },
    ]);
    expect(points.map(({ at, cost_usd: cost }) => [at, cost])).toEqual([
      [iso(0), 4],
      [iso(1), 2],
    ]);
    expect(Object.entries(points[0]?.errors_by_type ?? {})).toEqual([
      ['__proto__', 4],
      ['E', 2],
    ]);
    expect(totalOf(points)).toEqual({ errors: 7, tokens: 60, cost_usd: 6, cost_unknown_calls: 3 });
    expect(namesByAmount(points.map((each) => each.errors_by_type))).toEqual(['__proto__', 'E']);
  });
});

describe('reading for many', () => {
  const createReader = (freshMs: number) => {
    const state = { nowMs: 0, changes: 0, isUp: true, loads: 0 };
    const errors: unknown[] = [];
    const readings = createLastGood<{ readonly n: number }>(
      {
        nowMs: () => state.nowMs,
        changes: () => state.changes,
        isDatabaseUp: () => state.isUp,
        onError: (error) => errors.push(error),
      },
      freshMs,
    );
    const read = () =>
      readings.read('key', { n: 0 }, async () => {
        await Promise.resolve();
        state.loads += 1;
        return { n: state.loads };
      });
    return { state, readings, errors, read };
  };

  it('happens once for all who ask at the same time, and again when it is old', async () => {
    const { state, read } = createReader(1000);
    const [first, second] = await Promise.all([read(), read()]);
    expect(first).toBe(second);
    state.nowMs = 999;
    expect(await read()).toBe(first);
    state.nowMs = 1000;
    expect(await read()).toEqual({ n: 2, recorded: true });
  });

  it('happens again after a change, however young it is', async () => {
    const { state, read } = createReader(1000);
    await read();
    state.changes += 1;
    expect((await read()).n).toBe(2);
  });

  it('answers what was last good while the database is away or fails, and says so', async () => {
    const { state, readings, errors, read } = createReader(0);
    await read();
    state.isUp = false;
    expect(await read()).toEqual({ n: 1, recorded: false });
    state.isUp = true;
    expect(await readings.read('key', { n: 0 }, () => Promise.reject(new Error('gone')))).toEqual({
      n: 1,
      recorded: false,
    });
    expect(await readings.read('other', { n: 0 }, () => Promise.reject(new Error('gone')))).toEqual({
      n: 0,
      recorded: false,
    });
    expect(errors).toHaveLength(2);
  });
});

describe('wrong passwords', () => {
  it('are counted by address, and all together, so that one address locks nobody else out', () => {
    const tries = createTries(() => 0);
    for (let turn = 0; turn < 10; turn += 1) tries.countWrong('thief');
    expect(tries.waitSeconds('thief')).toBe(6);
    expect(tries.waitSeconds('ann')).toBe(0);
    for (let turn = 0; turn < 90; turn += 1) tries.countWrong(`thief-${turn}`);
    expect(tries.waitSeconds('ann')).toBe(1);
  });

  it('cost nothing to ask about', () => {
    const limiter = createRateLimiter({ burst: 1, perSecond: 1 }, () => 0);
    expect([limiter.wait('a'), limiter.wait('a'), limiter.take('a'), limiter.wait('a')]).toEqual([0, 0, 0, 1]);
  });
});

describe('a tag of content', () => {
  const etag = etagOf(Buffer.from('content'));

  it.each([
    [etag, true],
    [etag.slice(2), true],
    [`"x", ${etag}`, true],
    ['*', true],
    ['"x"', false],
    ['', false],
  ])('is recognised in If-None-Match: %s', (given, expected) => {
    expect(isUnchanged({ headers: { 'if-none-match': given } }, etag)).toBe(expected);
  });

  it('is that of the content', () => {
    expect(etagOf(Buffer.from('content'))).toBe(etag);
    expect(etagOf(Buffer.from('Content'))).not.toBe(etag);
    expect(isUnchanged({ headers: {} }, etag)).toBe(false);
  });
});
