import type { HistoryPoint, HistoryReply } from '../../contract/history.js';

/** One row a chart draws. Every step of the range has one; a step without operations has `null` everywhere: a gap. */
export interface ChartRow {
  readonly atMs: number;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  readonly max: number | null;
  readonly perHour: number | null;
  readonly errors: number | null;
  readonly errorPercent: number | null;
}

/** Lays the points on the whole range, so that gaps stay gaps. Pure. */
export function chartRows({
  from,
  to,
  generated_at: generatedAt,
  step_seconds: stepSeconds,
  points,
}: Pick<HistoryReply, 'from' | 'to' | 'generated_at' | 'step_seconds' | 'points'>): readonly ChartRow[] {
  const stepMs = stepSeconds * 1000;
  const fromMs = Date.parse(from);
  const count = Math.max(0, Math.round((Date.parse(to) - fromMs) / stepMs));
  const bySlot = new Map(points.map((point) => [Math.floor((Date.parse(point.at) - fromMs) / stepMs), point]));
  return Array.from({ length: count }, (_, slot) => {
    const atMs = fromMs + slot * stepMs;
    return rowOf(atMs, bySlot.get(slot), observedSeconds(atMs, Date.parse(generatedAt), stepSeconds));
  });
}

/** A y axis from 0 to the next round value above the data, in two to five equal steps: it stays while the data stay. Pure. */
export function niceScale(values: readonly (number | null)[]): {
  readonly top: number;
  readonly ticks: readonly number[];
} {
  const peak = Math.max(0, ...values.map((value) => value ?? 0));
  // Below this no unit here has a meaning, and steps would underflow.
  const highest = peak > 1e-9 ? peak : 1;
  const rough = highest / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power;
  const count = Math.max(2, Math.ceil(highest / step));
  return { top: count * step, ticks: Array.from({ length: count + 1 }, (_, index) => index * step) };
}

/** At most six instants on round clock times. Pure. */
export function timeTicks(fromMs: number, toMs: number): readonly number[] {
  const minute = 60_000;
  const steps = [5, 10, 15, 30, 60, 120, 180, 240, 360, 720, 1440, 2880, 7200, 10_080].map(
    (minutes) => minutes * minute,
  );
  const step = steps.find((candidate) => (toMs - fromMs) / candidate <= 6) ?? 14 * 1440 * minute;
  // Round in the zone of the reader: midnight is a tick for them, not for Greenwich.
  const offsetMs = new Date(toMs).getTimezoneOffset() * minute;
  const first = Math.ceil((fromMs - offsetMs) / step) * step + offsetMs;
  const ticks: number[] = [];
  for (let tick = first; tick < toMs; tick += step) ticks.push(tick);
  return ticks;
}

/** `14:00`, or `7 Feb` where a tick is a day or more apart. Pure. */
export function tickLabel(atMs: number, spanMs: number, timeZone?: string): string {
  const instant = new Date(atMs);
  const zone = timeZone === undefined ? {} : { timeZone };
  return spanMs > 2 * 86_400_000
    ? instant.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', ...zone })
    : instant.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit', ...zone });
}

/** The running step is not over: its rate is over the whole minutes it has had. */
function observedSeconds(atMs: number, generatedAtMs: number, stepSeconds: number): number {
  return Math.min(stepSeconds, Math.floor((generatedAtMs - atMs) / 60_000) * 60);
}

function rowOf(atMs: number, point: HistoryPoint | undefined, seconds: number): ChartRow {
  if (point === undefined)
    return { atMs, p50: null, p95: null, p99: null, max: null, perHour: null, errors: null, errorPercent: null };
  return {
    atMs,
    p50: point.p50,
    p95: point.p95,
    p99: point.p99,
    max: point.max,
    perHour: seconds <= 0 ? null : (point.count * 3600) / seconds,
    errors: point.errors,
    errorPercent: point.count === 0 ? null : Math.min(100, (100 * point.errors) / point.count),
  };
}
