import type { Quantiles } from '../contract/report.js';
import type { Sketch } from './sketch.js';

/** The figures of a sketch of seconds, in milliseconds to the nanosecond; `null` while it is empty. */
export function quantilesInMilliseconds(sketch: Sketch): Quantiles {
  const { count } = sketch;
  return {
    count,
    p50: toMilliseconds(sketch.quantile(0.5)),
    p95: toMilliseconds(sketch.quantile(0.95)),
    p99: toMilliseconds(sketch.quantile(0.99)),
    avg: count === 0 ? null : toMilliseconds(sketch.sum / count),
    max: toMilliseconds(sketch.max),
  };
}

function toMilliseconds(seconds: number | null): number | null {
  return seconds === null ? null : Math.round(seconds * 1e9) / 1e6;
}
