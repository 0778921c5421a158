import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { planSeries, tiers } from '../../src/history/tiers.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const now = Date.UTC(2026, 1, 8, 14, 30);

function plan(agoMs: number, points: number): [string | undefined, number] {
  const { tier, spanMs } = planSeries({ fromMs: now - agoMs, toMs: now, points }, now);
  return [tiers[tier]?.name, spanMs / MINUTE];
}

describe('planSeries', () => {
  it.each<[string, number, number, [string, number]]>([
    ['an hour', HOUR, 60, ['minutes', 1]],
    ['a day', DAY, 1440, ['minutes', 1]],
    ['a day at five minutes', DAY, 288, ['five_minutes', 5]],
    ['a day in few points', DAY, 144, ['ten_minutes', 10]],
    ['a week', 7 * DAY, 1008, ['ten_minutes', 10]],
    ['a month', 30 * DAY, 720, ['hours', 60]],
    ['a year', 365 * DAY, 365, ['hours', 1440]],
    ['ten years in one point', 3654 * DAY, 1, ['hours', 522 * 10_080]],
  ])('reads %s from rows that are still kept, in spans people know', (_name, ago, points, plannedAs) => {
    expect(plan(ago, points)).toEqual(plannedAs);
  });

  it('never gives more points than asked for, give or take the one that is cut at each end', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 * 1440 }), fc.integer({ min: 1, max: 2000 }), (minutes, points) => {
        const planned = planSeries({ fromMs: now - minutes * MINUTE, toMs: now, points }, now);
        expect((planned.toMs - planned.fromMs) / planned.spanMs).toBeLessThanOrEqual(points + 1);
        expect(planned.spanMs % (tiers[planned.tier]?.grainMs ?? 0)).toBe(0);
      }),
    );
  });
});
