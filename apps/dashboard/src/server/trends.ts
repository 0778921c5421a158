import type { Figures, Incident } from '../contract/status.js';
import { inTurns } from './live.js';
import type { Recorded } from './recorded.js';
import type { SeriesSource } from './series-source.js';

/** What changes slowly about a service: read every half minute, not with every look. */
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

/** Reads the trends of all services, four at a time. */
export async function loadTrends(
  recorded: Pick<Recorded, 'health'>,
  series: SeriesSource,
  services: readonly { readonly name: string; readonly operation: string }[],
  nowMs: number,
): Promise<ReadonlyMap<string, Trend>> {
  const trends = new Map<string, Trend>();
  await inTurns(services, 4, async ({ name, operation }) => {
    const [strip, sparkline, outages] = await Promise.all([
      loadStrip(recorded, name, nowMs),
      loadSparkline(series, name, operation, nowMs),
      recorded.health.outages(name, iso(nowMs - INCIDENTS_MS), iso(nowMs)),
    ]);
    const last = outages.at(-1);
    const lastIncident = last === undefined ? null : { from: last.startedAt, to: last.endedAt, reason: last.reason };
    trends.set(name, { strip, sparkline, lastIncident });
  });
  return trends;
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

async function loadStrip(recorded: Pick<Recorded, 'health'>, service: string, nowMs: number): Promise<string> {
  const tickMs = STRIP_MINUTES * 60_000;
  const endMs = Math.ceil(nowMs / tickMs) * tickMs;
  const buckets = await recorded.health.strip(service, iso(endMs - STRIP_TICKS * tickMs), iso(endMs), STRIP_MINUTES);
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
