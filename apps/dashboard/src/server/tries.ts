import { createRateLimiter } from './rate-limit.js';

/** Passwords are what is guessed at. An address has ten tries, then one every six seconds. */
const OWN = { burst: 10, perSecond: 1 / 6 };
/** All together, because a thief may have many addresses; enough that one of them alone locks nobody out. */
const TOGETHER = { burst: 100, perSecond: 1 };
const EVERYBODY = 'all';

/** Counts wrong passwords and tokens; right ones cost nothing. */
export interface Tries {
  /** Seconds until another try from there is looked at; 0 when it is now. */
  waitSeconds(address: string): number;
  countWrong(address: string): void;
}

export function createTries(nowMs: () => number): Tries {
  const own = createRateLimiter(OWN, nowMs);
  const together = createRateLimiter(TOGETHER, nowMs);
  return {
    waitSeconds: (address) => Math.max(own.wait(address), together.wait(EVERYBODY)),
    countWrong(address) {
      own.take(address);
      together.take(EVERYBODY);
    },
  };
}
