import { describe, expect, it } from '@jest/globals';
import { isMaster, reduceToDigit, reduceToMaster, sumDigits } from '../../src/numerology/reduction.js';

describe('reduction', () => {
  it('adds the digits of a number', () => {
    expect(sumDigits(1936)).toBe(19);
    expect(sumDigits(0)).toBe(0);
  });

  it.each([
    [247, 4],
    [29, 11],
    [1975, 22],
    [33, 33],
    [44, 8],
    [10, 1],
    [9, 9],
    [0, 0],
  ])('reduces %i to %i and stops at a master number', (value, expected) => {
    expect(reduceToMaster(value)).toBe(expected);
  });

  it('reduces to the digital root, 1 + (n − 1) mod 9, for every number', () => {
    for (let value = 1; value <= 5000; value += 1) expect(reduceToDigit(value)).toBe(1 + ((value - 1) % 9));
  });

  it('keeps the digital root of whatever it reduces', () => {
    for (let value = 1; value <= 5000; value += 1) {
      const reduced = reduceToMaster(value);
      expect(reduced <= 9 || isMaster(reduced)).toBe(true);
      expect(reduceToDigit(reduced)).toBe(reduceToDigit(value));
    }
  });
});
