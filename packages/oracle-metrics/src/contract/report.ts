/** Order statistics of durations in milliseconds; every time is `null` while nothing was recorded, never 0. */
export interface Quantiles {
  readonly count: number;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  readonly avg: number | null;
  readonly max: number | null;
}

/** One operation inside a window: its times and how many of its runs failed. */
export interface OperationReport extends Quantiles {
  readonly errors: number;
}

/** What happened in the last `window_seconds`, or in the `observed_seconds` since the process started if that is shorter. */
export interface WindowReport {
  readonly window_seconds: number;
  readonly observed_seconds: number;
  readonly operations: number;
  readonly errors: number;
  /** Failed operations per hundred, at most 100; `null` without operations. */
  readonly error_rate_percent: number | null;
  readonly by_operation: Readonly<Record<string, OperationReport>>;
}

/** One RPC method in the report's window. */
export interface RpcReport extends OperationReport {
  /** Calls by gRPC status name (`OK`, `INTERNAL` …), since the process started. */
  readonly by_code: Readonly<Record<string, number>>;
}

/** The totals that are also kept per local day. */
export interface ActivityCounts {
  readonly total_messages: number;
  readonly total_users: number;
  readonly total_suggestions: number;
  readonly total_operations: number;
  readonly total_errors: number;
  readonly total_ai_tasks: number;
  readonly tokens_used: number;
  readonly cost_usd: number;
}

/** An operation that has not ended yet. */
export interface InFlightOperation {
  readonly id: string;
  readonly operation: string;
  readonly started_at: string;
  readonly duration_ms: number;
}

/** One operation in one sealed UTC minute. */
export interface MinuteOperation {
  readonly count: number;
  readonly errors: number;
  /** base64 of the sketch's `encode()`; its values are seconds. */
  readonly sketch: string;
}

/** One sealed UTC minute: what a collector stores as history. */
export interface MinuteReport {
  /** Start of the minute, ISO 8601 UTC. */
  readonly minute: string;
  readonly operations: Readonly<Record<string, MinuteOperation>>;
  readonly errors_by_type: Readonly<Record<string, number>>;
  /** Tokens of all kinds by model; only in a minute with AI calls, like the two below. */
  readonly tokens?: Readonly<Record<string, number>>;
  /** Of the calls whose price is known. */
  readonly cost_usd?: number;
  /** Calls of models without a price; absent when there was none. */
  readonly cost_unknown_calls?: number;
}

/** Times by operation; the first four are always there, any other operation appears as `<name>_time`. */
export interface PerformanceReport extends Readonly<Record<string, Quantiles>> {
  readonly reading_time: Quantiles;
  readonly analysis_time: Quantiles;
  readonly ai_call_time: Quantiles;
  readonly db_query_time: Quantiles;
}

/** The JSON a service answers on `/metrics`. */
export interface MetricsReport {
  readonly service: string;
  readonly timestamp: string;
  readonly started_at: string;
  readonly window_minutes: number;
  readonly performance: PerformanceReport;
  readonly usage: {
    readonly readings_per_hour: number | null;
    readonly analyses_per_hour: number | null;
    readonly suggestions_total: number;
  };
  readonly errors: {
    readonly rate_percent: number | null;
    readonly count_last_hour: number;
    readonly by_type: Readonly<Record<string, number>>;
  };
  readonly total_messages: number;
  readonly total_users: number;
  readonly average_response_time_ms: number | null;
  /** Same figure as `errors.rate_percent`. */
  readonly error_rate: number | null;
  readonly success_rate: number | null;
  readonly total_ai_tasks: number;
  readonly tokens_used: number;
  /** Of the calls whose price is known. */
  readonly cost_usd: number;
  /** Calls of models without a price: their cost is missing in `cost_usd`, never 0. Absent from older services. */
  readonly cost_unknown_calls?: number;
  readonly uptime_seconds: number;
  /** The same counts since local midnight. */
  readonly today: ActivityCounts & { readonly since: string };
  readonly rpc: Readonly<Record<string, RpcReport>>;
  readonly windows: { readonly '5m': WindowReport; readonly '60m': WindowReport };
  /** Never falling while the process lives. */
  readonly counters: { readonly operations: number; readonly errors: number };
  /** The twenty that have been running longest. */
  readonly in_flight: readonly InFlightOperation[];
  /** Only when asked for with `?minutes_since=ISO`: sealed minutes after that instant, at most 120. */
  readonly minutes?: readonly MinuteReport[];
}
