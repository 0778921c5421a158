const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

type TierName = 'minutes' | 'five_minutes' | 'ten_minutes' | 'hours';

/** One resolution in which history is kept. */
export interface Tier {
  readonly name: TierName | `usage_${TierName}`;
  readonly grainMs: number;
  readonly keptMs: number;
  /** What one partition spans. */
  readonly partition: 'day' | 'month';
}

/**
 * Finest first; each is whole spans of the one before. 48 h of minutes cover a 24-hour chart of any time zone, 400 days of
 * hours a year and its comparison. Five minutes are what a 24-hour chart shows: its 1,440 minutes lie in as many pages.
 */
export const tiers: readonly [Tier, ...Tier[]] = [
  { name: 'minutes', grainMs: MINUTE_MS, keptMs: 2 * DAY_MS, partition: 'day' },
  { name: 'five_minutes', grainMs: 5 * MINUTE_MS, keptMs: 2 * DAY_MS, partition: 'day' },
  { name: 'ten_minutes', grainMs: 10 * MINUTE_MS, keptMs: 14 * DAY_MS, partition: 'day' },
  { name: 'hours', grainMs: HOUR_MS, keptMs: 400 * DAY_MS, partition: 'month' },
];

/** The same for what is counted beside the timings. */
export const usageTiers: readonly Tier[] = tiers.map((tier) => ({ ...tier, name: `usage_${tier.name as TierName}` }));

/** Minutes may arrive this late (a service keeps two hours of them), so roll-ups of that time are made again. */
export const LATE_MS = 3 * HOUR_MS;

/** Most minutes have arrived after so long; younger ones are read as they are, not out of a roll-up that would miss the rest. */
const SETTLED_MS = 10 * MINUTE_MS;

/** Up to where a tier is rolled up at an instant: whole spans whose minutes have arrived. */
export function rolledUntil({ grainMs }: Tier, nowMs: number): number {
  return Math.floor((nowMs - SETTLED_MS) / grainMs) * grainMs;
}

/** A minute further ahead than this comes from a clock that is wrong. */
export const AHEAD_MS = HOUR_MS;

/** Spans that a point of a chart may have. */
const spansMs: readonly number[] = [1, 2, 5, 10, 20, 30, 60, 120, 180, 360, 720, 1440, 2880, 10_080].map(
  (minutes) => minutes * MINUTE_MS,
);

/** How a chart is read. */
export interface SeriesPlan {
  /** Index in {@link tiers} of the coarsest rows that do. */
  readonly tier: number;
  readonly spanMs: number;
  readonly fromMs: number;
  readonly toMs: number;
}

/** Whether a minute is still kept and not from the future. */
export function isInTime(atMs: number, nowMs: number): boolean {
  return atMs >= nowMs - tiers[0].keptMs && atMs <= nowMs + AHEAD_MS;
}

/** The finest span that gives at most `points` points, made of rows that are still kept. */
export function planSeries(range: { fromMs: number; toMs: number; points: number }, nowMs: number): SeriesPlan {
  const { fromMs, toMs, points } = range;
  const kept = tiers.findIndex((tier) => fromMs >= nowMs - tier.keptMs);
  const oldest = kept === -1 ? tiers.length - 1 : kept;
  const finestMs = Math.max((toMs - fromMs) / points, (tiers[oldest] as Tier).grainMs);
  const longestMs = spansMs.at(-1) as number;
  const spanMs = spansMs.find((span) => span >= finestMs) ?? Math.ceil(finestMs / longestMs) * longestMs;
  const tier = tiers.findLastIndex(({ grainMs }) => spanMs % grainMs === 0);
  return { tier, spanMs, fromMs: Math.floor(fromMs / spanMs) * spanMs, toMs };
}
