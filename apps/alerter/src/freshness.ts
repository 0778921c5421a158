/** Metrics that stood still for longer say nothing any more (ALERTING 6). */
export const STALE_AFTER_MS = 30_000;

/** What is remembered of a target's metrics to tell a frozen report from a target whose clock is wrong. */
export interface Freshness {
  /** The target's own word for when it made the report. */
  readonly timestamp: string;
  /** Monotonic clock of the alerter when that word last changed; null until it was seen to change once. */
  readonly changedAtMs: number | null;
}

/** Takes note of a report's timestamp. Pure. */
export function notedFreshness(before: Freshness | undefined, timestamp: string, monotonicMs: number): Freshness {
  if (before === undefined) return { timestamp, changedAtMs: null };
  return before.timestamp === timestamp ? before : { timestamp, changedAtMs: monotonicMs };
}

/**
 * Whether a report is stale: its timestamp has not moved for 30 s. Before it was ever seen to move, its age by the wall
 * clock decides, so that an alerter that starts beside a frozen target does not believe the old figures.
 */
export function isStale(freshness: Freshness, monotonicMs: number, wallMs: number): boolean {
  const ageMs =
    freshness.changedAtMs === null ? wallMs - Date.parse(freshness.timestamp) : monotonicMs - freshness.changedAtMs;
  return !(Math.abs(ageMs) <= STALE_AFTER_MS);
}
