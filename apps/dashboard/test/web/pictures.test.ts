import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { chartRows, niceScale, tickLabel, timeTicks } from '../../src/web/charts/chart-series.js';
import { sparklinePath } from '../../src/web/sparkline-path.js';
import { describeStrip, stripRuns } from '../../src/web/strip-runs.js';
import { historyReply } from './example-replies.js';

describe('chartRows', () => {
  const rows = chartRows(historyReply());
  it('has a row for every step of the range, and gaps stay gaps', () => {
    expect(rows).toHaveLength(288);
    expect(rows.filter(({ p95 }) => p95 !== null)).toHaveLength(3);
  });

  it('turns counts into rates and errors into per cent', () => {
    expect(rows[288 - 11]).toMatchObject({ perHour: 120, errors: 1, errorPercent: 10 });
  });

  it('rates the running step over the whole minutes it has had', () => {
    const { to, points } = historyReply();
    const at = new Date(Date.parse(to) - 300_000).toISOString();
    const generated = new Date(Date.parse(at) + 130_000).toISOString();
    const running = chartRows(
      historyReply({
        generated_at: generated,
        points: points.slice(0, 1).map((point) => Object.assign(point, { at, count: 2 })),
      }),
    );
    expect(running.at(-1)?.perHour).toBe(60);
  });
});

describe('niceScale', () => {
  it.each([
    [[], 1, 3],
    [[412], 600, 4],
    [[50], 60, 4],
    [[0.3], 0.3, 4],
    [[0.9], 1, 3],
  ])('of %j ends at %d', (values, top, ticks) => {
    const scale = niceScale(values);
    expect(scale.top).toBeCloseTo(top);
    expect(scale.ticks).toHaveLength(ticks);
  });

  it('always holds the data, from zero, with at most six equal steps', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1e9, noNaN: true }), { minLength: 1 }), (values) => {
        const { top, ticks } = niceScale(values);
        return top >= Math.max(...values) * (1 - 1e-9) && ticks[0] === 0 && ticks.length >= 3 && ticks.length <= 6;
      }),
    );
  });
});

describe('time ticks', () => {
  it('are at most six, on round clock times, for every range', () => {
    const toMs = Date.parse('2026-02-08T12:34:56Z');
    for (const hours of [1, 6, 24, 168, 720]) {
      const ticks = timeTicks(toMs - hours * 3_600_000, toMs);
      expect(ticks.length).toBeGreaterThan(2);
      expect(ticks.length).toBeLessThanOrEqual(6);
      expect(ticks.every((tick) => tick % 300_000 === 0)).toBe(true);
    }
  });

  it('are days on long ranges', () => {
    expect(tickLabel(Date.parse('2026-02-08T00:00:00Z'), 7 * 86_400_000, 'UTC')).toBe('8 Feb');
    expect(tickLabel(Date.parse('2026-02-08T14:00:00Z'), 86_400_000, 'UTC')).toBe('14:00');
  });
});

describe('the strip', () => {
  it('draws equal neighbours as one run and loses none', () => {
    expect(stripRuns('hhd-')).toEqual([
      { letter: 'h', start: 0, length: 2 },
      { letter: 'd', start: 2, length: 1 },
      { letter: '-', start: 3, length: 1 },
    ]);
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('h', 'g', 'd', '-') }),
        (strip) =>
          stripRuns(strip)
            .map(({ letter, length }) => letter.repeat(length))
            .join('') === strip,
      ),
    );
  });

  it('is told in words', () => {
    expect(describeStrip(`${'h'.repeat(90)}ggd---`)).toBe(
      'Last 24 hours: down 15 min, degraded 30 min, healthy 22.5 h, no data 45 min',
    );
  });
});

describe('the sparkline', () => {
  it('starts anew after a gap and shows a lone point', () => {
    expect(sparklinePath([1, 2, null, 2], 30, 10)).toBe('M0 5L10 1M30 1h0.01');
  });

  it('is empty without values', () => {
    expect(sparklinePath([null, null], 30, 10)).toBe('');
  });
});
