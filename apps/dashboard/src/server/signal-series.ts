import type { Rule } from '@nps/oracle-alerts';
import type { HealthHistory, StripBucket } from '@nps/oracle-health/postgres';
import type { JobRun } from '@nps/oracle-metrics/contract';
import type { SeriesPoint } from '@nps/oracle-metrics/postgres';
import type { SignalSeries } from '../contract/alert-context.js';
import type { UsagePoint } from '../contract/usage.js';
import type { SeriesSource } from './series-source.js';

export type SignalPoints = SignalSeries['points'];

/** Whose signal, and when; instants are ISO 8601. */
export interface SignalQuery {
  readonly service: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly from: string;
  readonly to: string;
  /** The service's operations, as far as they are known. */
  readonly operations: readonly string[];
}

/** Where signals are kept. */
export interface SignalSources {
  readonly series: SeriesSource;
  readonly health: Pick<HealthHistory, 'strip'>;
  /** Newest first. */
  runsOf(job: string): Promise<readonly JobRun[]>;
}

const MINUTE_MS = 60_000;
/** The window over which the alerter judges error rates (ALERTING 6). */
const RATE_WINDOW_MS = 300_000;
/** Parts of other operations, which the metrics leave out of rates. */
const partOperations: ReadonlySet<string> = new Set(['ai_call', 'db_query']);

/** The figure a rule judges, as far as history keeps it; `null` for signals it does not keep. */
export async function loadSignal(
  rule: Pick<Rule, 'signal' | 'over'>,
  query: SignalQuery,
  sources: SignalSources,
): Promise<SignalPoints | null> {
  const { service, from, to } = query;
  if (rule.over !== undefined) {
    return rule.signal === 'errors' && rule.over === 'operations' ? loadErrorRatio(query, sources.series) : null;
  }
  if (rule.signal === 'up' || rule.signal === 'degraded') {
    return stripPoints(await sources.health.strip(service, from, to, 1), rule.signal);
  }
  if (rule.signal === 'reading_seconds' || rule.signal === 'reading_p95_seconds') {
    const points = await sources.series.series({ service, operation: 'reading', from, to, points: minutesOf(query) });
    return secondsOf(points, rule.signal === 'reading_seconds' ? 'max' : 'p95');
  }
  const job = query.labels['job'];
  if (rule.signal === 'job_consecutive_failures' && job !== undefined)
    return failuresInARow(await sources.runsOf(job), from, to);
  return null;
}

/** Visits as states: 1 or 0 in every minute somebody looked. Pure. */
export function stripPoints(buckets: readonly StripBucket[], signal: 'up' | 'degraded'): SignalPoints {
  return buckets.flatMap(({ at, status }) => {
    if (status === null) return [];
    const isIt = signal === 'degraded' ? status === 'degraded' : status === 'healthy' || status === 'degraded';
    return [{ at, value: isIt ? 1 : 0 }];
  });
}

/** Failures since the last success, after every run that ended within the span. Pure. */
export function failuresInARow(newestFirst: readonly JobRun[], from: string, to: string): SignalPoints {
  let failures = 0;
  const points: { at: string; value: number }[] = [];
  for (const { status, finished_at: at } of newestFirst.toReversed()) {
    if (status === 'running' || at === null) continue;
    failures = status === 'success' ? 0 : failures + 1;
    if (at >= from && at < to) points.push({ at, value: failures });
  }
  return points;
}

/** Errors ÷ operations over the five minutes that end with each minute; none where there were no operations. Pure. */
export function errorRatios(
  operations: readonly { readonly name: string; readonly points: readonly SeriesPoint[] }[],
  usage: readonly UsagePoint[],
): SignalPoints {
  const whole = operations.filter(({ name, points }) => !partOperations.has(name) && points.length > 0);
  const counted = whole.length > 0 ? whole : operations;
  const parts = operations.filter((operation) => !counted.includes(operation));
  const counts = new Map<number, { operations: number; errors: number }>();
  const add = (at: string, more: number, errors: number): void => {
    const known = counts.get(Date.parse(at)) ?? { operations: 0, errors: 0 };
    counts.set(Date.parse(at), { operations: known.operations + more, errors: known.errors + errors });
  };
  for (const { at, count } of counted.flatMap(({ points }) => points)) add(at, count, 0);
  // Every error is counted by its type, those without an operation too; those of the parts are not the service's.
  for (const { at, errors_by_type: errors } of usage) for (const count of Object.values(errors)) add(at, 0, count);
  for (const { at, errors } of parts.flatMap(({ points }) => points)) add(at, 0, -errors);
  const minutes = [...counts].sort(([a], [b]) => a - b);
  return minutes.flatMap(([atMs]) => {
    const window = minutes.filter(([at]) => at <= atMs && at > atMs - RATE_WINDOW_MS).map(([, count]) => count);
    const total = window.reduce((sum, { operations: more }) => sum + more, 0);
    const failed = window.reduce((sum, { errors }) => sum + errors, 0);
    return total === 0 ? [] : [{ at: new Date(atMs).toISOString(), value: Math.min(1, Math.max(0, failed / total)) }];
  });
}

async function loadErrorRatio(query: SignalQuery, series: SeriesSource): Promise<SignalPoints> {
  const { service, to } = query;
  const from = new Date(Date.parse(query.from) - RATE_WINDOW_MS).toISOString();
  const span = { service, from, to, points: minutesOf({ from, to }) };
  const names = [...new Set(['reading', 'analysis', ...query.operations])];
  const [usage, ...operations] = await Promise.all([
    series.usageSeries(span),
    ...names.map(async (name) => ({ name, points: await series.series({ ...span, operation: name }) })),
  ]);
  return errorRatios(operations, usage).filter(({ at }) => at >= query.from);
}

function secondsOf(points: readonly SeriesPoint[], figure: 'max' | 'p95'): SignalPoints {
  return points.flatMap((point) => {
    const ms = point[figure];
    return ms === null ? [] : [{ at: point.at, value: ms / 1000 }];
  });
}

function minutesOf({ from, to }: Pick<SignalQuery, 'from' | 'to'>): number {
  return Math.max(1, Math.ceil((Date.parse(to) - Date.parse(from)) / MINUTE_MS));
}
