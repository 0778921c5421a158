import type { CalendarDate } from './calendar-date.js';
import { universalDay } from './chart.js';
import { splitWords, sumLetters } from './letters.js';
import { isMaster, reduceToMaster } from './reduction.js';

/** `wait` for a master number; else `go` for odd (active) and `hold` for even (receptive) numbers. */
export type Sign = 'go' | 'hold' | 'wait';

/** The answer to a question asked on a day. */
export interface QuestionSign {
  readonly number: number;
  readonly sign: Sign;
}

/**
 * The letters of the question (all words together) and the universal day of asking, added and reduced; 11, 22, 33 stay.
 * Odd is active and even receptive, the oldest pair of Pythagoras' table of opposites (Aristotle, Metaphysics 986a);
 * the waiting of the master numbers is this Oracle's own.
 */
export function questionSign(question: string, on: CalendarDate): QuestionSign {
  const letters = splitWords(question).reduce((sum, word) => sum + sumLetters(word, 'all'), 0);
  const number = reduceToMaster(letters + universalDay(on));
  return { number, sign: signOf(number) };
}

function signOf(number: number): Sign {
  if (isMaster(number)) return 'wait';
  return number % 2 === 1 ? 'go' : 'hold';
}
