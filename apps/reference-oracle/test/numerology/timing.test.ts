import { describe, expect, it } from '@jest/globals';
import { meaningOf } from '../../src/numerology/meaning.js';
import { questionSign } from '../../src/numerology/question.js';
import { CHART_NUMBERS } from '../../src/numerology/reduction.js';
import { accord, alignDay, bestDays } from '../../src/numerology/timing.js';

const birth = { year: 1936, month: 10, day: 12 };

describe('timing', () => {
  it('finds the concords 1-5-7, 2-4-8 and 3-6-9 and counts master numbers as their digit', () => {
    expect(accord(5, 5)).toBe(1);
    expect(accord(1, 7)).toBe(0.75);
    expect(accord(22, 8)).toBe(0.75);
    expect(accord(11, 2)).toBe(1);
    expect(accord(1, 2)).toBe(0.35);
  });

  it('is the same in both directions', () => {
    for (const a of CHART_NUMBERS) for (const b of CHART_NUMBERS) expect(accord(a, b)).toBe(accord(b, a));
  });

  it('weighs the personal day of life path 5 with 60 % and the universal day with 40 %', () => {
    // 2026-02-08: personal year 10+12+2026 → 5, month 7, day 15 → 6; universal day 1+2+8 = 11.
    expect(alignDay(birth, { year: 2026, month: 2, day: 8 })).toEqual({
      on: { year: 2026, month: 2, day: 8 },
      personalDay: 6,
      universalDay: 11,
      alignmentRatio: 0.35,
    });
  });

  it('ranks the days ahead, best first, the earlier one first among equals', () => {
    const best = bestDays(birth, { year: 2026, month: 2, day: 8 }, 60);
    expect(best).toHaveLength(5);
    const ratios = best.map((day) => day.alignmentRatio);
    expect(ratios).toEqual([...ratios].sort((left, right) => right - left));
    const all = bestDays(birth, { year: 2026, month: 2, day: 8 }, 60, 60);
    expect(all).toHaveLength(60);
    expect(all[0]).toEqual(best[0]);
  });

  it('never offers more days than were asked for', () => {
    expect(bestDays(birth, { year: 2026, month: 2, day: 8 }, 2)).toHaveLength(2);
  });
});

describe('question', () => {
  // "Go" 7 + 6 = 13; universal day of 2023-02-08 is 7 + 2 + 8 = 17 → 8; 13 + 8 = 21 → 3, odd.
  it('adds the letters and the day, and says go for odd', () => {
    expect(questionSign('Go', { year: 2023, month: 2, day: 8 })).toEqual({ number: 3, sign: 'go' });
  });

  it('says hold for even', () => {
    expect(questionSign('Gob', { year: 2023, month: 2, day: 9 })).toEqual({ number: 6, sign: 'hold' });
  });

  it('says wait for a master number', () => {
    // "C" 3 + universal day 8 = 11
    expect(questionSign('C?', { year: 2023, month: 2, day: 8 })).toEqual({ number: 11, sign: 'wait' });
  });
});

describe('meaning', () => {
  it('has words of its own for every chart number', () => {
    const words = CHART_NUMBERS.map((number) => meaningOf(number).word);
    expect(new Set(words).size).toBe(CHART_NUMBERS.length);
  });

  it('is silent for a name without such letters', () => {
    expect(meaningOf(0).word).toBe('silence');
  });
});
