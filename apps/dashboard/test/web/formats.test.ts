import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  formatAvailability,
  formatBytes,
  formatCount,
  formatMs,
  formatPercent,
  formatPerHour,
  formatUsd,
  UNKNOWN,
} from '../../src/web/format-number.js';
import { formatAgo, formatClock, formatDuration, formatExact, formatMoment } from '../../src/web/format-time.js';

const all = [formatMs, formatPerHour, formatPercent, formatAvailability, formatCount, formatUsd, formatBytes];

describe('numbers', () => {
  it.each([
    [formatMs(0), '0 ms'],
    [formatMs(4.24), '4.2 ms'],
    [formatMs(412), '412 ms'],
    [formatMs(999.6), '1 s'],
    [formatMs(1240), '1.24 s'],
    [formatMs(59_960), '1 min'],
    [formatMs(150_000), '2.5 min'],
    [formatPerHour(38), '38/h'],
    [formatPerHour(0), '0/h'],
    [formatPerHour(1.25), '1.3/h'],
    [formatPerHour(14_400), '14,400/h'],
    [formatPercent(0), '0 %'],
    [formatPercent(0.04), '< 0.1 %'],
    [formatPercent(0.42), '0.4 %'],
    [formatPercent(12.4), '12 %'],
    [formatAvailability(0.99999), '99.99 %'],
    [formatAvailability(1), '100 %'],
    [formatCount(1_200_000), '1.2 M'],
    [formatCount(2_500_000_000), '2.5 G'],
    [formatUsd(0.0123), '$0.0123'],
    [formatUsd(0), '$0'],
    [formatUsd(1234.5), '$1,234.50'],
    [formatBytes(812), '812 B'],
    [formatBytes(9_100_000), '9.1 MB'],
  ])('%s is written as a person reads it', (written, expected) => {
    expect(written).toBe(expected);
  });

  it('are never NaN, Infinity or a false zero: what is not known is a dash', () => {
    for (const format of all) {
      expect([format(null), format(Number.NaN), format(Number.POSITIVE_INFINITY)]).toEqual([UNKNOWN, UNKNOWN, UNKNOWN]);
    }
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e12, noNaN: true }), (value) =>
        all.every((format) => !/NaN|Infinity|undefined|e\+/.test(format(value))),
      ),
    );
  });

  it('an availability is never rounded up to a hundred', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 0.999999999, noNaN: true }),
        (ratio) => formatAvailability(ratio) !== '100 %',
      ),
    );
  });
});

describe('times', () => {
  const nowMs = Date.parse('2026-02-08T12:00:00Z');
  it.each([
    [0, '0 s'],
    [-5, '0 s'],
    [59_999, '59 s'],
    [180_000, '3 min'],
    [7_500_000, '2 h 5 min'],
    [7_200_000, '2 h'],
    [6.9 * 3_600_000, '6 h'],
    [90_000_000, '1 day'],
    [400_000_000, '4 days'],
  ])('%i ms last %s', (ms, expected) => {
    expect(formatDuration(ms)).toBe(expected);
  });

  it('are told from now on, and a clock that runs ahead is now', () => {
    expect(formatAgo('2026-02-08T11:57:00Z', nowMs)).toBe('3 min ago');
    expect(formatAgo('2026-02-08T12:00:09Z', nowMs)).toBe('now');
  });

  it('carry the day when it was not today', () => {
    expect(formatClock('2026-02-08T09:05:00Z', nowMs, 'utc')).toBe('09:05');
    expect(formatClock('2026-02-07T09:05:00Z', nowMs, 'utc')).toBe('7 Feb 09:05');
    expect(formatMoment('2026-02-08T09:05:07Z', nowMs, 'utc')).toBe('09:05:07');
    expect(formatMoment('2026-02-07T09:05:07Z', nowMs, 'utc')).toBe('7 Feb 09:05:07');
  });

  it('are exact on hover, by both clocks', () => {
    expect(formatExact('2026-02-08T09:05:07.123Z')).toContain('2026-02-08 09:05:07 UTC');
  });
});
