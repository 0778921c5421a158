import { createPriceList } from './ai-cost/cost.js';
import type { ModelPrice } from './ai-cost/prices.js';
import type { TokenUsage } from './ai-cost/token-usage.js';
import type { MetricsReport } from './contract/report.js';
import { defaultMetrics } from './defaults/index.js';
import { MetricsError } from './errors.js';
import { type TextFormat, writeText } from './exposition/text.js';
import { MetricsState } from './metrics-state.js';
import { secondsOf } from './operations/duration.js';
import type { RunningOperation } from './operations/runs.js';
import { trackRun } from './operations/track.js';
import { createRegistry, type Registry } from './registry/registry.js';
import { buildReport } from './report.js';
import { stateFamilies } from './state-families.js';
import { createClock, Timeline } from './window/timeline.js';

export interface ReportOptions {
  /** Adds the sealed minutes after this instant, at most the last 120. */
  readonly minutesSince?: Date;
}

/** What a service holds to tell how it is doing. No method throws for what it is given to record. */
export interface OracleMetrics {
  /**
   * Times `fn`: to its return, to the settlement of its promise, or from the first `next` of its generator to its end.
   * Result and error pass through unchanged; a failure counts as an operation and as an error.
   */
  track<T>(operation: string, fn: () => T): T;
  start(operation: string): RunningOperation;
  /** Records a run that went well. */
  record(operation: string, durationMs: number): void;
  recordReadingTime(durationMs: number): void;
  recordAnalysisTime(durationMs: number): void;
  recordAiCallTime(durationMs: number): void;
  /** `queryType` is the kind of statement (`select`, `insert` …). Default `unknown`. */
  recordDbQueryTime(durationMs: number, queryType?: string): void;
  /** Counts an error without an operation. An Error counts under its code word or class, never its message. */
  recordError(type: unknown, component?: string): void;
  recordSuggestion(): void;
  recordMessage(): void;
  recordTokens(usage: TokenUsage): void;
  /** Only an estimate of how many different ids were seen is kept, never an id. */
  userSeen(id: string | number): void;
  /** For instrumentation of RPC servers: one call of a method, its status name, and whether that is the server's fault. */
  recordRpc(method: string, code: string, durationMs: number, failed: boolean): void;
  getMetrics(options?: ReportOptions): MetricsReport;
  /** All metrics as text. Default format `prometheus` (0.0.4). */
  toPrometheus(format?: TextFormat): string;
  /** For metrics of one's own. */
  readonly registry: Registry;
  /** Watches the event loop's delay and garbage collection from now on; neither keeps the process alive. */
  startWatching(): void;
  stopWatching(): void;
}

export interface MetricsOptions {
  /** Name of the service, as the dashboard shows it. */
  readonly service: string;
  /** Default `0.0.0`. */
  readonly version?: string;
  /** Default `production`. */
  readonly environment?: string;
  /** Minutes behind `performance`, `usage` and `errors`. Default 60, range 1 … 1,440. */
  readonly windowMinutes?: number;
  /** Milliseconds since 1970 in the place of both clocks. Default: the wall clock for windows, the monotonic one for durations. */
  readonly now?: () => number;
  /** Operations that are steps of others and so do not count in rates and averages. Default `ai_call` and `db_query`. */
  readonly parts?: readonly string[];
  /** Series per metric; see {@link Registry}. Default 1,000. */
  readonly maxSeries?: number;
  /** Prices that go before the published ones. */
  readonly prices?: readonly ModelPrice[];
}

/**
 * Metrics of one service in one process.
 * @throws MetricsError `INVALID_OPTION`
 */
export function createMetrics(options: MetricsOptions): OracleMetrics {
  const { windowMinutes = 60, parts = ['ai_call', 'db_query'] } = options;
  checkOptions(options.service, windowMinutes);
  const registry = createRegistry(options.maxSeries === undefined ? {} : { maxSeries: options.maxSeries });
  const state = new MetricsState(
    { service: options.service, windowMinutes, parts },
    { timeline: new Timeline(createClock(options.now)), registry, prices: createPriceList(options.prices) },
  );
  const { version = '0.0.0', environment = 'production' } = options;
  registry.collect(() => stateFamilies(state, { version, environment }));
  const defaults = defaultMetrics.map((create) => create(registry));
  return {
    ...recorders(state, registry),
    ...readers(state, registry),
    registry,
    startWatching: () => defaults.forEach((metric) => metric.start()),
    stopWatching: () => defaults.forEach((metric) => metric.stop()),
  };
}

function recorders(state: MetricsState, registry: Registry) {
  const queries = registry.histogram({
    name: 'db_query_duration_seconds',
    help: 'Time of database queries.',
    labels: ['query_type'],
  });
  return {
    track: <T>(operation: string, fn: () => T): T => trackRun(() => state.start(operation), fn),
    start: (operation: string) => state.start(operation),
    record: (operation: string, durationMs: number) => state.record(operation, durationMs),
    recordReadingTime: (durationMs: number) => state.record('reading', durationMs),
    recordAnalysisTime: (durationMs: number) => state.record('analysis', durationMs),
    recordAiCallTime: (durationMs: number) => state.record('ai_call', durationMs),
    recordDbQueryTime(durationMs: number, queryType = 'unknown') {
      state.record('db_query', durationMs);
      queries.observe(secondsOf(durationMs), { query_type: queryType });
    },
    recordError: (type: unknown, component = state.options.service) => state.recordError(type, component),
    recordSuggestion: () => state.recordSuggestion(),
    recordMessage: () => state.recordMessage(),
    recordTokens: (usage: TokenUsage) => state.recordTokens(usage),
    userSeen: (id: string | number) => state.users.seen(id, state.now()),
    recordRpc: (method: string, code: string, durationMs: number, failed: boolean) =>
      state.recordRpc(method, code, durationMs, failed),
  };
}

function readers(state: MetricsState, registry: Registry) {
  const overhead = registry.counter({
    name: 'monitoring_overhead_seconds_total',
    help: 'Time the service spent on telling its metrics.',
  });
  function timed<T>(read: () => T): T {
    const startedAtMs = performance.now();
    const result = read();
    overhead.inc({}, (performance.now() - startedAtMs) / 1000);
    return result;
  }
  return {
    getMetrics: ({ minutesSince }: ReportOptions = {}) => timed(() => buildReport(state, minutesSince)),
    toPrometheus: (format: TextFormat = 'prometheus') => timed(() => writeText(registry.families(), format)),
  };
}

function checkOptions(service: unknown, windowMinutes: unknown): void {
  if (typeof service !== 'string' || service === '') {
    throw new MetricsError('INVALID_OPTION', `service must be the name of the service, got ${typeof service}.`);
  }
  if (!(Number.isInteger(windowMinutes) && Number(windowMinutes) >= 1 && Number(windowMinutes) <= 1440)) {
    throw new MetricsError(
      'INVALID_OPTION',
      `windowMinutes must be a whole number from 1 to 1440, got ${String(windowMinutes)}.`,
    );
  }
}
