/** How many requests one address may make: `burst` at once, then `perSecond`. */
export interface RateLimit {
  readonly burst: number;
  readonly perSecond: number;
}

export interface RateLimiter {
  /** Takes one turn; answers 0, or the seconds to wait. */
  take(address: string): number;
  /** The same without taking one. */
  wait(address: string): number;
}

const MOST_ADDRESSES = 10_000;

/** A token bucket per address. Its memory is bounded: beyond 10,000 addresses the least recently seen is forgotten. */
export function createRateLimiter(limit: RateLimit, nowMs: () => number): RateLimiter {
  const buckets = new Map<string, { readonly turns: number; readonly atMs: number }>();
  const turnsOf = (address: string, atMs: number): number => {
    const last = buckets.get(address);
    if (last === undefined) return limit.burst;
    return Math.min(limit.burst, last.turns + (Math.max(0, atMs - last.atMs) / 1000) * limit.perSecond);
  };
  const secondsFor = (turns: number): number => (turns >= 1 ? 0 : Math.ceil((1 - turns) / limit.perSecond));
  return {
    wait: (address) => secondsFor(turnsOf(address, nowMs())),
    take(address) {
      const atMs = nowMs();
      const turns = turnsOf(address, atMs);
      buckets.delete(address);
      buckets.set(address, { turns: turns >= 1 ? turns - 1 : turns, atMs });
      if (buckets.size > MOST_ADDRESSES) buckets.delete(buckets.keys().next().value ?? '');
      return secondsFor(turns);
    },
  };
}
