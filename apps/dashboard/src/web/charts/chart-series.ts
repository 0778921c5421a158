import type { Deploy, HistoryPoint, HistoryReply } from '../../contract/history.js';
import type { UsageReply } from '../../contract/usage.js';

/** One row a chart draws: a value per field. Every step of the range has one; without anything known all are `null`: a gap. */
export interface ChartRow {
  readonly atMs: number;
  readonly [field: string]: number | null;
}

/** One series of a chart. */
export interface Series {
  readonly field: string;
  readonly label: string;
  /** A class of the theme that gives it colour and weight. */
  readonly tone: string;
  /** Stacked areas stand on each other in the order given. */
  readonly shape: 'line' | 'area' | 'stack';
  /** A value stays until the next one: states have no slope. */
  readonly steps?: boolean;
}

type Span = Pick<HistoryReply, 'from' | 'to' | 'step_seconds'>;

/** Lays response times, throughput and error rate on the whole range, so that gaps stay gaps. Pure. */
export function chartRows(reply: Span & Pick<HistoryReply, 'generated_at' | 'points'>): readonly ChartRow[] {
  const generatedMs = Date.parse(reply.generated_at);
  return layOut(reply, reply.points, (atMs, point) =>
    operationRow(atMs, point, observedSeconds(atMs, generatedMs, reply.step_seconds)),
  );
}

/** How many kinds a stack shows; the rest are one. */
export const STACKED = 5;

/** The kinds a stack shows, most frequent first, each with the field of its values. Names from outside are never fields. */
export function stackKinds(names: readonly string[]): readonly { readonly field: string; readonly label: string }[] {
  const shown = names.slice(0, STACKED).map((label, index) => ({ field: `k${index}`, label }));
  return names.length > STACKED ? [...shown, { field: 'rest', label: `${names.length - STACKED} others` }] : shown;
}

/**
 * Lays counts by kind on the range. A step in which operations ran and nothing of this is known had none of it: 0, no gap.
 * Pure.
 * @param observed the instants of steps in which something ran, ms
 */
export function usageRows(
  reply: Span & Pick<UsageReply, 'points' | 'error_types' | 'models'>,
  what: 'errors' | 'tokens',
  observed: ReadonlySet<number>,
): readonly ChartRow[] {
  const names = what === 'errors' ? reply.error_types : reply.models;
  const shown = names.slice(0, STACKED);
  return layOut(reply, reply.points, (atMs, point) => {
    const known = point !== undefined || observed.has(atMs);
    const counts = new Map(
      Object.entries(point === undefined ? {} : what === 'errors' ? point.errors_by_type : point.tokens),
    );
    const row: Record<string, number | null> = { cost: known ? (point?.cost_usd ?? 0) : null };
    shown.forEach((name, index) => {
      row[`k${index}`] = known ? (counts.get(name) ?? 0) : null;
      counts.delete(name);
    });
    row['rest'] = known ? [...counts.values()].reduce((sum, count) => sum + count, 0) : null;
    return { ...row, atMs };
  });
}

/**
 * The steps of short pauses between two in which something was used: nobody recorded anything because there was nothing, so
 * they are 0. A pause of more than an hour may be nobody's looking and stays a gap. Pure.
 */
export function pausedSteps({
  points,
  step_seconds: seconds,
}: Pick<UsageReply, 'points' | 'step_seconds'>): ReadonlySet<number> {
  const stepMs = seconds * 1000;
  const longestMs = Math.max(HOUR_MS, 2 * stepMs);
  const instants = points.map(({ at }) => Date.parse(at));
  const found = new Set<number>();
  instants.forEach((atMs, index) => {
    const nextMs = instants[index + 1] ?? atMs;
    if (nextMs - atMs > longestMs) return;
    for (let pausedMs = atMs + stepMs; pausedMs < nextMs; pausedMs += stepMs) found.add(pausedMs);
  });
  return found;
}

const HOUR_MS = 3_600_000;

/** What is worth a look in the logs: the step with most failures, else the slowest; `null` when nothing ran. Pure. */
export function worstStep(rows: readonly ChartRow[]): { readonly atMs: number; readonly why: string } | null {
  const most = (field: string) =>
    rows.reduce<ChartRow | undefined>(
      (worst, row) => ((row[field] ?? 0) > (worst?.[field] ?? 0) ? row : worst),
      undefined,
    );
  const failing = most('errors');
  if (failing !== undefined) return { atMs: failing.atMs, why: 'most failures' };
  const slowest = most('p95');
  return slowest === undefined ? null : { atMs: slowest.atMs, why: 'slowest' };
}

/** Which releases get their version written: not where two would overlap. Each with the side of the line it stands on. Pure. */
export function labelDeploys(
  deploys: readonly Deploy[],
  fromMs: number,
  toMs: number,
): readonly (Deploy & { readonly side: 'left' | 'right' | 'none' })[] {
  let freeFrom = Number.NEGATIVE_INFINITY;
  return deploys.map((deploy) => {
    const share = (Date.parse(deploy.at) - fromMs) / (toMs - fromMs);
    const side = share > 0.85 ? 'left' : 'right';
    const begins = side === 'left' ? share - LABEL_SHARE : share;
    if (begins < freeFrom) return { ...deploy, side: 'none' };
    freeFrom = begins + LABEL_SHARE;
    return { ...deploy, side };
  });
}

/** Share of a chart's width a version takes. */
const LABEL_SHARE = 0.1;

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
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power;
  const count = Math.max(2, Math.ceil(highest / step));
  return { top: count * step, ticks: Array.from({ length: count + 1 }, (_, index) => index * step) };
}

/** The scale of before, unless the data left it: above its top, or below a quarter of it. Pure. */
export function steadyScale(
  before: ReturnType<typeof niceScale> | null,
  values: readonly (number | null)[],
): ReturnType<typeof niceScale> {
  const next = niceScale(values);
  return before !== null && next.top <= before.top && next.top >= before.top / 4 ? before : next;
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

function layOut<P extends { readonly at: string }>(
  { from, to, step_seconds: stepSeconds }: Span,
  points: readonly P[],
  rowOf: (atMs: number, point: P | undefined) => ChartRow,
): readonly ChartRow[] {
  const stepMs = stepSeconds * 1000;
  const fromMs = Date.parse(from);
  const count = Math.max(0, Math.round((Date.parse(to) - fromMs) / stepMs));
  const bySlot = new Map(points.map((point) => [Math.floor((Date.parse(point.at) - fromMs) / stepMs), point]));
  return Array.from({ length: count }, (_, slot) => rowOf(fromMs + slot * stepMs, bySlot.get(slot)));
}

function operationRow(atMs: number, point: HistoryPoint | undefined, seconds: number): ChartRow {
  if (point === undefined)
    return { atMs, p50: null, p95: null, p99: null, perHour: null, errors: null, errorPercent: null };
  return {
    atMs,
    p50: point.p50,
    p95: point.p95,
    p99: point.p99,
    perHour: seconds <= 0 ? null : (point.count * 3600) / seconds,
    errors: point.errors,
    errorPercent: point.count === 0 ? null : Math.min(100, (100 * point.errors) / point.count),
  };
}
