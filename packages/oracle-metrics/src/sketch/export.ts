import { SCALE, ZERO_THRESHOLD } from './bucket-index.js';
import type { Sketch, SketchBucket } from './sketch.js';

/** Consecutive buckets that are not empty; `offset` counts from the end of the span before, the first from bucket 0. */
export interface BucketSpan {
  readonly offset: number;
  readonly length: number;
}

/**
 * A sketch as a Prometheus native histogram of schema 5: the same buckets, so nothing is lost.
 * https://prometheus.io/docs/specs/native_histograms/
 */
export interface NativeHistogram {
  readonly schema: number;
  readonly zeroThreshold: number;
  readonly zeroCount: number;
  readonly count: number;
  readonly sum: number;
  readonly positiveSpans: readonly BucketSpan[];
  /** The first count, then the difference of each to the one before. */
  readonly positiveDeltas: readonly number[];
}

export function toNativeHistogram(sketch: Sketch): NativeHistogram {
  const buckets = sketch.buckets();
  return {
    schema: SCALE,
    zeroThreshold: ZERO_THRESHOLD,
    zeroCount: sketch.zeroCount,
    count: sketch.count,
    sum: sketch.sum,
    positiveSpans: spansOf(buckets),
    positiveDeltas: buckets.map(({ count }, at) => count - (buckets[at - 1]?.count ?? 0)),
  };
}

function spansOf(buckets: readonly SketchBucket[]): readonly BucketSpan[] {
  const spans: { offset: number; length: number }[] = [];
  let next = 0;
  for (const { index } of buckets) {
    const last = spans.at(-1);
    if (last !== undefined && index === next) last.length++;
    else spans.push({ offset: index - next, length: 1 });
    next = index + 1;
  }
  return spans;
}

/**
 * A sketch as the data point of an OpenTelemetry exponential histogram of scale 5 (OTLP/JSON names). Its bucket `i` is
 * (2^(i/32), 2^((i+1)/32)]: one less than the index here.
 * https://opentelemetry.io/docs/specs/otel/metrics/data-model/#exponentialhistogram
 */
export interface ExponentialHistogram {
  readonly scale: number;
  readonly zeroThreshold: number;
  readonly zeroCount: number;
  readonly count: number;
  readonly sum: number;
  readonly min?: number;
  readonly max?: number;
  readonly positive: { readonly offset: number; readonly bucketCounts: readonly number[] };
}

export function toExponentialHistogram(sketch: Sketch): ExponentialHistogram {
  const buckets = sketch.buckets();
  const first = buckets[0]?.index ?? 1;
  const bucketCounts = Array.from({ length: (buckets.at(-1)?.index ?? first - 1) - first + 1 }, () => 0);
  for (const { index, count } of buckets) bucketCounts[index - first] = count;
  return {
    scale: SCALE,
    zeroThreshold: ZERO_THRESHOLD,
    zeroCount: sketch.zeroCount,
    count: sketch.count,
    sum: sketch.sum,
    ...(sketch.min === null || sketch.max === null ? {} : { min: sketch.min, max: sketch.max }),
    positive: { offset: first - 1, bucketCounts },
  };
}
