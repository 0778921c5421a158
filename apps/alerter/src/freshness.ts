/** What is remembered of a target's metrics to tell a frozen report from a target whose clock is wrong. */
export interface Freshness {
  /** The target's own word for when it made the report. */
  readonly timestamp: string;
  /** Monotonic clock of the alerter when that word last moved forward; null until it did. */
  readonly changedAtMs: number | null;
}

/** Takes note of a report's timestamp. Pure. */
export function notedFreshness(before: Freshness | undefined, timestamp: string, monotonicMs: number): Freshness {
  if (before?.timestamp === timestamp) return before;
  // Only forward is a sign of life: an older instant than before is either an old report or a clock put back.
  const isForward = before !== undefined && Date.parse(timestamp) > Date.parse(before.timestamp);
  return { timestamp, changedAtMs: isForward ? monotonicMs : null };
}

/**
 * For how long a report's timestamp has not moved, in ms. Before it was ever seen to move, its age by the wall clock
 * counts, so that an alerter that starts beside a frozen target does not believe the old figures.
 */
export function ageMsOf(freshness: Freshness, monotonicMs: number, wallMs: number): number {
  const ageMs =
    freshness.changedAtMs === null ? wallMs - Date.parse(freshness.timestamp) : monotonicMs - freshness.changedAtMs;
  return Number.isNaN(ageMs) ? Number.POSITIVE_INFINITY : Math.abs(ageMs);
}
