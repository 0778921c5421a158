import { CHART_NUMBERS, reduceToDigit } from '../numerology/reduction.js';

/** What the analysis needs of one stored insight. */
export interface PatternSample {
  /** The insight's chart number: 1–9, 11, 22 or 33. */
  readonly number: number;
  /** Milliseconds since 1970. */
  readonly atMs: number;
}

/** How often one number came. */
export interface NumberCount {
  readonly number: number;
  readonly count: number;
}

/** `insufficient` below 45 samples (five expected per digit), else whether chance explains the digits at 5 %. */
export type Evidence = 'insufficient' | 'chance' | 'pattern';

/** What a set of insights shows. */
export interface PatternReport {
  readonly samples: number;
  /** Numbers that came at all, the most frequent first, the smaller first among equals. */
  readonly counts: readonly NumberCount[];
  /** The digit (masters reduced) that came most often; null without samples. */
  readonly dominantDigit: number | null;
  /** Pearson's χ² of the nine digits against equal shares; null without samples. */
  readonly chiSquared: number | null;
  /** Probability of a χ² at least that large by chance, 0–1; null without samples. */
  readonly pValue: number | null;
  readonly evidence: Evidence;
  /** Shannon entropy of the digits over its maximum log 9: 1 = all alike, 0 = always the same; null without samples. */
  readonly entropyRatio: number | null;
  /** The longest run of one digit in order of time. */
  readonly longestStreak: number;
  /** Shares of the digits in the newer half minus those in the older half: the digit that gained most; null below 2 samples. */
  readonly risingDigit: number | null;
}

const DIGITS = [1, 2, 3, 4, 5, 6, 7, 8, 9] as const;
/** Five expected per cell: Cochran's rule for the χ² approximation. */
const ENOUGH_SAMPLES = 5 * DIGITS.length;
const SIGNIFICANCE = 0.05;

/** Looks for patterns in insights of any order; pure. */
export function analyzePatterns(samples: readonly PatternSample[]): PatternReport {
  const ordered = [...samples].sort((left, right) => left.atMs - right.atMs);
  const digits = ordered.map((sample) => reduceToDigit(sample.number));
  const shares = countDigits(digits);
  const chiSquared = digits.length === 0 ? null : pearson(shares, digits.length);
  const pValue = chiSquared === null ? null : survivalOfChiSquared8(chiSquared);
  return {
    samples: digits.length,
    counts: countNumbers(ordered),
    dominantDigit: digits.length === 0 ? null : heaviest(shares),
    chiSquared,
    pValue,
    evidence: judge(digits.length, pValue),
    entropyRatio: digits.length === 0 ? null : entropyRatio(shares, digits.length),
    longestStreak: longestStreak(digits),
    risingDigit: risingDigit(digits),
  };
}

/** Counts of the digits 1–9, at indices 0–8. */
export function countDigits(digits: readonly number[]): readonly number[] {
  return DIGITS.map((digit) => digits.filter((candidate) => candidate === digit).length);
}

function countNumbers(samples: readonly PatternSample[]): readonly NumberCount[] {
  return CHART_NUMBERS.map((number) => ({ number, count: samples.filter((sample) => sample.number === number).length }))
    .filter((entry) => entry.count > 0)
    .sort((left, right) => right.count - left.count);
}

function pearson(counts: readonly number[], total: number): number {
  const expected = total / DIGITS.length;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

/**
 * P(X ≥ x) for χ² with 8 degrees of freedom: for an even number 2k it is e^(−x/2) · Σ (x/2)^i / i!, i < k, exactly.
 * Source: Abramowitz & Stegun 26.4.21
 */
export function survivalOfChiSquared8(x: number): number {
  const half = x / 2;
  return Math.exp(-half) * (1 + half + half ** 2 / 2 + half ** 3 / 6);
}

function judge(samples: number, pValue: number | null): Evidence {
  if (pValue === null || samples < ENOUGH_SAMPLES) return 'insufficient';
  return pValue < SIGNIFICANCE ? 'pattern' : 'chance';
}

function entropyRatio(counts: readonly number[], total: number): number {
  const entropy = counts
    .filter((count) => count > 0)
    .reduce((sum, count) => sum - (count / total) * Math.log(count / total), 0);
  return entropy / Math.log(DIGITS.length);
}

function longestStreak(digits: readonly number[]): number {
  let longest = 0;
  let current = 0;
  digits.forEach((digit, at) => {
    current = digit === digits[at - 1] ? current + 1 : 1;
    longest = Math.max(longest, current);
  });
  return longest;
}

function risingDigit(digits: readonly number[]): number | null {
  if (digits.length < 2) return null;
  const middle = Math.floor(digits.length / 2);
  const older = countDigits(digits.slice(0, middle));
  const newer = countDigits(digits.slice(middle));
  const gains = DIGITS.map((_, at) => (newer[at] ?? 0) / (digits.length - middle) - (older[at] ?? 0) / middle);
  return Math.max(...gains) > 0 ? heaviest(gains) : null;
}

function heaviest(weights: readonly number[]): number {
  return weights.indexOf(Math.max(...weights)) + 1;
}
