import { describe, expect, it } from '@jest/globals';
import { analyzePatterns, type PatternSample, survivalOfChiSquared8 } from '../../src/patterns/patterns.js';

const samplesOf = (numbers: readonly number[]): readonly PatternSample[] =>
  numbers.map((number, at) => ({ number, atMs: at * 1000 }));

describe('patterns', () => {
  it('says nothing about nothing', () => {
    expect(analyzePatterns([])).toEqual({
      samples: 0,
      counts: [],
      dominantDigit: null,
      chiSquared: null,
      pValue: null,
      evidence: 'insufficient',
      entropyRatio: null,
      longestStreak: 0,
      risingDigit: null,
    });
  });

  it('finds equal shares to be chance, with full entropy', () => {
    const report = analyzePatterns(samplesOf(Array.from({ length: 90 }, (_, at) => (at % 9) + 1)));
    expect(report).toMatchObject({ samples: 90, chiSquared: 0, pValue: 1, evidence: 'chance', longestStreak: 1 });
    expect(report.entropyRatio).toBeCloseTo(1, 12);
  });

  it('finds one digit over and over to be a pattern without entropy', () => {
    const report = analyzePatterns(samplesOf(Array.from({ length: 50 }, () => 7)));
    expect(report).toMatchObject({
      dominantDigit: 7,
      evidence: 'pattern',
      longestStreak: 50,
      entropyRatio: 0,
      risingDigit: null,
    });
    // 50 in one cell of 9: (50 − 50/9)² / (50/9) + 8 · 50/9 = 400
    expect(report.chiSquared).toBeCloseTo(400, 9);
  });

  it('dares no judgement below five expected per digit', () => {
    expect(analyzePatterns(samplesOf(Array.from({ length: 44 }, () => 7))).evidence).toBe('insufficient');
  });

  it('tells master numbers apart and counts them as their digit', () => {
    const report = analyzePatterns(samplesOf([11, 2, 2, 33]));
    expect(report.counts).toEqual([
      { number: 2, count: 2 },
      { number: 11, count: 1 },
      { number: 33, count: 1 },
    ]);
    expect(report).toMatchObject({ dominantDigit: 2, longestStreak: 3 });
  });

  it('goes by time and not by the order it is given', () => {
    const shuffled = [
      { number: 3, atMs: 4 },
      { number: 1, atMs: 1 },
      { number: 3, atMs: 3 },
      { number: 1, atMs: 2 },
    ];
    expect(analyzePatterns(shuffled)).toMatchObject({ longestStreak: 2, risingDigit: 3 });
  });

  // Critical values of χ² with 8 degrees of freedom: Abramowitz & Stegun, table 26.8
  it.each([
    [15.5073, 0.05],
    [20.0902, 0.01],
    [26.1245, 0.001],
    [2.73264, 0.95],
  ])('knows that χ² ≥ %f has probability %f', (chiSquared, probability) => {
    expect(survivalOfChiSquared8(chiSquared)).toBeCloseTo(probability, 5);
  });
});
