/** Seconds of a duration in milliseconds; not a number for what is none, even if JavaScript would make one of it. */
export function secondsOf(durationMs: unknown): number {
  return typeof durationMs === 'number' ? durationMs / 1000 : Number.NaN;
}
