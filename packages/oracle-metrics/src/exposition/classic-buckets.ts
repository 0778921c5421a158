import { BUCKETS_PER_OCTAVE, bucketUpperBound } from '../sketch/bucket-index.js';
import type { ExponentialSketch } from '../sketch/sketch.js';

/** Bounds at half powers of two are also bounds of the sketch, so the counts below them are exact. */
const STEP = BUCKETS_PER_OCTAVE / 2;

/** 2^-10 (about 1 ms) … 2^7 (128 s). */
const LOWEST = -10 * BUCKETS_PER_OCTAVE;
const HIGHEST = 7 * BUCKETS_PER_OCTAVE;

/** The `le` bounds of every classic histogram here, in seconds: half powers of two from a millisecond to two minutes. */
export const classicBounds: readonly number[] = Array.from({ length: (HIGHEST - LOWEST) / STEP + 1 }, (_, at) =>
  bucketUpperBound(LOWEST + at * STEP),
);

/** How many values lie at or below each of {@link classicBounds}. */
export function cumulativeCounts(sketch: ExponentialSketch): readonly number[] {
  const { counts, firstIndex } = sketch;
  let seen = sketch.zeros;
  let at = 0;
  return classicBounds.map((_, bound) => {
    const end = Math.min(LOWEST + bound * STEP - firstIndex + 1, counts.length);
    for (; at < end; at++) seen += counts[at] as number;
    return seen;
  });
}
