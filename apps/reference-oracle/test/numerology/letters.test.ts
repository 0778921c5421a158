import { describe, expect, it } from '@jest/globals';
import { isVowel, letterValue, splitWords, sumLetters } from '../../src/numerology/letters.js';

describe('letters', () => {
  it('gives A–Z the Pythagorean values 1–9 in turn', () => {
    const row = Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZ', letterValue).join('');
    expect(row).toBe('12345678912345678912345678');
  });

  it('spells names in A–Z: accents dropped, ligatures spelled out, hyphens as word ends', () => {
    expect(splitWords('Jürgen Sørensen-Łukasz')).toEqual(['JURGEN', 'SORENSEN', 'LUKASZ']);
    expect(splitWords('Ægir Strauß')).toEqual(['AEGIR', 'STRAUSS']);
    expect(splitWords("  O'Neill\t3rd ")).toEqual(['ONEILL', 'RD']);
    expect(splitWords('Çağla Yıldız')).toEqual(['CAGLA', 'YILDIZ']);
  });

  it('finds no word in a text without Latin letters', () => {
    expect(splitWords('山田 太郎 123 !?')).toEqual([]);
    expect(splitWords('')).toEqual([]);
  });

  // The examples of tokenrock.com and decoz.com, which letters.ts cites.
  it.each([
    'YVONNE',
    'CINDY',
    'ELLY',
    'MARY',
    'LYNN',
    'CONNOLLY',
    'CATHERYN',
    'NANCY',
    'BRYAN',
    'WYATT',
    'BETTY',
    'ELY',
  ])('takes the Y of %s as a vowel', (name) => {
    expect(isVowel(name, name.indexOf('Y'))).toBe(true);
  });

  it.each(['MULROONEY', 'BAREY', 'TROY', 'YEMEN', 'YANTZ', 'MAYA', 'MALONEY', 'MURRAY', 'YOLANDA', 'YODA'])(
    'takes the Y of %s as a consonant',
    (name) => {
      expect(isVowel(name, name.indexOf('Y'))).toBe(false);
    },
  );

  it('splits the sum of a word into its vowels and its consonants', () => {
    for (const word of ['KATELYN', 'OLIVER', 'YVETTE', 'BCD', 'AEIOU']) {
      expect(sumLetters(word, 'vowels') + sumLetters(word, 'consonants')).toBe(sumLetters(word, 'all'));
    }
  });
});
