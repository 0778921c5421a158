import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { PatternSample } from '../../src/patterns/patterns.js';
import { digitalRoot, suggestRange } from '../../src/patterns/range.js';

const samplesOf = (numbers: readonly number[]): readonly PatternSample[] =>
  numbers.map((number, at) => ({ number, atMs: at }));
const space = { start: 0n, end: 8099n };

describe('range', () => {
  it('knows the digital root of any size of number', () => {
    expect(digitalRoot(0n)).toBe(0);
    expect(digitalRoot(9n)).toBe(9);
    expect(digitalRoot(2n ** 256n - 1n)).toBe(Number((2n ** 256n - 2n) % 9n) + 1);
    const digits = Array.from((10n ** 30n + 8n).toString()).reduce((sum, digit) => sum + Number(digit), 0);
    expect(digitalRoot(10n ** 30n + 8n)).toBe(digits);
  });

  it('takes the part of the space whose digits came most often, and begins on the commonest digit', () => {
    const suggestion = suggestRange({ space, width: 10n, samples: samplesOf([4, 4, 4, 22, 7]), taken: [] });
    // The fourth ninth of the fourth ninth begins at (3 · 9 + 3) · 100 = 3000, digital root 3; the next with root 4 is 3001.
    expect(suggestion).toMatchObject({ cell: [4, 4], start: 3001n, end: 3010n, basedOn: 5 });
    expect(suggestion.confidenceRatio).toBeGreaterThan(0);
  });

  it('keeps clear of what it suggested before', () => {
    const samples = samplesOf([4, 4, 4, 7]);
    const first = suggestRange({ space, width: 10n, samples, taken: [] });
    const second = suggestRange({ space, width: 10n, samples, taken: [first] });
    expect(second.cell).toEqual([4, 7]);
  });

  it('starts over when the whole space was suggested', () => {
    expect(suggestRange({ space, width: 10n, samples: samplesOf([4]), taken: [space] }).cell).toEqual([4, 4]);
  });

  it('has no confidence without readings, and more with more of them', () => {
    const confidenceOf = (count: number) =>
      suggestRange({ space, width: 1n, samples: samplesOf(Array.from({ length: count }, () => 5)), taken: [] })
        .confidenceRatio;
    expect(confidenceOf(0)).toBe(0);
    expect(confidenceOf(100)).toBeGreaterThan(confidenceOf(5));
    expect(confidenceOf(10_000)).toBeLessThanOrEqual(1);
  });

  it('stays within any space, has the width asked for, and is the same twice', () => {
    const numbers = fc.array(fc.constantFrom(1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 22, 33), { maxLength: 60 });
    const big = fc.bigInt({ min: 0n, max: 2n ** 256n - 1n });
    fc.assert(
      fc.property(big, big, fc.bigInt({ min: 1n, max: 10_000n }), numbers, (a, b, wished, digits) => {
        const question = {
          space: a < b ? { start: a, end: b } : { start: b, end: a },
          samples: samplesOf(digits),
          taken: [],
        };
        const size = question.space.end - question.space.start + 1n;
        const width = wished > size ? size : wished;
        const { start, end, confidenceRatio } = suggestRange({ ...question, width });
        expect(start >= question.space.start && end <= question.space.end).toBe(true);
        expect(end - start + 1n).toBe(width);
        expect(confidenceRatio >= 0 && confidenceRatio <= 1).toBe(true);
        expect(suggestRange({ ...question, width }).start).toBe(start);
      }),
    );
  });

  it('stays within a space smaller than the number of its parts', () => {
    for (let size = 1n; size < 90n; size += 1n) {
      const { start, end } = suggestRange({
        space: { start: 5n, end: 4n + size },
        width: 1n,
        samples: samplesOf([9]),
        taken: [],
      });
      expect(start >= 5n && end <= 4n + size).toBe(true);
    }
  });
});
