/** Repeatable chance: the same seed gives the same choices. */
export interface Chance {
  /** A whole number from `minimum` to `maximum`, both included. */
  whole(minimum: number, maximum: number): number;
  one<T>(choices: readonly T[]): T;
  /** True with this probability. */
  often(probability: number): boolean;
}

/** Mulberry32: 32 bits of state, good enough to choose by. */
export function createChance(seed: number): Chance {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const whole: Chance['whole'] = (minimum, maximum) => minimum + Math.floor(next() * (maximum - minimum + 1));
  return {
    whole,
    one: <T>(choices: readonly T[]) => choices[whole(0, choices.length - 1)] as T,
    often: (probability) => next() < probability,
  };
}
