import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createSketch, type Sketch, toExponentialHistogram, toNativeHistogram } from '../../src/index.js';

function sketchOf(values: readonly number[]): Sketch {
  const sketch = createSketch();
  for (const value of values) sketch.record(value);
  return sketch;
}

const anyValues = fc.array(fc.oneof(fc.constant(0), fc.double({ min: 1e-9, max: 1e6, noNaN: true })), {
  maxLength: 60,
});

describe('toNativeHistogram', () => {
  it('loses no bucket: its spans and deltas spell the sketch', () => {
    fc.assert(
      fc.property(anyValues, (values) => {
        const sketch = sketchOf(values);
        const native = toNativeHistogram(sketch);
        const buckets: { index: number; count: number }[] = [];
        let index = 0;
        let count = 0;
        let delta = 0;
        for (const span of native.positiveSpans) {
          index += span.offset;
          for (let at = 0; at < span.length; at++) {
            count += native.positiveDeltas[delta++] ?? Number.NaN;
            buckets.push({ index: index++, count });
          }
        }
        expect(buckets).toEqual(sketch.buckets());
        expect([native.schema, native.zeroCount, native.count, native.sum]).toEqual([
          5,
          sketch.zeroCount,
          sketch.count,
          sketch.sum,
        ]);
      }),
    );
  });
});

describe('toExponentialHistogram', () => {
  it('has the bucket (2^(i/32), 2^((i+1)/32)] at i = offset + place', () => {
    const point = toExponentialHistogram(sketchOf([1, 1.01, 0.5, 0]));
    // 1 = 2^0 ends bucket -1; 1.01 lies in bucket 0; 0.5 = 2^(-32/32) ends bucket -33.
    expect(point.positive.offset).toBe(-33);
    expect(point.positive.bucketCounts).toHaveLength(34);
    expect([point.positive.bucketCounts[0], point.positive.bucketCounts[32], point.positive.bucketCounts[33]]).toEqual([
      1, 1, 1,
    ]);
    expect(point).toMatchObject({ scale: 5, zeroCount: 1, count: 4, min: 0, max: 1.01 });
  });

  it('loses no value', () => {
    fc.assert(
      fc.property(anyValues, (values) => {
        const { positive, zeroCount, count } = toExponentialHistogram(sketchOf(values));
        expect(positive.bucketCounts.reduce((sum, bucket) => sum + bucket, zeroCount)).toBe(count);
      }),
    );
  });

  it('of an empty sketch is empty', () => {
    expect(toExponentialHistogram(createSketch())).toMatchObject({ count: 0, sum: 0, positive: { bucketCounts: [] } });
    expect(toExponentialHistogram(createSketch())).not.toHaveProperty('min');
  });
});
