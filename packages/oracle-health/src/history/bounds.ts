import { HealthError } from '../errors.js';
import { maxBuckets } from './timeline.js';

/** An ISO instant as milliseconds. @throws HealthError `INVALID_OPTION` when it is none */
export function parseInstant(text: string): number {
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) throw new HealthError('INVALID_OPTION', 'Expected an ISO 8601 instant');
  return ms;
}

/** Rows in order of time. @throws HealthError `INVALID_OPTION` when one has no instant */
export function inOrder<Row extends { readonly at: string }>(rows: readonly Row[]): Row[] {
  const dated = rows.map((row) => ({ row, at: parseInstant(row.at) }));
  return dated.sort((a, b) => a.at - b.at).map(({ row }) => row);
}

/** Two ISO instants as milliseconds. @throws HealthError `INVALID_OPTION` when they are not instants in order */
export function parseBounds(from: string, to: string): { readonly fromMs: number; readonly toMs: number } {
  const fromMs = Date.parse(from);
  const toMs = Date.parse(to);
  if (Number.isNaN(fromMs) || Number.isNaN(toMs) || fromMs >= toMs) {
    throw new HealthError('INVALID_OPTION', 'Expected two ISO 8601 instants, the first before the second');
  }
  return { fromMs, toMs };
}

/** The width of a bucket in milliseconds. @throws HealthError `INVALID_OPTION` when it makes too many buckets */
export function parseBucket(bucketMinutes: number, spanMs: number): number {
  const bucketMs = bucketMinutes * 60_000;
  if (!(bucketMinutes > 0) || spanMs / bucketMs > maxBuckets) {
    throw new HealthError(
      'INVALID_OPTION',
      `Expected bucketMinutes that cut the span into at most ${maxBuckets} buckets`,
    );
  }
  return bucketMs;
}
