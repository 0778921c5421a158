import { MetricsError } from '../errors.js';
import { quantilesInMilliseconds } from '../sketch/quantiles.js';
import { ExponentialSketch } from '../sketch/sketch.js';
import type { MinuteRow, SeriesPoint, UsageQuery } from './history.js';
import { isInTime, type SeriesPlan } from './tiers.js';

/** A row of any tier. */
export interface HistoryRow {
  readonly service: string;
  readonly operation: string;
  readonly atMs: number;
  readonly count: number;
  readonly errors: number;
  readonly sketch: Uint8Array;
}

const NAME_LIMIT = 200;
const MINUTE_MS = 60_000;
/** Rows as they are stored; what is malformed, too old to be kept or from the future is left out. */
export function acceptRows(rows: readonly MinuteRow[], nowMs: number): readonly HistoryRow[] {
  const scratch = new ExponentialSketch();
  return rows.flatMap((row) => {
    const atMs = minuteOf(row.minute);
    if (!isInTime(atMs, nowMs) || !isCount(row.count) || !isCount(row.errors) || !isSketch(row.sketch, scratch))
      return [];
    const { service, operation, count, errors, sketch } = row;
    return [{ service: cleanName(service), operation: cleanName(operation), atMs, count, errors, sketch }];
  });
}

/** The minute of an instant, in milliseconds; not a number for what is none. */
export function minuteOf(instant: string): number {
  return Math.floor(Date.parse(instant) / MINUTE_MS) * MINUTE_MS;
}

/** Above it a count of one minute is nonsense; below it a sum of 400 days of minutes is still a whole number. */
const COUNT_LIMIT = 2 ** 32;

export function isCount(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= COUNT_LIMIT;
}

function isSketch(bytes: Uint8Array, scratch: ExponentialSketch): boolean {
  scratch.clear();
  try {
    return scratch.addEncoded(bytes).count <= COUNT_LIMIT;
  } catch {
    return false;
  }
}

/** PostgreSQL has no character 0, and a name is no place for a novel. */
export function cleanName(name: string): string {
  return name.slice(0, NAME_LIMIT).replaceAll('\u0000', '\ufffd');
}

/** Rows of one tier made coarser: one row per service, operation and span. Nothing is averaged. */
export function rollUp(rows: readonly HistoryRow[], grainMs: number): readonly HistoryRow[] {
  const spans = new Map<string, { row: HistoryRow; count: number; errors: number; sketch: ExponentialSketch }>();
  for (const row of rows) {
    const atMs = Math.floor(row.atMs / grainMs) * grainMs;
    const key = JSON.stringify([row.service, row.operation, atMs]);
    const span = spans.get(key) ?? { row: { ...row, atMs }, count: 0, errors: 0, sketch: new ExponentialSketch() };
    span.count += row.count;
    span.errors += row.errors;
    span.sketch.addEncoded(row.sketch);
    spans.set(key, span);
  }
  return [...spans.values()].map(({ row: { service, operation, atMs }, count, errors, sketch }) => {
    return { service, operation, atMs, count, errors, sketch: sketch.encode() };
  });
}

/** The points of a chart from rows of one series; a span without rows has no point. */
export function toPoints(rows: readonly HistoryRow[], { spanMs }: SeriesPlan): readonly SeriesPoint[] {
  const spanOf = (row: HistoryRow): number => Math.floor(row.atMs / spanMs);
  const sorted = [...rows].sort((a, b) => a.atMs - b.atMs);
  const points: SeriesPoint[] = [];
  // One sketch serves all points in turn: a day of minutes would otherwise grow 1,440 of them.
  const sketch = new ExponentialSketch();
  for (let at = 0; at < sorted.length; ) {
    const span = spanOf(sorted[at] as HistoryRow);
    let count = 0;
    let errors = 0;
    sketch.clear();
    for (let row = sorted[at]; row !== undefined && spanOf(row) === span; row = sorted[++at]) {
      count += row.count;
      errors += row.errors;
      sketch.addEncoded(row.sketch);
    }
    const { p50, p95, p99, avg, max } = quantilesInMilliseconds(sketch);
    points.push({ at: new Date(span * spanMs).toISOString(), count, errors, p50, p95, p99, avg, max });
  }
  return points;
}

/**
 * The range of a query in milliseconds.
 * @throws MetricsError `INVALID_OPTION`
 */
export function readRange({ from, to, points }: UsageQuery): { fromMs: number; toMs: number; points: number } {
  const fromMs = Date.parse(from);
  const toMs = Date.parse(to);
  if (!(fromMs < toMs)) {
    throw new MetricsError(
      'INVALID_OPTION',
      `from and to must be ISO 8601 instants, from before to; got "${from}" and "${to}".`,
    );
  }
  if (!(Number.isInteger(points) && points >= 1 && points <= 2000)) {
    throw new MetricsError('INVALID_OPTION', `points must be a whole number from 1 to 2,000, got ${String(points)}.`);
  }
  return { fromMs, toMs, points };
}
