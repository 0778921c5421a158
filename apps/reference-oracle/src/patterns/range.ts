import { reduceToDigit } from '../numerology/reduction.js';
import { countDigits, type PatternSample } from './patterns.js';

/** Whole numbers from `start` to `end`, both included. */
export interface NumberRange {
  readonly start: bigint;
  readonly end: bigint;
}

/** Where to look, within which range, and how wide. */
export interface RangeQuestion {
  readonly space: NumberRange;
  /** Numbers in the suggested range, 1 … the size of the space. */
  readonly width: bigint;
  readonly samples: readonly PatternSample[];
  /** Ranges suggested before; a cell of the space that one of them touches is taken last. */
  readonly taken: readonly NumberRange[];
}

/** A range, how it was found, and how far it is more than chance. */
export interface RangeSuggestion extends NumberRange {
  /** Digit of the ninth of the space, and of the ninth within that ninth. */
  readonly cell: readonly [number, number];
  /** 0–1: how much the cell's digits stand out, times how much evidence there is; 0 without samples. */
  readonly confidenceRatio: number;
  readonly basedOn: number;
}

const NINE = 9n;
const CELLS = 81n;
/** One imagined reading per digit (Laplace), so that a digit that never came is unlikely and not impossible. */
const PRIOR = 1;
/** Samples at which evidence counts half: five expected per digit. */
const HALF_EVIDENCE = 45;

/**
 * Cuts the space into 9 × 9 equal cells, weighs each by how often its two digits came in the stored readings, takes the
 * heaviest that is not yet suggested (the lowest among equals), and places the range in it so that its first number's
 * digital root is the most frequent digit. Pure: the same readings give the same range.
 */
export function suggestRange({ space, width, samples, taken }: RangeQuestion): RangeSuggestion {
  const shares = digitShares(samples);
  const cells = Array.from({ length: Number(CELLS) }, (_, index) => {
    const major = Math.floor(index / 9);
    const minor = index % 9;
    return {
      index,
      weight: (shares[major] ?? 0) * (shares[minor] ?? 0),
      isTaken: isTaken(space, BigInt(index), taken),
    };
  });
  const [best] = cells.sort(
    (a, b) => Number(a.isTaken) - Number(b.isTaken) || b.weight - a.weight || a.index - b.index,
  );
  const index = best?.index ?? 0;
  const start = place(space, cellStart(space, BigInt(index)), width, dominantDigit(shares));
  return {
    start,
    end: start + width - 1n,
    cell: [Math.floor(index / 9) + 1, (index % 9) + 1],
    confidenceRatio: confidence((best?.weight ?? 0) * Number(CELLS), samples.length),
    basedOn: samples.length,
  };
}

/** 1 + (n − 1) mod 9 for n ≥ 1; 0 for 0. The same as adding decimal digits until one is left. */
export function digitalRoot(value: bigint): number {
  return value === 0n ? 0 : Number(((value - 1n) % NINE) + 1n);
}

function digitShares(samples: readonly PatternSample[]): readonly number[] {
  const counts = countDigits(samples.map((sample) => reduceToDigit(sample.number)));
  return counts.map((count) => (count + PRIOR) / (samples.length + 9 * PRIOR));
}

function dominantDigit(shares: readonly number[]): number {
  return shares.indexOf(Math.max(...shares)) + 1;
}

function cellStart(space: NumberRange, index: bigint): bigint {
  return space.start + ((space.end - space.start + 1n) * index) / CELLS;
}

function isTaken(space: NumberRange, index: bigint, taken: readonly NumberRange[]): boolean {
  const from = cellStart(space, index);
  const next = cellStart(space, index + 1n);
  // A space of fewer than 81 numbers has empty cells: there is nothing to suggest in them.
  return from === next || taken.some((range) => range.start < next && range.end >= from);
}

/** The first number from `from` on with that digital root, moved down when the range would leave the space. */
function place(space: NumberRange, from: bigint, width: bigint, digit: number): bigint {
  const last = space.end - width + 1n;
  for (let step = 0n; step < NINE; step += 1n) {
    const candidate = from + step;
    if (candidate <= last && digitalRoot(candidate) === digit) return candidate;
  }
  return from <= last ? from : last;
}

/** How far the cell's weight exceeds the equal share (1), squashed to 0–1, times the weight of the evidence. */
function confidence(weightOverEqualShare: number, samples: number): number {
  if (samples === 0) return 0;
  const standsOut = Math.max(0, 1 - 1 / weightOverEqualShare);
  return Math.round(standsOut * (samples / (samples + HALF_EVIDENCE)) * 1000) / 1000;
}
