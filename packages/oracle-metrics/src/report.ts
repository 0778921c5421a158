import { MINUTES_KEPT } from './contract/lost-minutes.js';
import type {
  InFlightOperation,
  MetricsReport,
  MinuteOperation,
  MinuteReport,
  OperationReport,
  PerformanceReport,
  Quantiles,
  RpcReport,
  WindowReport,
} from './contract/report.js';
import type { MetricsState } from './metrics-state.js';
import type { Activity } from './operations/activity.js';
import type { Operation, OperationWindow } from './operations/operation.js';
import { activityCounts, toUsd } from './operations/totals.js';
import { quantilesInMilliseconds } from './sketch/quantiles.js';
import { ExponentialSketch } from './sketch/sketch.js';
import { windowStartMs } from './window/slot-ring.js';
import { MINUTE_MS, minuteOfSlot } from './window/timeline.js';

const HOUR_MS = 60 * MINUTE_MS;
const IN_FLIGHT_LIMIT = 20;

/** A rate per hour is not worked out from less than this. */
const SHORTEST_RATE_MS = MINUTE_MS;

/** The moment of a report. */
interface Moment {
  readonly nowMs: number;
  readonly wallMs: number;
  readonly slot: number;
  readonly uptimeMs: number;
}

function momentOf(state: MetricsState): Moment {
  const nowMs = state.timeline.nowMs();
  const slot = state.slotAt(nowMs);
  const wallMs = state.timeline.wallMs(nowMs);
  return { nowMs, wallMs, slot, uptimeMs: Math.max(0, wallMs - state.timeline.startedAtMs) };
}

function observedMs(windowMs: number, { wallMs, slot, uptimeMs }: Moment): number {
  return Math.max(0, Math.min(uptimeMs, wallMs - windowStartMs(windowMs, slot)));
}

/** What `getMetrics` answers; `minutesSince` adds the sealed minutes after that instant. */
export function buildReport(state: MetricsState, minutesSince?: Date): MetricsReport {
  const moment = momentOf(state);
  const { nowMs, wallMs, slot, uptimeMs } = moment;
  const windowMs = state.options.windowMinutes * MINUTE_MS;
  const windows = new Map([windowMs, 5 * MINUTE_MS, HOUR_MS].map((ms) => [ms, readWindow(state, ms, slot)]));
  const window = (ms: number): Window => windows.get(ms) as Window;
  const main = windowReport(state, window(windowMs), moment);
  const lastHour = state.activity.within(HOUR_MS, slot);
  const totals = state.totals();
  return {
    service: state.options.service,
    timestamp: new Date(wallMs).toISOString(),
    started_at: new Date(state.timeline.startedAtMs).toISOString(),
    window_minutes: state.options.windowMinutes,
    performance: performanceTimes(main),
    usage: {
      readings_per_hour: perHour(window(windowMs), 'reading', moment),
      analyses_per_hour: perHour(window(windowMs), 'analysis', moment),
      suggestions_total: state.suggestions,
    },
    errors: {
      rate_percent: main.error_rate_percent,
      count_last_hour: sum(lastHour.errorsByType.values()),
      by_type: Object.fromEntries(lastHour.errorsByType),
    },
    total_messages: state.messages,
    total_users: state.users.ever,
    average_response_time_ms: averageMs(state, window(windowMs)),
    error_rate: main.error_rate_percent,
    success_rate: main.error_rate_percent === null ? null : round(100 - main.error_rate_percent, 2),
    total_ai_tasks: totals.aiTasks,
    tokens_used: state.ai.tokens,
    cost_usd: toUsd(state.ai.costNanoUsd),
    cost_unknown_calls: state.ai.unknownCalls,
    uptime_seconds: round(uptimeMs / 1000, 3),
    today: {
      ...activityCounts(totals, state.dayBase, state.users.today),
      since: new Date(Math.max(state.dayStartedAtMs, state.timeline.startedAtMs)).toISOString(),
    },
    rpc: rpcReport(state, windowMs, slot),
    windows: {
      '5m': windowReport(state, window(5 * MINUTE_MS), moment),
      '60m': windowReport(state, window(HOUR_MS), moment),
    },
    counters: { operations: totals.operations, errors: totals.errors },
    in_flight: inFlight(state, nowMs),
    ...(minutesSince === undefined ? {} : { minutes: minuteReports(state, minutesSince, slot) }),
  };
}

/** What every operation did in a window: read once, used for every figure of it. */
interface Window {
  readonly windowMs: number;
  readonly byName: ReadonlyMap<string, OperationWindow>;
}

function readWindow(state: MetricsState, windowMs: number, slot: number): Window {
  const read = [...state.operations.all()].map(
    (operation) => [operation.name, operation.within(windowMs, slot)] as const,
  );
  return { windowMs, byName: new Map(read.filter(([, { sketch }]) => sketch.count > 0)) };
}

function windowReport(state: MetricsState, { windowMs, byName }: Window, moment: Moment): WindowReport {
  const counted = state.counted().flatMap(({ name }) => byName.get(name) ?? []);
  const operations = sum(counted.map(({ sketch }) => sketch.count));
  const errors = state.activity.within(windowMs, moment.slot).bareErrors + sum(counted.map((window) => window.errors));
  return {
    window_seconds: windowMs / 1000,
    observed_seconds: round(observedMs(windowMs, moment) / 1000, 3),
    operations,
    errors,
    error_rate_percent: operations === 0 ? null : round(Math.min(100, (errors / operations) * 100), 2),
    by_operation: Object.fromEntries([...byName].map(([name, window]) => [name, operationReport(window)])),
  };
}

function operationReport({ sketch, errors }: OperationWindow): OperationReport {
  return { ...quantilesInMilliseconds(sketch), errors };
}

function performanceTimes(window: WindowReport): PerformanceReport {
  const none = quantilesInMilliseconds(new ExponentialSketch());
  const times = Object.entries(window.by_operation).map(([name, { count, p50, p95, p99, avg, max }]) => [
    `${name}_time`,
    { count, p50, p95, p99, avg, max },
  ]);
  const always: Record<string, Quantiles> = {
    reading_time: none,
    analysis_time: none,
    ai_call_time: none,
    db_query_time: none,
  };
  return { ...always, ...(Object.fromEntries(times) as Record<string, Quantiles>) } as unknown as PerformanceReport;
}

/** Per hour of the time really observed: a process ten minutes old does not divide by sixty. */
function perHour({ windowMs, byName }: Window, name: string, moment: Moment): number {
  const count = byName.get(name)?.sketch.count ?? 0;
  return round((count * HOUR_MS) / Math.max(observedMs(windowMs, moment), SHORTEST_RATE_MS), 2);
}

function averageMs(state: MetricsState, { byName }: Window): number | null {
  const counted = state.counted().flatMap(({ name }) => byName.get(name)?.sketch ?? []);
  const count = sum(counted.map((sketch) => sketch.count));
  return count === 0 ? null : round((sum(counted.map((sketch) => sketch.sum)) / count) * 1000, 6);
}

function rpcReport(state: MetricsState, windowMs: number, slot: number): Readonly<Record<string, RpcReport>> {
  const methods = [...state.rpc.all()].map((method) => [
    method.name,
    {
      ...operationReport(method.within(windowMs, slot)),
      by_code: Object.fromEntries(state.rpcCodes.get(method.name) ?? []),
    },
  ]);
  return Object.fromEntries(methods) as Record<string, RpcReport>;
}

function inFlight(state: MetricsState, nowMs: number): readonly InFlightOperation[] {
  return state.runs.oldest(IN_FLIGHT_LIMIT).map((run) => ({
    id: `${state.timeline.startedAtMs.toString(36)}-${run.serial}`,
    operation: run.operation.name,
    started_at: new Date(state.timeline.wallMs(run.startedMonotonicMs)).toISOString(),
    duration_ms: round(Math.max(0, nowMs - run.startedMonotonicMs), 3),
  }));
}

/**
 * The sealed minutes after an instant: either the `minute` of the last report that was stored, which is not sent
 * again, or any other instant, whose own minute was not yet sealed then and is sent.
 */
function minuteReports(state: MetricsState, since: Date, slot: number): readonly MinuteReport[] {
  const exact = since.getTime() / MINUTE_MS;
  const after = Number.isInteger(exact) ? exact : Math.floor(exact) - 1;
  const found = new Map<number, { operations: [string, MinuteOperation][] }>();
  const at = (minute: number) => {
    const known = found.get(minute) ?? { operations: [] };
    found.set(minute, known);
    return known;
  };
  for (const operation of state.operations.all()) addMinutes(operation, after, slot, at);
  const activities = new Map(state.activity.minutesAfter(after, slot).map((part) => [part.at, part.value]));
  for (const minute of activities.keys()) at(minute);
  const oldest = minuteOfSlot(slot) - MINUTES_KEPT;
  return [...found.keys()]
    .filter((minute) => minute >= oldest)
    .sort((a, b) => a - b)
    .map((minute) => minuteReport(minute, found.get(minute)?.operations ?? [], activities.get(minute)));
}

function minuteReport(
  minute: number,
  operations: readonly [string, MinuteOperation][],
  activity: Activity | undefined,
): MinuteReport {
  const report = {
    minute: new Date(minute * MINUTE_MS).toISOString(),
    operations: Object.fromEntries(operations),
    errors_by_type: Object.fromEntries(activity?.errorsByType ?? []),
  };
  if (activity === undefined || activity.tokensByModel.size === 0) return report;
  return {
    ...report,
    tokens: Object.fromEntries(activity.tokensByModel),
    cost_usd: toUsd(activity.costNanoUsd),
    ...(activity.unknownCostCalls === 0 ? {} : { cost_unknown_calls: activity.unknownCostCalls }),
  };
}

function addMinutes(
  operation: Operation,
  after: number,
  slot: number,
  at: (minute: number) => { operations: [string, MinuteOperation][] },
): void {
  for (const part of operation.minutesAfter(after, slot)) {
    const { count } = new ExponentialSketch().addEncoded(part.value.bytes);
    const entry = { count, errors: part.value.errors, sketch: Buffer.from(part.value.bytes).toString('base64') };
    at(part.at).operations.push([operation.name, entry]);
  }
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

function round(value: number, digits: number): number {
  return Math.round(value * 10 ** digits) / 10 ** digits;
}
