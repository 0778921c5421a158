import { describe, expect, it } from '@jest/globals';
import { ageMsOf, type Freshness, notedFreshness } from '../src/freshness.js';

const START = Date.UTC(2026, 1, 8, 14, 30);

/** Scrapes every five seconds; returns for each whether it was stale. */
function scrapes(timestamps: readonly number[]): readonly boolean[] {
  let freshness: Freshness | undefined;
  return timestamps.map((timestamp, index) => {
    freshness = notedFreshness(freshness, new Date(timestamp).toISOString(), index * 5000);
    return ageMsOf(freshness, index * 5000, START + index * 5000) > 30_000;
  });
}

describe('the freshness of metrics', () => {
  it('is good while the target’s timestamp moves', () => {
    expect(scrapes(Array.from({ length: 20 }, (_, index) => START + index * 5000))).not.toContain(true);
  });

  it('ends when the timestamp has stood still for more than thirty seconds', () => {
    const stale = scrapes([START, START + 5000, ...Array.from({ length: 8 }, () => START + 5000)]);
    expect(stale.indexOf(true)).toBe(8);
  });

  it('is good for a target whose clock is an hour wrong, from the second scrape on', () => {
    const stale = scrapes(Array.from({ length: 5 }, (_, index) => START - 3_600_000 + index * 5000));
    expect(stale).toEqual([true, false, false, false, false]);
  });

  it('is bad from the first scrape on when an alerter starts beside a target that froze long ago', () => {
    expect(scrapes(Array.from({ length: 10 }, () => START - 120_000))).not.toContain(false);
  });

  it('is bad when a fresh report is followed by an old one', () => {
    expect(scrapes([START, START + 5000, START - 600_000, START - 600_000])).toEqual([false, false, true, true]);
  });

  it('is bad for a timestamp that is none', () => {
    expect(ageMsOf({ timestamp: 'yesterday', changedAtMs: null }, 0, START)).toBe(Number.POSITIVE_INFINITY);
  });
});
