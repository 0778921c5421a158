import type { MetricsReport } from './contract/report.js';

/** An operation that is being timed. */
export interface RunningOperation {
  /** Ends it once; with an error it counts as failed. Further calls do nothing. */
  end(error?: unknown): void;
}

/** Tokens of one AI call in disjoint kinds: no token is in two of them. */
export interface TokenUsage {
  readonly model: string;
  /** Input tokens that were not read from or written to a cache. */
  readonly input?: number;
  readonly output?: number;
  readonly cacheRead?: number;
  readonly cacheWrite?: number;
}

export interface ReportOptions {
  /** Adds the sealed minutes after this instant. */
  readonly minutesSince?: Date;
}

/** What a service holds to tell how it is doing. No method throws for what it is given. */
export interface OracleMetrics {
  track<T>(operation: string, fn: () => T): T;
  start(operation: string): RunningOperation;
  record(operation: string, durationMs: number): void;
  recordReadingTime(durationMs: number): void;
  recordAnalysisTime(durationMs: number): void;
  recordAiCallTime(durationMs: number): void;
  recordDbQueryTime(durationMs: number, queryType?: string): void;
  recordError(type: unknown, component?: string): void;
  recordSuggestion(): void;
  recordMessage(): void;
  recordTokens(usage: TokenUsage): void;
  userSeen(id: string | number): void;
  getMetrics(options?: ReportOptions): MetricsReport;
  toPrometheus(): string;
}

export interface MetricsOptions {
  readonly service: string;
  readonly version?: string;
  readonly environment?: string;
  /** Minutes behind `performance`, `usage` and `errors`. Default 60, range 1 … 1,440. */
  readonly windowMinutes?: number;
  /** Milliseconds since 1970; replaces both clocks. Default: the wall clock for windows, the monotonic clock for durations. */
  readonly now?: () => number;
}

export function createMetrics(_options: MetricsOptions): OracleMetrics {
  throw new Error('createMetrics is being built');
}
