import { MetricsError } from '../errors.js';
import type { MetricsHistory, SeriesPoint, SeriesQuery, UsageQuery } from '../history/history.js';
import { readRange } from '../history/rows.js';
import { planSeries, type SeriesPlan } from '../history/tiers.js';
import { toUsagePoints, type UsageKind, type UsageRow } from '../history/usage-rows.js';
import { HIGHEST_INDEX, LOWEST_INDEX } from '../sketch/bucket-index.js';
import { quantilesInMilliseconds } from '../sketch/quantiles.js';
import { ExponentialSketch } from '../sketch/sketch.js';
import { type EndpointOptions, endpoint } from './endpoint.js';
import { type Matrix, parseMatrix } from './matrix.js';
import { BUCKET, ERRORS, type Labels, MAX, MIN, SUM, USAGE } from './series.js';

export interface PrometheusHistoryOptions extends EndpointOptions {
  /** Only series with these labels are read: those that `createRemoteWrite` was told to add. */
  readonly labels?: Labels | undefined;
  /** Milliseconds since 1970; default `Date.now`. */
  readonly now?: () => number;
}

/** The reading half of a history. */
export type PrometheusHistory = Pick<MetricsHistory, 'series' | 'usageSeries'>;

/** Names the figure that a series of the answer is; buckets keep their own label. */
const FIGURE = 'figure';

/**
 * Charts from any engine that answers PromQL, of what `createRemoteWrite` wrote there: the points of the history in
 * PostgreSQL, quantiles of merged histograms included. The engine adds the minutes of a span up, so a month is as many
 * points as an hour.
 * @throws MetricsError `INVALID_OPTION`; reads reject with `REMOTE_AWAY` or `REMOTE_REFUSED`.
 */
export function createPrometheusHistory({
  labels = {},
  now = Date.now,
  ...options
}: PrometheusHistoryOptions): PrometheusHistory {
  const exchange = endpoint(options);

  async function ask(query: string, plan: SeriesPlan): Promise<Matrix> {
    const { spanMs, fromMs, toMs } = plan;
    const form = new URLSearchParams({
      query,
      start: String((fromMs + spanMs) / 1000),
      end: String((Math.ceil(toMs / spanMs) * spanMs) / 1000),
      step: String(spanMs / 1000),
    });
    const { status, text } = await exchange({
      path: '/api/v1/query_range',
      method: 'POST',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded', Accept: 'application/json' },
      body: form.toString(),
    });
    if (status === 429 || status >= 500)
      throw new MetricsError('REMOTE_AWAY', `The PromQL endpoint answered ${status}.`);
    return parseMatrix(status, text);
  }

  return {
    async series(query) {
      const plan = planSeries(readRange(query), now());
      return toPoints(await ask(operationQuery(query, labels, plan.spanMs), plan), plan.spanMs);
    },
    async usageSeries(query) {
      const plan = planSeries(readRange(query), now());
      return toUsagePoints(toUsageRows(await ask(usageQuery(query, labels, plan.spanMs), plan), query, plan), plan);
    },
  };
}

function operationQuery({ service, operation }: SeriesQuery, labels: Labels, spanMs: number): string {
  const window = `${selector({ ...labels, service, operation })}[${spanMs / 1000}s]`;
  const figures = [
    [ERRORS, 'sum'],
    [SUM, 'sum'],
    [MIN, 'min'],
    [MAX, 'max'],
  ] as const;
  return [
    `sum by (bucket) (sum_over_time(${BUCKET}${window}))`,
    ...figures.map(([metric, by]) => figure(metric, `${by}(${by}_over_time(${metric}${window}))`)),
  ].join(' or ');
}

function usageQuery({ service }: UsageQuery, labels: Labels, spanMs: number): string {
  const window = `${selector({ ...labels, service })}[${spanMs / 1000}s]`;
  return Object.entries(USAGE)
    .map(([kind, { metric, label }]) => figure(kind, `sum by (${label ?? ''}) (sum_over_time(${metric}${window}))`))
    .join(' or ');
}

function figure(name: string, query: string): string {
  return `label_replace(${query}, "${FIGURE}", "${name}", "", "")`;
}

/** The escapes of a JSON string are those of PromQL; half a character outside the basic plane is no text for either. */
function selector(labels: Labels): string {
  const quoted = (value: string): string => JSON.stringify(value.replace(/\p{Surrogate}/gu, '\ufffd'));
  return `{${Object.entries(labels)
    .map(([name, value]) => `${name}=${quoted(value)}`)
    .join(',')}}`;
}

function toPoints(matrix: Matrix, spanMs: number): readonly SeriesPoint[] {
  const spans = new Map<number, Map<string, number>>();
  for (const { labels, values } of matrix) {
    const name = labels[FIGURE] ?? labels['bucket'] ?? '';
    for (const { atMs, value } of values) {
      const span = spans.get(atMs) ?? new Map<string, number>();
      spans.set(atMs, span.set(name, value));
    }
  }
  return [...spans].sort(([a], [b]) => a - b).map(([endMs, figures]) => toPoint(endMs - spanMs, figures));
}

function toPoint(atMs: number, figures: ReadonlyMap<string, number>): SeriesPoint {
  const sketch = sketchOf(figures);
  const { count, p50, p95, p99, avg, max } = quantilesInMilliseconds(sketch);
  return { at: new Date(atMs).toISOString(), count, errors: figures.get(ERRORS) ?? 0, p50, p95, p99, avg, max };
}

function sketchOf(figures: ReadonlyMap<string, number>): ExponentialSketch {
  const sketch = new ExponentialSketch();
  for (const [name, count] of figures) {
    if (/^-?\d{1,5}$/.test(name)) addBucket(sketch, Number(name), count);
  }
  sketch.zeros = figures.get('zero') ?? 0;
  sketch.billionths = Math.round((figures.get(SUM) ?? 0) * 1e9);
  sketch.smallest = figures.get(MIN) ?? sketch.smallest;
  sketch.largest = figures.get(MAX) ?? sketch.largest;
  return sketch;
}

function addBucket(sketch: ExponentialSketch, index: number, count: number): void {
  if (index < LOWEST_INDEX || index > HIGHEST_INDEX) return;
  sketch.reserve(index, index);
  const at = index - sketch.firstIndex;
  sketch.counts[at] = (sketch.counts[at] as number) + count;
  sketch.positives += count;
}

function toUsageRows(matrix: Matrix, { service }: UsageQuery, { spanMs }: SeriesPlan): readonly UsageRow[] {
  return matrix.flatMap(({ labels, values }) => {
    const kind = labels[FIGURE] as UsageKind;
    const label = USAGE[kind]?.label;
    const name = label === null || label === undefined ? '' : (labels[label] ?? '');
    return values.map(({ atMs, value }) => ({ service, kind, name, atMs: atMs - spanMs, amount: value }));
  });
}
