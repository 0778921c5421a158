import type { FailureReason, HealthReport, ServiceStatus } from '../contract/index.js';

/** What was seen at one visit: the service's own word, or `unreachable` when it gave none. */
export type VisitStatus = ServiceStatus | 'unreachable';

/** One visit to one service. */
export interface HealthRow {
  readonly service: string;
  /** When the visit ended, ISO 8601 UTC. */
  readonly at: string;
  readonly status: VisitStatus;
  readonly reason?: FailureReason | null;
  readonly message?: string | null;
  readonly report: HealthReport | null;
  readonly latencyMs: number;
}

/** Availability over a span of time. Degraded time counts as available. */
export interface Uptime {
  /** Available ÷ observed time, 0–1; `null` when nothing was observed. */
  readonly ratio: number | null;
  readonly upSeconds: number;
  readonly degradedSeconds: number;
  readonly downSeconds: number;
  /** Time nobody looked; counts neither way. */
  readonly unknownSeconds: number;
}

/** One stretch of time in which the service was down or unreachable. */
export interface Outage {
  readonly startedAt: string;
  /** `null` while it lasts. */
  readonly endedAt: string | null;
  readonly durationSeconds: number;
  /** The reason seen first. */
  readonly reason: FailureReason | null;
  readonly message: string | null;
}

/** One bar of the availability strip. */
export interface StripBucket {
  /** Start of the bucket, ISO 8601 UTC. */
  readonly at: string;
  /** The worst seen in it; `null` when nobody looked. */
  readonly status: VisitStatus | null;
  /** Available ÷ observed time, 0–1; `null` when nobody looked. */
  readonly ratio: number | null;
}

/** Where visits are kept. Two adapters: memory and PostgreSQL. */
export interface HealthHistory {
  /** Keeps the visits. Rows older than what is known of their service, and repeated ones, change nothing. */
  store(rows: readonly HealthRow[]): Promise<void>;
  /** The newest row of every service, by name. */
  latest(): Promise<HealthRow[]>;
  uptime(service: string, from: string, to: string): Promise<Uptime>;
  /** Outages that touch the span, oldest first. */
  outages(service: string, from: string, to: string): Promise<Outage[]>;
  /** The span cut into buckets, oldest first; at most 10,000. */
  strip(service: string, from: string, to: string, bucketMinutes: number): Promise<StripBucket[]>;
  /** Forgets what ended before `before`; returns how many spans went. */
  prune(before: string): Promise<number>;
}
