import type { FailureReason } from '../contract/index.js';
import type { Outage, StripBucket, Uptime, VisitStatus } from './history.js';

/** A stretch of time in which every visit found the same; times in wall-clock milliseconds. */
export interface Span {
  readonly status: VisitStatus;
  readonly reason: FailureReason | null;
  readonly message: string | null;
  /** First visit. */
  readonly startedAt: number;
  /** Last visit. */
  readonly lastAt: number;
}

/** Visits further apart than this leave unknown time between them, in milliseconds. */
export const maxGapMs = 60_000;

/** More buckets than this are no picture any more. */
export const maxBuckets = 10_000;

interface Segment extends Span {
  readonly from: number;
  readonly to: number;
}

/** Spans in order → what is known of each instant: a status holds until the next visit, unless that came too late. */
function segments(spans: readonly Span[], from: number, to: number): Segment[] {
  return spans
    .map((span, index) => {
      const nextAt = spans[index + 1]?.startedAt ?? span.lastAt;
      const end = nextAt - span.lastAt <= maxGapMs ? nextAt : span.lastAt;
      return { ...span, from: Math.max(from, span.startedAt), to: Math.min(to, end) };
    })
    .filter((segment) => segment.to > segment.from);
}

const isDown = (status: VisitStatus): boolean => status === 'down' || status === 'unreachable';

/** Availability between two instants. */
export function computeUptime(spans: readonly Span[], from: number, to: number): Uptime {
  return sumUp(segments(spans, from, to), from, to);
}

function sumUp(parts: readonly Segment[], from: number, to: number): Uptime {
  const total = { healthy: 0, degraded: 0, down: 0, unreachable: 0 };
  for (const part of parts) total[part.status] += Math.max(0, Math.min(part.to, to) - Math.max(part.from, from));
  const upMs = total.healthy + total.degraded;
  const downMs = total.down + total.unreachable;
  return {
    ratio: upMs + downMs === 0 ? null : upMs / (upMs + downMs),
    upSeconds: upMs / 1_000,
    degradedSeconds: total.degraded / 1_000,
    downSeconds: downMs / 1_000,
    unknownSeconds: Math.max(0, to - from - upMs - downMs) / 1_000,
  };
}

/** Outages that touch the span of time, oldest first. Unknown time inside an outage belongs to it. */
export function computeOutages(spans: readonly Span[], from: number, to: number): Outage[] {
  const outages: Outage[] = [];
  let first: Span | undefined;
  let lastDownAt = 0;
  const close = (endedAt: number | null) => {
    if (first) outages.push(describeOutage(first, endedAt, endedAt ?? lastDownAt));
    first = undefined;
  };
  for (const span of spans) {
    if (isDown(span.status)) {
      first ??= span;
      lastDownAt = span.lastAt;
    } else {
      close(span.startedAt);
    }
  }
  close(null);
  return outages.filter(
    ({ startedAt, endedAt }) => Date.parse(startedAt) < to && (endedAt === null || Date.parse(endedAt) > from),
  );
}

function describeOutage({ startedAt, reason, message }: Span, endedAt: number | null, knownUntil: number): Outage {
  return {
    startedAt: new Date(startedAt).toISOString(),
    endedAt: endedAt === null ? null : new Date(endedAt).toISOString(),
    durationSeconds: Math.max(0, knownUntil - startedAt) / 1_000,
    reason,
    message,
  };
}

const severity: Readonly<Record<VisitStatus, number>> = { healthy: 0, degraded: 1, down: 2, unreachable: 3 };

/** The span of time cut into buckets; the last one may be shorter. One pass over the segments. */
export function computeStrip(spans: readonly Span[], from: number, to: number, bucketMs: number): StripBucket[] {
  const parts = segments(spans, from, to);
  const buckets: StripBucket[] = [];
  let next = 0;
  for (let start = from; start < to; start += bucketMs) {
    const end = Math.min(to, start + bucketMs);
    while (next < parts.length && (parts[next]?.to ?? end) <= start) next += 1;
    const within: Segment[] = [];
    for (let i = next; i < parts.length && (parts[i]?.from ?? end) < end; i += 1) within.push(parts[i] as Segment);
    const worst = within.reduce<VisitStatus | null>(
      (status, part) => (status === null || severity[part.status] > severity[status] ? part.status : status),
      null,
    );
    buckets.push({ at: new Date(start).toISOString(), status: worst, ratio: sumUp(within, start, end).ratio });
  }
  return buckets;
}
