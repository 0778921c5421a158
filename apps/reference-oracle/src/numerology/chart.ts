import type { CalendarDate } from './calendar-date.js';
import { type LetterKind, splitWords, sumLetters } from './letters.js';
import { reduceToDigit, reduceToMaster } from './reduction.js';

/** The numbers of a name; each 1–9, 11, 22 or 33. `soulUrge` or `personality` is 0 when there is no such letter. */
export interface NameNumbers {
  readonly expression: number;
  readonly soulUrge: number;
  readonly personality: number;
}

/** The numbers of a day in a person's nine-year cycle; each 1–9. */
export interface Cycles {
  readonly personalYear: number;
  readonly personalMonth: number;
  readonly personalDay: number;
}

/**
 * Month, day and year are reduced each for itself, added and reduced; 11, 22 and 33 stay at every step.
 * Source, with the examples of the test: https://www.decoz.com/do-your-own-numerology-report.htm
 */
export function lifePath(birth: CalendarDate): number {
  return reduceToMaster(reduceToMaster(birth.month) + reduceToMaster(birth.day) + reduceToMaster(birth.year));
}

/**
 * Each word of the name is added up and reduced for itself, the results are added and reduced; 11, 22 and 33 stay.
 * Source: https://www.worldnumerology.com/numerology-expression/ (all letters: expression; vowels: soul urge, there
 * "heart's desire"; consonants: personality).
 */
export function nameNumbers(name: string): NameNumbers {
  const words = splitWords(name);
  return {
    expression: nameNumber(words, 'all'),
    soulUrge: nameNumber(words, 'vowels'),
    personality: nameNumber(words, 'consonants'),
  };
}

/**
 * Personal year = birth month + birth day + calendar year; personal month = personal year + calendar month; personal
 * day = personal month + calendar day. Master numbers are reduced in these cycles.
 * Source, with the examples of the test: http://numerology.findyourfate.com/online-numerology/personalfirst.asp
 */
export function cycles(birth: CalendarDate, on: CalendarDate): Cycles {
  const personalYear = reduceToDigit(birth.month + birth.day + on.year);
  const personalMonth = reduceToDigit(personalYear + on.month);
  return { personalYear, personalMonth, personalDay: reduceToDigit(personalMonth + on.day) };
}

/**
 * The number of a day for everybody: all digits of its date added; 11, 22 and 33 stay.
 * Source: https://judythsult.com/numerology-basic-how-to/ (universal year and month, continued to the day)
 */
export function universalDay(on: CalendarDate): number {
  return reduceToMaster(reduceToDigit(on.year) + on.month + on.day);
}

function nameNumber(words: readonly string[], kind: LetterKind): number {
  return reduceToMaster(words.reduce((sum, word) => sum + reduceToMaster(sumLetters(word, kind)), 0));
}
