import { describe, expect, it } from '@jest/globals';
import {
  addDays,
  compareDates,
  formatCalendarDate,
  fromInstant,
  parseCalendarDate,
} from '../../src/numerology/calendar-date.js';

describe('calendar date', () => {
  it.each(['1965-04-23', '2024-02-29', '0001-01-01', '0099-12-31', '9999-12-31'])('reads and writes %s', (text) => {
    const date = parseCalendarDate(text);
    expect(date).not.toBeNull();
    expect(date && formatCalendarDate(date)).toBe(text);
  });

  it.each([
    '2023-02-29',
    '2023-13-01',
    '2023-00-10',
    '2023-04-31',
    '0000-01-01',
    '23-1-1',
    '2023/01/01',
    '2023-01-01T00:00',
    '',
  ])('refuses %j, which is no day or no date', (text) => {
    expect(parseCalendarDate(text)).toBeNull();
  });

  it('counts days over the ends of months and leap years', () => {
    expect(addDays({ year: 2024, month: 2, day: 28 }, 2)).toEqual({ year: 2024, month: 3, day: 1 });
    expect(addDays({ year: 2026, month: 1, day: 1 }, -1)).toEqual({ year: 2025, month: 12, day: 31 });
  });

  it('takes the UTC day of an instant and orders days', () => {
    expect(fromInstant(Date.UTC(2026, 1, 8, 23, 59, 59))).toEqual({ year: 2026, month: 2, day: 8 });
    expect(compareDates({ year: 2026, month: 2, day: 8 }, { year: 2026, month: 2, day: 9 })).toBeLessThan(0);
  });
});
