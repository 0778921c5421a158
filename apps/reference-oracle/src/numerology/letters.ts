/** Letters that Unicode does not decompose into A–Z and a mark. */
const SPELLED_OUT: ReadonlyMap<string, string> = new Map([
  ['ß', 'SS'],
  ['Æ', 'AE'],
  ['Œ', 'OE'],
  ['Ø', 'O'],
  ['Ł', 'L'],
  ['Đ', 'D'],
  ['Ð', 'D'],
  ['Þ', 'TH'],
  ['ẞ', 'SS'],
]);

const VOWELS = new Set(['A', 'E', 'I', 'O', 'U']);

/** Which letters of a name count: all, the vowels, or the consonants. */
export type LetterKind = 'all' | 'vowels' | 'consonants';

/**
 * The words of a text in the letters A–Z: accents are dropped (É → E), ligatures spelled out (Æ → AE), words end at
 * spaces and hyphens, apostrophes and everything else is left out. Empty when the text has no Latin letter.
 */
export function splitWords(text: string): readonly string[] {
  return text
    .toUpperCase()
    .split(/[\s\-‐-―]+/u)
    .map((word) =>
      Array.from(word, (letter) => SPELLED_OUT.get(letter) ?? letter)
        .join('')
        .normalize('NFD')
        .replaceAll(/[^A-Z]/g, ''),
    )
    .filter((word) => word !== '');
}

/**
 * The Pythagorean value of a letter: A–I are 1–9, J–R are 1–9, S–Z are 1–8.
 * Source: https://www.worldnumerology.com/numerology-expression/
 */
export function letterValue(letter: string): number {
  return ((letter.charCodeAt(0) - 65) % 9) + 1;
}

/** Sum of the values of those letters of one word (A–Z only) that are of the kind asked for. */
export function sumLetters(word: string, kind: LetterKind): number {
  let sum = 0;
  for (let at = 0; at < word.length; at += 1) {
    if (kind === 'all' || isVowel(word, at) === (kind === 'vowels')) sum += letterValue(word.charAt(at));
  }
  return sum;
}

/**
 * A E I O U are vowels; Y is one unless it stands beside a vowel of its own syllable: after a vowel (Maya, Troy,
 * Maloney) or at the start before one (Yemen). After a consonant it is the vowel of its syllable (Mary, Lynn, Bryan,
 * Wyatt). Syllables are not looked up, so a Y that opens an inner syllable after a consonant (Bunyan) counts as a vowel.
 * Source: http://www.tokenrock.com/numerology/hearts_desire_number.php and
 * https://www.decoz.com/do-your-ow-numerology-hearts-desire-number.htm
 */
export function isVowel(word: string, at: number): boolean {
  if (word.charAt(at) !== 'Y') return VOWELS.has(word.charAt(at));
  if (at === 0) return !VOWELS.has(word.charAt(1));
  return !VOWELS.has(word.charAt(at - 1));
}
