import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BUCKETS_PER_OCTAVE, bucketIndex, bucketMiddle, bucketUpperBound } from '../../src/sketch/bucket-index.js';
import { createSketch, decodeSketch, type Sketch } from '../../src/sketch/sketch.js';
import { adversarial, bimodal, exactQuantile, lognormal, pareto, seededRandom, uniform } from '../distributions.js';

function sketchOf(values: readonly number[]): Sketch {
  const sketch = createSketch();
  for (const value of values) sketch.record(value);
  return sketch;
}

const durations = fc.array(
  fc.oneof(
    fc.double({ min: 0, max: 1e6, noNaN: true }),
    fc.double({ min: 0, max: 1e-6, noNaN: true }),
    fc.integer({ min: 0, max: 10 }),
    fc.constantFrom(0, 1, 2, 0.5, 1024, Number.MIN_VALUE),
  ),
  { maxLength: 200 },
);

describe('bucketIndex', () => {
  it('puts a power of two into the bucket that ends with it', () => {
    for (let exponent = -40; exponent <= 40; exponent++) {
      expect(bucketIndex(2 ** exponent)).toBe(exponent * BUCKETS_PER_OCTAVE);
    }
  });

  it('keeps every value above the bucket’s lower and not above its upper bound', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-300, max: 1e280, noNaN: true }), (value) => {
        const index = bucketIndex(value);
        expect(value).toBeLessThanOrEqual(bucketUpperBound(index));
        expect(value).toBeGreaterThan(bucketUpperBound(index - 1));
      }),
      { numRuns: 2000 },
    );
  });

  it('changes bucket exactly after each bound', () => {
    const bits = new Float64Array(1);
    const integer = new BigInt64Array(bits.buffer);
    for (let index = -100; index < 100; index++) {
      bits[0] = bucketUpperBound(index);
      expect(bucketIndex(bits[0])).toBe(index);
      integer[0] = (integer[0] as bigint) + 1n;
      expect(bucketIndex(bits[0])).toBe(index + 1);
    }
  });

  it('answers with a middle at most 1.0831 % from both ends', () => {
    for (let index = -64; index < 64; index++) {
      const middle = bucketMiddle(index);
      expect(Math.abs(middle / bucketUpperBound(index) - 1)).toBeLessThan(0.010831);
      expect(Math.abs(middle / bucketUpperBound(index - 1) - 1)).toBeLessThan(0.010831);
    }
  });
});

describe('createSketch', () => {
  it('answers null for every statistic while it is empty', () => {
    const sketch = createSketch();
    expect([sketch.quantile(0.5), sketch.min, sketch.max, sketch.count, sketch.sum]).toEqual([null, null, null, 0, 0]);
  });

  it('answers 600 for the median and the mean of 500, 600 and 700', () => {
    const sketch = sketchOf([500, 600, 700]);
    expect(sketch.quantile(0.5)).toBe(600);
    expect(sketch.sum / sketch.count).toBe(600);
    expect(sketch.quantile(0.99)).toBe(700);
  });

  it('answers exactly for up to three values', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 10_000_000 }), { minLength: 1, maxLength: 3 }), (values) => {
        const sketch = sketchOf(values.map((value) => value / 1000));
        for (const q of [0, 0.5, 0.95, 1]) expect(sketch.quantile(q)).toBe(exactQuantile(values, q) / 1000);
      }),
    );
  });

  it('does not record what is negative, not a number or infinite, and counts it as rejected', () => {
    const sketch = sketchOf([-1, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e300, 5]);
    expect([sketch.count, sketch.rejected, sketch.max]).toEqual([1, 5, 5]);
  });

  it('takes what is no number for rejected, and never throws for it', () => {
    const sketch = createSketch();
    const hostile: unknown[] = [5n, '7', null, undefined, {}, [], Symbol('x'), { valueOf: () => 3 }, true];
    for (const value of hostile) sketch.record(value as number);
    expect([sketch.count, sketch.rejected, sketch.sum, sketch.max]).toEqual([0, hostile.length, 0, null]);
  });

  it('judges the values at the ends of the scale alike, whatever it holds already', () => {
    const above = 2 ** -1022 * (1 + Number.EPSILON);
    for (const filled of [[], [above, 2 ** 960], [2 ** 959, 1e-300]]) {
      const sketch = sketchOf(filled);
      for (const zero of [0, -0, Number.MIN_VALUE, 2 ** -1022 * 0.999, 2 ** -1022]) sketch.record(zero);
      for (const tooLarge of [2 ** 960 * (1 + Number.EPSILON), 2 ** 961, Number.MAX_VALUE]) sketch.record(tooLarge);
      expect([sketch.zeroCount, sketch.rejected, sketch.count]).toEqual([5, 3, filled.length + 5]);
      sketch.record(above);
      sketch.record(2 ** 960);
      expect(sketch.count).toBe(filled.length + 7);
      expect(decodeSketch(sketch.encode()).encode()).toEqual(sketch.encode());
    }
  });

  it('keeps zeros apart from small values', () => {
    const sketch = sketchOf([0, 0, 0, 0, 1e-12]);
    expect([sketch.quantile(0.5), sketch.max, sketch.zeroCount, sketch.count]).toEqual([0, 1e-12, 4, 5]);
  });

  it('refuses a quantile outside 0 … 1 and says how to write p95', () => {
    expect(() => createSketch().quantile(95)).toThrow(/between 0 and 1, got 95; write 0\.95/);
    expect(() => createSketch().quantile(Number.NaN)).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
  });

  const random = seededRandom(20_260_208);
  it.each([
    ['uniform', uniform(random, 20_000)],
    ['lognormal', lognormal(random, 20_000)],
    ['bimodal', bimodal(random, 20_000)],
    ['Pareto', pareto(random, 20_000)],
    ['adversarial', adversarial(20_000)],
  ])('answers p50, p95, p99 and p99.9 of %s data within 1.1 %% of the exact answer', (_name, values) => {
    const sketch = sketchOf(values);
    for (const q of [0.5, 0.95, 0.99, 0.999]) {
      const exact = exactQuantile(values, q);
      expect(Math.abs((sketch.quantile(q) as number) - exact) / exact).toBeLessThanOrEqual(0.011);
    }
  });

  it('answers every quantile of any data within 1.1 % of the exact answer', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 1e-9, max: 1e9, noNaN: true }), { minLength: 1 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (values, q) => {
          const exact = exactQuantile(values, q);
          expect(Math.abs((sketchOf(values).quantile(q) as number) - exact)).toBeLessThanOrEqual(exact * 0.011);
        },
      ),
    );
  });
});

describe('merge', () => {
  it('is commutative, byte for byte', () => {
    fc.assert(
      fc.property(durations, durations, (a, b) => {
        expect(sketchOf(a).merge(sketchOf(b)).encode()).toEqual(sketchOf(b).merge(sketchOf(a)).encode());
      }),
    );
  });

  it('is associative, byte for byte', () => {
    fc.assert(
      fc.property(durations, durations, durations, (a, b, c) => {
        const left = sketchOf(a).merge(sketchOf(b)).merge(sketchOf(c));
        const right = sketchOf(a).merge(sketchOf(b).merge(sketchOf(c)));
        expect(left.encode()).toEqual(right.encode());
      }),
    );
  });

  it('of any split equals one sketch over all data, byte for byte', () => {
    fc.assert(
      fc.property(fc.array(durations, { maxLength: 10 }), (shards) => {
        const merged = shards.reduce((all, shard) => all.merge(sketchOf(shard)), createSketch());
        expect(merged.encode()).toEqual(sketchOf(shards.flat()).encode());
      }),
    );
  });

  it('of sixty shards equals one sketch, bucket for bucket', () => {
    const values = lognormal(seededRandom(60), 60_000);
    const merged = createSketch();
    for (let shard = 0; shard < 60; shard++) merged.merge(sketchOf(values.filter((_, at) => at % 60 === shard)));
    expect(merged.buckets()).toEqual(sketchOf(values).buckets());
  });

  it('accepts a sketch of the other module format, of which only the bytes are known', () => {
    const foreign = { ...sketchOf([1, 2]), encode: () => sketchOf([1, 2]).encode() } as unknown as Sketch;
    expect(sketchOf([3]).merge(foreign).encode()).toEqual(sketchOf([1, 2, 3]).encode());
  });
});

describe('encode', () => {
  it('loses nothing', () => {
    fc.assert(
      fc.property(durations, (values) => {
        const sketch = sketchOf(values);
        const decoded = decodeSketch(sketch.encode());
        expect(decoded.buckets()).toEqual(sketch.buckets());
        expect([decoded.count, decoded.sum, decoded.min, decoded.max, decoded.zeroCount]).toEqual([
          sketch.count,
          sketch.sum,
          sketch.min,
          sketch.max,
          sketch.zeroCount,
        ]);
        expect(decoded.encode()).toEqual(sketch.encode());
      }),
    );
  });

  it('keeps counts above 32 bits', () => {
    let sketch = sketchOf([7]);
    for (let doubling = 0; doubling < 50; doubling++) sketch = sketch.merge(decodeSketch(sketch.encode()));
    expect(decodeSketch(sketch.encode()).count).toBe(2 ** 50);
  });

  it('needs less than 350 bytes for 300 lognormal durations', () => {
    expect(sketchOf(lognormal(seededRandom(1), 300)).encode().length).toBeLessThan(350);
  });
});

describe('decodeSketch', () => {
  const whole = sketchOf([0, 1, 2, 1000]).encode();

  it.each([
    ['nothing', new Uint8Array()],
    ['another format', Uint8Array.of(0x25, 0, 0)],
    ['an endless number', new Uint8Array(40).fill(0xff).fill(0x15, 0, 1)],
    ['a trailing empty bucket', Uint8Array.of(...whole, 0, 3)],
    ['totals without a value', Uint8Array.of(0x15, 0, 0, ...new Uint8Array(24))],
    ['zeros without totals', Uint8Array.of(0x15, 3, 0)],
    ['a bucket outside the scale', Uint8Array.of(0x15, 0, 0, ...new Uint8Array(24), 0xff, 0xff, 0xff, 0x7f, 1)],
    ['a sum that is not a number', Uint8Array.of(0x15, 1, 0, ...new Uint8Array(24).fill(0xff))],
  ])('refuses %s with MALFORMED_SKETCH', (_name, bytes) => {
    expect(() => decodeSketch(bytes)).toThrow(expect.objectContaining({ code: 'MALFORMED_SKETCH' }));
  });

  it.each([[null], [undefined], ['FQAA'], [7], [[0x15]], [{}], [new ArrayBuffer(8)]])(
    'refuses %j, which is no bytes, with MALFORMED_SKETCH',
    (value) => {
      expect(() => decodeSketch(value as Uint8Array)).toThrow(expect.objectContaining({ code: 'MALFORMED_SKETCH' }));
    },
  );

  it('answers only possible quantiles for a sketch some of whose bytes were changed, and writes what it can read', () => {
    const bytes = sketchOf(lognormal(seededRandom(5), 300)).encode();
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { maxLength: 4 }), (changes) => {
        const damaged = Uint8Array.from(bytes);
        for (const [at, byte] of changes) damaged[at] = byte;
        let decoded: Sketch;
        try {
          decoded = decodeSketch(damaged);
        } catch (error) {
          expect(error).toMatchObject({ code: 'MALFORMED_SKETCH' });
          return;
        }
        for (const q of [0, 0.5, 0.99, 1]) expect(decoded.quantile(q)).toBeGreaterThanOrEqual(0);
        expect(decodeSketch(decoded.encode()).encode()).toEqual(decoded.encode());
      }),
      { numRuns: 1000 },
    );
  });

  it('refuses or understands any bytes, and never fails otherwise or hangs', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        try {
          decodeSketch(Uint8Array.of(0x15, ...bytes));
        } catch (error) {
          expect(error).toMatchObject({ code: 'MALFORMED_SKETCH' });
        }
      }),
      { numRuns: 500 },
    );
  });
});
