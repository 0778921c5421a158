/** First wait after a failed attempt; doubles up to the longest. */
const FIRST_MS = 1000;
/** A channel that works again is used within 30 s (ALERTING 1): 15 s and one attempt. */
const LONGEST_MS = 15_000;
/** A channel that refused is asked again rarely. */
const FIRST_PENALTY_MS = 60_000;
/** The longest of these waits: 1 h. */
export const LONGEST_PENALTY_MS = 3_600_000;

/**
 * Ms until the next attempt: exponential with jitter.
 * @param attempts attempts so far, from 1
 * @param random 0 ≤ x < 1
 */
export function backoffMs(attempts: number, random: number): number {
  const full = Math.min(FIRST_MS * 2 ** Math.max(0, attempts - 1), LONGEST_MS);
  return full * (0.7 + 0.3 * random);
}

/** Ms until a channel that refused for good is asked again. */
export function penaltyMs(refusals: number): number {
  return Math.min(FIRST_PENALTY_MS * 2 ** Math.max(0, refusals - 1), LONGEST_PENALTY_MS);
}
