import type { Figures, Incident } from '../contract/status.js';
import type { Recorded } from './recorded.js';
import type { SeriesSource } from './series-source.js';

/** What changes slowly about a service: read again after half a minute, not with every look. */
export interface Trend {
  readonly strip: string;
  readonly sparkline: readonly (number | null)[];
  readonly lastIncident: Incident | null;
}

export const STRIP_TICKS = 96;
const STRIP_MINUTES = 15;
const SPARK_POINTS = 30;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const INCIDENTS_MS = 30 * DAY_MS;
const TREND_FRESH_MS = 20_000;
const NEVER = Number.NEGATIVE_INFINITY;

export const noTrend: Trend = {
  strip: '-'.repeat(STRIP_TICKS),
  sparkline: Array.from({ length: SPARK_POINTS }, () => null),
  lastIncident: null,
};

/** Which operation's response times stand for a service in one number. */
export function mainOperation(operations: Readonly<Record<string, { readonly count: number }>>): string {
  if ((operations['reading']?.count ?? 0) > 0) return 'reading';
  const [first] = Object.entries(operations).sort(([, a], [, b]) => b.count - a.count);
  return first === undefined || first[1].count === 0 ? 'reading' : first[0];
}

/** A service, and the operation whose response times stand for it. */
export interface Trending {
  readonly name: string;
  readonly operation: string;
}

/** A trend and when it was read; `null` when something happened since that must show in it. */
export interface KnownTrend {
  readonly trend: Trend;
  readonly atMs: number | null;
}

/**
 * Whose trend is to be read in this turn: all that are unknown or not to be trusted, and of the old ones so few that they take
 * turns within half a minute. Pure.
 */
export function dueTrends(
  services: readonly Trending[],
  known: ReadonlyMap<string, KnownTrend>,
  { nowMs, turnMs }: { readonly nowMs: number; readonly turnMs: number },
): readonly Trending[] {
  const readAt = ({ name }: Trending): number => known.get(name)?.atMs ?? NEVER;
  const atOnce = Math.ceil((services.length * turnMs) / TREND_FRESH_MS);
  const oldestFirst = [...services].sort((a, b) => readAt(a) - readAt(b));
  return oldestFirst.filter((service, place) => {
    const atMs = readAt(service);
    return atMs === NEVER || (place < atOnce && nowMs - atMs >= TREND_FRESH_MS);
  });
}

/** One statement after the other: a reading in the background takes one connection, and requests find the others free. */
export async function loadTrend(
  { health }: Pick<Recorded, 'health'>,
  series: SeriesSource,
  { name, operation }: Trending,
  nowMs: number,
): Promise<Trend> {
  const strip = await loadStrip(health, name, nowMs);
  const sparkline = await loadSparkline(series, name, operation, nowMs);
  const last = (await health.outages(name, iso(nowMs - INCIDENTS_MS), iso(nowMs))).at(-1);
  const lastIncident = last === undefined ? null : { from: last.startedAt, to: last.endedAt, reason: last.reason };
  return { strip, sparkline, lastIncident };
}

/** The figures of the hour that ended 24 hours ago. */
export async function loadYesterday(
  series: SeriesSource,
  service: string,
  operation: string,
  nowMs: number,
): Promise<Figures> {
  const from = iso(nowMs - DAY_MS - HOUR_MS);
  const [point] = await series.series({ service, operation, from, to: iso(nowMs - DAY_MS), points: 1 });
  if (point === undefined || point.count === 0)
    return { p95_ms: null, average_ms: null, readings_per_hour: null, error_rate_percent: null };
  return {
    p95_ms: point.p95,
    average_ms: point.avg,
    readings_per_hour: operation === 'reading' ? point.count : null,
    error_rate_percent: Math.min(100, (100 * point.errors) / point.count),
  };
}

async function loadStrip(health: Recorded['health'], service: string, nowMs: number): Promise<string> {
  const tickMs = STRIP_MINUTES * 60_000;
  const endMs = Math.ceil(nowMs / tickMs) * tickMs;
  const buckets = await health.strip(service, iso(endMs - STRIP_TICKS * tickMs), iso(endMs), STRIP_MINUTES);
  const letters = buckets.map(({ status }) => {
    if (status === null) return '-';
    return status === 'healthy' ? 'h' : status === 'degraded' ? 'g' : 'd';
  });
  return letters.join('').padStart(STRIP_TICKS, '-').slice(-STRIP_TICKS);
}

async function loadSparkline(
  series: SeriesSource,
  service: string,
  operation: string,
  nowMs: number,
): Promise<readonly (number | null)[]> {
  const stepMs = HOUR_MS / SPARK_POINTS;
  const toMs = Math.ceil(nowMs / stepMs) * stepMs;
  const points = await series.series({
    service,
    operation,
    from: iso(toMs - HOUR_MS),
    to: iso(toMs),
    points: SPARK_POINTS,
  });
  const slots: (number | null)[] = [...noTrend.sparkline];
  for (const point of points) {
    const slot = Math.floor((Date.parse(point.at) - (toMs - HOUR_MS)) / stepMs);
    if (slot >= 0 && slot < SPARK_POINTS) slots[slot] = point.p95;
  }
  return slots;
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
