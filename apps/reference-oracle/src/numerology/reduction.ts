/**
 * Numbers that stay two-digit in a birth-date or name number.
 * Source: https://numerologia.io/learn/master-numbers and https://www.decoz.com/do-your-own-numerology-report.htm
 */
export const MASTER_NUMBERS = [11, 22, 33] as const;

/** What a number of a chart can be: 1–9 or a master number. */
export const CHART_NUMBERS = [1, 2, 3, 4, 5, 6, 7, 8, 9, ...MASTER_NUMBERS] as const;

/** Sum of the decimal digits of a whole number ≥ 0. */
export function sumDigits(value: number): number {
  let sum = 0;
  for (let rest = value; rest > 0; rest = Math.floor(rest / 10)) sum += rest % 10;
  return sum;
}

/** Whether a number is 11, 22 or 33. */
export function isMaster(value: number): boolean {
  return MASTER_NUMBERS.some((master) => master === value);
}

/** Adds digits until one is left, or a master number shows; 0 stays 0 (a name without vowels has no soul urge). */
export function reduceToMaster(value: number): number {
  let reduced = value;
  while (reduced > 9 && !isMaster(reduced)) reduced = sumDigits(reduced);
  return reduced;
}

/** Adds digits until one is left, master numbers too: the digital root, 1 + (n − 1) mod 9. */
export function reduceToDigit(value: number): number {
  let reduced = value;
  while (reduced > 9) reduced = sumDigits(reduced);
  return reduced;
}
