import { DDSketch } from '@datadog/sketches-js';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bucketIndex, bucketUpperBound } from '../../src/sketch/bucket-index.js';

/** (γ − 1) ÷ (γ + 1) with γ = 2^(1/32): with it DDSketch has the same buckets. */
const RELATIVE_ACCURACY = 0.010830001253373618;

describe('the buckets', () => {
  it('are those of DDSketch at the same accuracy, for any value that is not on a bound', () => {
    const { mapping } = new DDSketch({ relativeAccuracy: RELATIVE_ACCURACY });
    fc.assert(
      fc.property(fc.double({ min: 1e-9, max: 1e12, noNaN: true }), (value) => {
        const index = bucketIndex(value);
        // The logarithm of a value within a few units of its last place of a bound may fall on either side.
        const nearBound = [index - 1, index].some((bound) => Math.abs(value / bucketUpperBound(bound) - 1) < 1e-12);
        fc.pre(!nearBound);
        expect(mapping.key(value)).toBe(index);
      }),
      { numRuns: 3000 },
    );
  });
});
