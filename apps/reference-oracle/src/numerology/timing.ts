import { addDays, type CalendarDate } from './calendar-date.js';
import { cycles, lifePath, universalDay } from './chart.js';
import { reduceToDigit } from './reduction.js';

/** How well one day suits a person, and why. */
export interface DayAlignment {
  readonly on: CalendarDate;
  readonly personalDay: number;
  readonly universalDay: number;
  /** 0 (against) … 1 (in tune) */
  readonly alignmentRatio: number;
}

/**
 * Numbers of one group are in accord: 1-5-7 (mind), 2-4-8 (matter), 3-6-9 (heart). The "concords" of Pythagorean
 * numerology; the weights below are this Oracle's own.
 */
const CONCORDS = [
  [1, 5, 7],
  [2, 4, 8],
  [3, 6, 9],
] as const;

const SAME = 1;
const ACCORD = 0.75;
const NEUTRAL = 0.35;
const PERSONAL_DAY_WEIGHT = 0.6;

/** 1 for the same digit, 0.75 within a concord, else 0.35; master numbers count as their digit. */
export function accord(left: number, right: number): number {
  const [a, b] = [reduceToDigit(left), reduceToDigit(right)];
  if (a === b) return SAME;
  return CONCORDS.some((group) => group.some((n) => n === a) && group.some((n) => n === b)) ? ACCORD : NEUTRAL;
}

/** One day against the life path: 60 % the personal day, 40 % the universal day. */
export function alignDay(birth: CalendarDate, on: CalendarDate): DayAlignment {
  const path = lifePath(birth);
  const { personalDay } = cycles(birth, on);
  const universal = universalDay(on);
  const ratio = PERSONAL_DAY_WEIGHT * accord(path, personalDay) + (1 - PERSONAL_DAY_WEIGHT) * accord(path, universal);
  return { on, personalDay, universalDay: universal, alignmentRatio: Math.round(ratio * 1000) / 1000 };
}

/** The best days of the `days` beginning with `from`, best first, the earlier one first among equals; at most `limit`. */
export function bestDays(birth: CalendarDate, from: CalendarDate, days: number, limit = 5): readonly DayAlignment[] {
  return Array.from({ length: days }, (_, offset) => alignDay(birth, addDays(from, offset)))
    .sort((left, right) => right.alignmentRatio - left.alignmentRatio)
    .slice(0, limit);
}
