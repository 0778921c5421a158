import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { UsagePoint } from '../../src/contract/usage.js';
import { budgetState } from '../../src/web/budget-state.js';
import {
  labelDeploys,
  niceScale,
  pausedSteps,
  stackKinds,
  steadyScale,
  usageRows,
  worstStep,
} from '../../src/web/charts/chart-series.js';
import { formatLogTime, fromLocalInput, toLocalInput } from '../../src/web/format-time.js';
import { keepEqual } from '../../src/web/keep-equal.js';
import { chosenRange, rangeFor } from '../../src/web/range.js';
import { firesWhen } from '../../src/web/signal-name.js';
import { formatSignal } from '../../src/web/signal-value.js';
import { calm } from './calm.js';
import { minutesAgo, nowMs } from './example-replies.js';

/** As a reply comes: read anew. jsdom has no structuredClone. */
function copyOf<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

describe('keepEqual', () => {
  it('says what the new value says, and gives equal parts their old identity', () => {
    const last = { services: { a: { strip: 'hh', line: [1, null] }, b: { strip: 'h' } }, at: 1 };
    const next = { services: { a: { strip: 'hh', line: [1, null] }, b: { strip: 'd' } }, at: 1 };
    const kept = keepEqual(last, next);
    expect(kept).toEqual(next);
    expect(kept.services.a).toBe(last.services.a);
    expect(kept.services.b).not.toBe(last.services.b);
    expect(keepEqual(last, copyOf(last))).toBe(last);
  });

  it('is the new value for any two values of JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (last, given) => {
        const next = copyOf(given);
        expect(keepEqual(last, next)).toEqual(next);
        expect(keepEqual(next, copyOf(next))).toBe(next);
      }),
    );
  });
});

describe('the range nobody chose', () => {
  it.each([
    ['-'.repeat(96), '24h'],
    [`${'-'.repeat(94)}hh`, '1h'],
    [`${'-'.repeat(80)}h${'-'.repeat(10)}hhhhd`, '6h'],
    ['h'.repeat(96), '24h'],
  ])('of %s is %s', (strip, range) => expect(rangeFor(strip)).toBe(range));

  it('gives way to one that the address names, if there is such a range', () => {
    expect(chosenRange(new Map([['range', '7d']]), '1h')).toBe('7d');
    expect(chosenRange(new Map([['range', '9y']]), '1h')).toBe('1h');
  });
});

describe('a chart’s scale', () => {
  it('stays while the data stay, and moves when they leave it clearly', () => {
    const before = niceScale([80]);
    expect(steadyScale(before, [55])).toBe(before);
    expect(steadyScale(before, [101]).top).toBeGreaterThan(100);
    expect(steadyScale(before, [9]).top).toBeLessThan(20);
    expect(steadyScale(null, [9])).toEqual(niceScale([9]));
  });
});

describe('stacked kinds', () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f', '__proto__'];
  it('are at most five and the rest, under fields of our own', () => {
    expect(stackKinds(['a', 'b'])).toEqual([
      { field: 'k0', label: 'a' },
      { field: 'k1', label: 'b' },
    ]);
    expect(stackKinds(names).at(-1)).toEqual({ field: 'rest', label: '2 others' });
  });

  it('lose no count, are 0 where something else ran, and a gap where nothing did', () => {
    const usage = calm.usage;
    if (usage === undefined) throw new Error('no example');
    const counts = Object.fromEntries(names.map((name, index) => [name, index + 1]));
    const [point] = usage.points;
    const rows = usageRows(
      { ...usage, points: point === undefined ? [] : [{ ...point, errors_by_type: counts }], error_types: names },
      'errors',
      new Set([Date.parse(minutesAgo(20))]),
    );
    const at = (minutes: number) => rows.find(({ atMs }) => atMs === Date.parse(minutesAgo(minutes)));
    const sum = ['k0', 'k1', 'k2', 'k3', 'k4', 'rest'].reduce((total, field) => total + (at(55)?.[field] ?? 0), 0);
    expect(sum).toBe(Object.values(counts).reduce((total, count) => total + count, 0));
    expect(at(20)).toMatchObject({ k0: 0, rest: 0, cost: 0 });
    expect(at(40)).toMatchObject({ k0: null, rest: null, cost: null });
  });
});

describe('a pause between AI calls', () => {
  it('cost nothing while it is short, and is a gap once it is longer than an hour', () => {
    const points = [300, 290, 60, 55].map((minutes) => ({ at: minutesAgo(minutes) }) as UsagePoint);
    const paused = pausedSteps({ points, step_seconds: 300 });
    expect([...paused]).toEqual([Date.parse(minutesAgo(295))]);
  });
});

describe('the step worth a look', () => {
  it('is the one with most failures, else the slowest, else none', () => {
    const row = (atMs: number, errors: number | null, p95: number | null) => ({ atMs, errors, p95 });
    expect(worstStep([row(1, 0, 10), row(2, 4, 1), row(3, 1, 99)])).toEqual({ atMs: 2, why: 'most failures' });
    expect(worstStep([row(1, 0, 10), row(2, 0, 50)])).toEqual({ atMs: 2, why: 'slowest' });
    expect(worstStep([row(1, null, null)])).toBeNull();
  });
});

describe('versions on a chart', () => {
  it('never overlap, and stand left of their line at the right edge', () => {
    const deploy = (id: string, share: number) => ({
      id,
      service: 's',
      version: '1',
      by: 'x',
      at: new Date(share * 1_000_000).toISOString(),
    });
    const sides = labelDeploys(
      [deploy('a', 0.1), deploy('b', 0.15), deploy('c', 0.3), deploy('d', 0.99)],
      0,
      1_000_000,
    );
    expect(sides.map(({ side }) => side)).toEqual(['right', 'none', 'right', 'left']);
  });
});

describe('an error budget', () => {
  const burn = (hour: number, six: number) => [
    { window: '1h' as const, rate: hour },
    { window: '6h' as const, rate: six },
  ];
  it.each([
    [{ left_ratio: null, burn: [] }, 'unknown'],
    [{ left_ratio: 0, burn: [] }, 'spent'],
    [{ left_ratio: 0.99, burn: burn(1000, 0) }, 'burning'],
    [{ left_ratio: 0.5, burn: burn(0, 6) }, 'burning'],
    [{ left_ratio: 0.2, burn: burn(1, 1) }, 'low'],
    [{ left_ratio: 0.9, burn: burn(14.3, 5.9) }, 'fine'],
  ])('as %j is %s', (objective, state) => expect(budgetState(objective)).toBe(state));
});

describe('signals', () => {
  it.each([
    [formatSignal(0.053, 'ratio'), '5.3 %'],
    [formatSignal(10, 'seconds'), '10 s'],
    [formatSignal(14, 'days'), '14 days'],
    [formatSignal(2, 'usd'), '$2.00'],
    [formatSignal(1, 'state'), '1'],
    [formatSignal(1234, 'count'), '1,234'],
    [formatSignal(null, 'count'), '–'],
  ])('are shown in their unit: %s', (shown, expected) => expect(shown).toBe(expected));

  it('are explained by what their rule fires on', () => {
    const rule = {
      name: 'x',
      severity: 'warning',
      clear_threshold: null,
      cooldown_seconds: 300,
      services: [],
    } as const;
    const say = (signal: string, over: string | null, threshold: number, unit: 'ratio' | 'state' | 'count') =>
      firesWhen({ ...rule, signal, over, threshold, unit, comparison: 'above' });
    expect(say('errors', 'operations', 0.05, 'ratio')).toBe('error rate above 5 %');
    expect(say('up', null, 1, 'state')).toBe('it does not answer, or says it is down');
    expect(say('nginx_up', null, 1, 'state')).toBe('nginx_up above 1');
    expect(say('a', 'b', 3, 'count')).toBe('a ÷ b above 3');
  });
});

describe('an input of a time', () => {
  it('means the same instant in either zone', () => {
    const minute = Date.parse('2026-02-08T14:30:00.000Z');
    for (const zone of ['utc', 'local'] as const)
      expect(fromLocalInput(toLocalInput(minute, zone), zone)).toBe('2026-02-08T14:30:00.000Z');
    expect(toLocalInput(minute, 'utc')).toBe('2026-02-08T14:30');
    expect(fromLocalInput('', 'utc')).toBeUndefined();
    expect(fromLocalInput('soon', 'local')).toBeUndefined();
    expect(formatLogTime(new Date(nowMs).toISOString(), 'utc')).toBe('12:00:00');
  });
});
