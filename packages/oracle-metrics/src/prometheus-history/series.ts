import type { HistoryRow } from '../history/rows.js';
import type { UsageKind, UsageRow } from '../history/usage-rows.js';
import { quantilesInMilliseconds } from '../sketch/quantiles.js';
import { ExponentialSketch } from '../sketch/sketch.js';

/** One series of a remote-write request, its labels sorted by name as the receivers want them. */
export interface RemoteSeries {
  readonly labels: readonly (readonly [name: string, value: string])[];
  readonly samples: readonly RemoteSample[];
}

export interface RemoteSample {
  readonly value: number;
  /** Milliseconds since 1970. */
  readonly atMs: number;
}

/**
 * What one minute of one operation becomes: gauges of that minute alone, never counters. So a minute written twice is the
 * same minute, nobody has to remember a total over a restart, and `sum_over_time` merges minutes exactly, on any engine.
 * `BUCKET` has the label `bucket`: `zero`, or the index i of the span (2^((i-1)/32), 2^(i/32)] seconds.
 */
export const BUCKET = 'nps_operation_minute_bucket';
export const ERRORS = 'nps_operation_minute_errors';
export const SUM = 'nps_operation_minute_sum_seconds';
export const MIN = 'nps_operation_minute_min_seconds';
export const MAX = 'nps_operation_minute_max_seconds';
/** For those who draw a chart of their own: count, and the quantiles of the minute by the label `quantile`. */
export const COUNT = 'nps_operation_minute_count';
export const QUANTILES = 'nps_operation_minute_seconds';

/** Beside the timings: one metric for each kind of count, with the label that names what was counted. */
export const USAGE: Readonly<Record<UsageKind, { readonly metric: string; readonly label: string | null }>> = {
  error: { metric: 'nps_service_minute_errors', label: 'error_type' },
  tokens: { metric: 'nps_service_minute_ai_tokens', label: 'model' },
  cost_micro_usd: { metric: 'nps_service_minute_ai_cost_microdollars', label: null },
  cost_unknown_calls: { metric: 'nps_service_minute_ai_cost_unknown_calls', label: null },
};

/**
 * A sample stands in the middle of its minute. Whether a range ends with its last instant or just before it differs
 * between engines (Prometheus changed it in 3.0); nothing of ours ever lies on such an edge.
 */
export const MIDDLE_MS = 30_000;

export type Labels = Readonly<Record<string, string>>;

/** The series of minutes of operations; `external` labels are added to each. */
export function operationSeries(rows: readonly HistoryRow[], external: Labels): readonly RemoteSeries[] {
  const series = new SeriesMap(external);
  const sketch = new ExponentialSketch();
  for (const { service, operation, atMs, count, errors, sketch: bytes } of rows) {
    sketch.clear();
    sketch.addEncoded(bytes);
    const at = atMs + MIDDLE_MS;
    const add = (metric: string, value: number | null, more: Labels = {}): void => {
      if (value !== null) series.add(metric, { service, operation, ...more }, { value, atMs: at });
    };
    add(COUNT, count);
    add(ERRORS, errors);
    if (sketch.count === 0) continue;
    add(SUM, sketch.sum);
    add(MIN, sketch.min);
    add(MAX, sketch.max);
    if (sketch.zeroCount > 0) add(BUCKET, sketch.zeroCount, { bucket: 'zero' });
    for (const bucket of sketch.buckets()) add(BUCKET, bucket.count, { bucket: String(bucket.index) });
    const { p50, p95, p99 } = quantilesInMilliseconds(sketch);
    for (const [quantile, ms] of Object.entries({ '0.5': p50, '0.95': p95, '0.99': p99 })) {
      add(QUANTILES, ms === null ? null : ms / 1000, { quantile });
    }
  }
  return series.all();
}

/** The series of what was counted beside the timings. */
export function usageSeries(rows: readonly UsageRow[], external: Labels): readonly RemoteSeries[] {
  const series = new SeriesMap(external);
  for (const { service, kind, name, atMs, amount } of rows) {
    const { metric, label } = USAGE[kind];
    const more = label === null ? {} : { [label]: name };
    series.add(metric, { service, ...more }, { value: amount, atMs: atMs + MIDDLE_MS });
  }
  return series.all();
}

class SeriesMap {
  readonly #series = new Map<string, { labels: RemoteSeries['labels']; values: Map<number, number> }>();

  constructor(private readonly external: Labels) {}

  /** The first value of an instant stays, as in every history: engines refuse a request with two. */
  add(metric: string, labels: Labels, { value, atMs }: RemoteSample): void {
    const sorted = Object.entries({ ...this.external, ...labels, __name__: metric }).sort(([a], [b]) =>
      a < b ? -1 : 1,
    );
    const key = JSON.stringify(sorted);
    const series = this.#series.get(key) ?? { labels: sorted, values: new Map<number, number>() };
    if (!series.values.has(atMs)) series.values.set(atMs, value);
    this.#series.set(key, series);
  }

  /** Receivers want each series' samples oldest first. */
  all(): readonly RemoteSeries[] {
    return [...this.#series.values()].map(({ labels, values }) => {
      const samples = [...values].map(([atMs, value]) => ({ atMs, value }));
      return { labels, samples: samples.sort((a, b) => a.atMs - b.atMs) };
    });
  }
}
