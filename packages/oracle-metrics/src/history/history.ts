import type { MetricsReport, MinuteReport } from '../contract/report.js';
import type { Sample } from '../contract/sample.js';

/** One operation of one service in one UTC minute. */
export interface MinuteRow {
  readonly service: string;
  readonly operation: string;
  /** Start of the minute, ISO 8601. */
  readonly minute: string;
  readonly count: number;
  readonly errors: number;
  /** `encode()` of a sketch of seconds. */
  readonly sketch: Uint8Array;
}

/** What a service said last. */
export interface LatestRow {
  readonly service: string;
  readonly at: string;
  readonly report: MetricsReport | null;
  readonly samples: readonly Sample[];
}

/** Which chart of a service is asked for. */
export interface UsageQuery {
  readonly service: string;
  /** First instant, inclusive, ISO 8601. */
  readonly from: string;
  /** Last instant, exclusive, ISO 8601. */
  readonly to: string;
  /** How many points at most, 1 … 2,000; a point is never finer than the stored minute. */
  readonly points: number;
}

/** Which chart of one of its operations is asked for. */
export interface SeriesQuery extends UsageQuery {
  readonly operation: string;
}

/** One point of a chart: quantiles of the merged sketches of its span, in milliseconds. A span without data has no point. */
export interface SeriesPoint {
  /** Start of the span, ISO 8601 UTC. */
  readonly at: string;
  readonly count: number;
  readonly errors: number;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  readonly avg: number | null;
  readonly max: number | null;
}

/** What a service reports of a minute beside its timings. */
export type UsageMinute = Omit<MinuteReport, 'operations'>;

/** Errors, AI tokens and AI cost in the span of one point. A span in which there was none of them has no point. */
export interface UsagePoint {
  /** Start of the span, ISO 8601 UTC. */
  readonly at: string;
  readonly errors_by_type: Readonly<Record<string, number>>;
  /** Tokens of all kinds by model. */
  readonly tokens: Readonly<Record<string, number>>;
  /** Of the calls whose price is known. */
  readonly cost_usd: number;
  /** Calls of models without a price: their cost is missing in `cost_usd`, never 0. */
  readonly cost_unknown_calls: number;
}

/** What `store` and `storeUsage` did. Refused: malformed, older than the 48 hours for which minutes are kept, or from the future. */
export interface StoreResult {
  readonly accepted: number;
  readonly refused: number;
}

/** What `prune` did. */
export interface PruneResult {
  readonly droppedPartitions: readonly string[];
}

/** History of operation timings; the memory and the PostgreSQL adapter answer alike. */
export interface MetricsHistory {
  /** Stores minutes. A minute that is there already is kept as it is, so a repeated call changes nothing. */
  store(rows: readonly MinuteRow[]): Promise<StoreResult>;
  /** Keeps the newest report or samples of a service; an older instant than the stored one is ignored. */
  storeLatest(service: string, at: string, report: MetricsReport | null, samples?: readonly Sample[]): Promise<void>;
  latest(): Promise<readonly LatestRow[]>;
  series(query: SeriesQuery): Promise<readonly SeriesPoint[]>;
  /** Stores what a service counted beside its timings. A minute that is there already is kept as it is. */
  storeUsage(service: string, minutes: readonly UsageMinute[]): Promise<StoreResult>;
  usageSeries(query: UsageQuery): Promise<readonly UsagePoint[]>;
  /** Rolls minutes up, prepares partitions ahead and drops those past retention. Call it hourly. */
  prune(now: Date): Promise<PruneResult>;
}
