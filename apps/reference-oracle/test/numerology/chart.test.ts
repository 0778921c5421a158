import { describe, expect, it } from '@jest/globals';
import { parseCalendarDate } from '../../src/numerology/calendar-date.js';
import { cycles, lifePath, nameNumbers, universalDay } from '../../src/numerology/chart.js';

const day = (text: string) => parseCalendarDate(text) ?? { year: 0, month: 0, day: 0 };

describe('chart', () => {
  it.each([
    ['1936-10-12', 5, 'decoz.com: 1 + 3 + 1'],
    ['1992-11-22', 9, 'decoz.com: 11 + 22 + 3 = 36'],
    ['1989-03-30', 6, 'astrovera.com: 3 + 3 + 9 = 15'],
    ['1981-10-03', 5, 'astrovera.com: 1 + 3 + 1'],
    ['1990-03-15', 1, 'divinitycode.net: 3 + 6 + 1 = 10'],
    ['1983-11-29', 7, 'divinitycode.net: 11 + 11 + 3 = 25'],
  ])('life path of %s is %i (%s)', (birth, expected) => {
    expect(lifePath(day(birth))).toBe(expected);
  });

  it.each([
    ['1960-02-29', 11, '2 + 11 + 7 = 20 would be 2; the digits at once give 11'],
    ['1961-08-04', 11, 'Barack Obama: 8 + 4 + 8 = 20, the digits at once give 11'],
  ])(
    'keeps to reducing month, day and year each for itself, where %s differs from adding all digits',
    (birth, byDigits) => {
      expect(lifePath(day(birth))).toBe(2);
      expect(lifePath(day(birth))).not.toBe(byDigits);
    },
  );

  it.each([
    ['1970-01-02', 11],
    ['1970-03-11', 22],
    ['1984-02-09', 33],
  ])('keeps the master life path of %s: %i', (birth, expected) => {
    expect(lifePath(day(birth))).toBe(expected);
  });

  it('reads Taylor Swift as personality 8 (shahjee.org: 21 → 3, 14 → 5)', () => {
    expect(nameNumbers('Taylor Swift').personality).toBe(8);
  });

  it('reduces each word for itself and keeps master numbers (Thomas 22 + John 2 + Hancock 1 = 25)', () => {
    expect(nameNumbers('Thomas John Hancock')).toEqual({ expression: 7, soulUrge: 2, personality: 5 });
  });

  it('gives a name without vowels no soul urge', () => {
    expect(nameNumbers('Ng')).toEqual({ expression: 3, soulUrge: 0, personality: 3 });
  });

  it('does not care for case, accents or apostrophes', () => {
    expect(nameNumbers("béla O'NEILL")).toEqual(nameNumbers('BELA ONEILL'));
  });

  it('reads the cycles of 15 May in 1992 and July 17 as findyourfate.com does: 5, 3, 2', () => {
    expect(cycles(day('1970-05-15'), day('1992-07-17'))).toEqual({ personalYear: 5, personalMonth: 3, personalDay: 2 });
  });

  it('reads the cycles of 23 April on 7 October 2020 as inspiredcreatively.com does: 4, 5, 3', () => {
    expect(cycles(day('1965-04-23'), day('2020-10-07'))).toEqual({ personalYear: 4, personalMonth: 5, personalDay: 3 });
  });

  it('reads the universal day of 8 February 2023 from the universal year 7', () => {
    expect(universalDay(day('2023-02-08'))).toBe(8);
  });
});
