import { amount, dictionary, type Field, instant, list, Malformed, nullable, optional, shape, text } from './fields.js';
import { MINUTES_KEPT } from './lost-minutes.js';
import type { MetricsReport, PerformanceReport, Quantiles } from './report.js';

/** What became of a text that should be a report. */
export type ParsedReport =
  | { readonly outcome: 'report'; readonly report: MetricsReport }
  | { readonly outcome: 'malformed'; readonly message: string };

const time = nullable(amount);
const quantileFields = { count: amount, p50: time, p95: time, p99: time, avg: time, max: time };
const quantiles = shape<Quantiles>(quantileFields);
const operation = shape({ ...quantileFields, errors: amount });
const counts = dictionary(amount);

const activityFields = {
  total_messages: amount,
  total_users: amount,
  total_suggestions: amount,
  total_operations: amount,
  total_errors: amount,
  total_ai_tasks: amount,
  tokens_used: amount,
  cost_usd: amount,
};

const performanceTimes: Field<PerformanceReport> = (value, path) => {
  const always = shape({
    reading_time: quantiles,
    analysis_time: quantiles,
    ai_call_time: quantiles,
    db_query_time: quantiles,
  });
  return { ...dictionary(quantiles)(value, path), ...always(value, path) };
};

const windowReport = shape({
  window_seconds: amount,
  observed_seconds: amount,
  operations: amount,
  errors: amount,
  error_rate_percent: time,
  by_operation: dictionary(operation),
});

const minute = shape({
  minute: instant,
  operations: dictionary(shape({ count: amount, errors: amount, sketch: text })),
  errors_by_type: counts,
  tokens: optional(counts),
  cost_usd: optional(amount),
  cost_unknown_calls: optional(amount),
});

const report = shape({
  service: text,
  timestamp: instant,
  started_at: instant,
  window_minutes: amount,
  performance: performanceTimes,
  usage: shape({ readings_per_hour: time, analyses_per_hour: time, suggestions_total: amount }),
  errors: shape({ rate_percent: time, count_last_hour: amount, by_type: counts }),
  total_messages: amount,
  total_users: amount,
  average_response_time_ms: time,
  error_rate: time,
  success_rate: time,
  total_ai_tasks: amount,
  tokens_used: amount,
  cost_usd: amount,
  cost_unknown_calls: optional(amount),
  uptime_seconds: amount,
  today: shape({ ...activityFields, since: instant }),
  rpc: dictionary(shape({ ...quantileFields, errors: amount, by_code: counts })),
  windows: shape({ '5m': windowReport, '60m': windowReport }),
  counters: shape({ operations: amount, errors: amount }),
  in_flight: list(shape({ id: text, operation: text, started_at: instant, duration_ms: amount }), 20),
  minutes: optional(list(minute, MINUTES_KEPT)),
});

/** Reads what a service answered on `/metrics` as JSON; the first fault is told with its path, never with its content. */
export function parseMetricsReport(value: unknown): ParsedReport {
  try {
    return { outcome: 'report', report: report(value, '') as MetricsReport };
  } catch (error) {
    if (error instanceof Malformed) return { outcome: 'malformed', message: error.message };
    throw error;
  }
}
