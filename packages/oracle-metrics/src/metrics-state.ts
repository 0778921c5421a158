import { AiUsage } from './ai-cost/ai-usage.js';
import type { PriceList } from './ai-cost/cost.js';
import { cleanUsage, type TokenUsage, totalTokens } from './ai-cost/token-usage.js';
import { MINUTES_KEPT } from './contract/lost-minutes.js';
import { ActivityLog } from './operations/activity.js';
import { secondsOf } from './operations/duration.js';
import { errorTypeOf } from './operations/error-type.js';
import type { Operation } from './operations/operation.js';
import { Operations, OVERFLOW_NAME } from './operations/operations.js';
import { type Run, type RunObserver, Runs } from './operations/runs.js';
import { localMidnightMs, nextLocalMidnightMs, type Totals } from './operations/totals.js';
import { type Counter, overflowOptions, type Registry } from './registry/registry.js';
import { UserCounts } from './users/user-counts.js';
import type { Timeline } from './window/timeline.js';

/** Names of operations told apart. */
const OPERATIONS_LIMIT = 200;

/** Status names told apart for each RPC method; gRPC has 17. */
const CODES_LIMIT = 50;

export interface StateOptions {
  readonly service: string;
  readonly windowMinutes: number;
  readonly parts: readonly string[];
}

export interface StateParts {
  readonly timeline: Timeline;
  readonly registry: Registry;
  readonly prices: PriceList;
}

/** Everything that was recorded. The report and the exposition read it; the public face writes it. */
export class MetricsState implements RunObserver {
  readonly options: StateOptions;
  readonly timeline: Timeline;
  readonly operations: Operations;
  readonly rpc: Operations;
  readonly activity: ActivityLog;
  readonly ai = new AiUsage();
  readonly users = new UserCounts();
  readonly runs = new Runs(this);
  readonly rpcCodes = new Map<string, Map<string, number>>();
  readonly #parts: ReadonlySet<string>;
  readonly #prices: PriceList;
  readonly #errorsTotal: Counter<'error_type' | 'component'>;
  readonly #rejected: Counter;
  messages = 0;
  suggestions = 0;
  bareErrors = 0;
  /** What the totals were at local midnight; `null` on the first day. */
  dayBase: Totals | null = null;
  dayStartedAtMs: number;
  #dayEndsAtMs: number;
  #slot = 0;

  constructor(options: StateOptions, { timeline, registry, prices }: StateParts) {
    const minutes = Math.max(options.windowMinutes, MINUTES_KEPT);
    this.options = options;
    this.timeline = timeline;
    const overflow = registry.counter(overflowOptions);
    const namesOf = (metric: string): Operations =>
      new Operations({ minutes, limit: OPERATIONS_LIMIT, onOverflow: () => overflow.inc({ metric }) });
    this.operations = namesOf('operations_total');
    this.rpc = namesOf('rpc_requests_total');
    this.activity = new ActivityLog(minutes);
    this.dayStartedAtMs = localMidnightMs(timeline.startedAtMs);
    this.#dayEndsAtMs = nextLocalMidnightMs(timeline.startedAtMs);
    this.#parts = new Set(options.parts);
    this.#prices = prices;
    this.#errorsTotal = registry.counter({
      name: 'errors_total',
      help: 'Errors by type and by the component that met them.',
      labels: ['error_type', 'component'],
    });
    this.#rejected = registry.counter({
      name: 'metrics_rejected_values_total',
      help: 'Measurements that were not recorded because they were negative or not a number.',
    });
  }

  /** The slot of this moment; the day turns here too. */
  slotAt(monotonicMs: number): number {
    const slot = this.timeline.slotAt(monotonicMs);
    if (slot !== this.#slot) this.#turnDay(slot, monotonicMs);
    return slot;
  }

  now(): number {
    return this.slotAt(this.timeline.nowMs());
  }

  #turnDay(slot: number, monotonicMs: number): void {
    this.#slot = slot;
    const wallMs = this.timeline.wallMs(monotonicMs);
    if (wallMs < this.#dayEndsAtMs) return;
    this.dayStartedAtMs = localMidnightMs(wallMs);
    this.#dayEndsAtMs = nextLocalMidnightMs(wallMs);
    this.dayBase = this.totals();
    this.users.startDay();
  }

  start(name: string): Run {
    return this.runs.start(this.operations.get(name), this.timeline.nowMs());
  }

  runEnded(run: Run, error: unknown): void {
    const nowMs = this.timeline.nowMs();
    const failed = error !== undefined && error !== null;
    const slot = this.slotAt(nowMs);
    // A clock handed in may go back; a run then took no time.
    run.operation.record(slot, Math.max(0, nowMs - run.startedMonotonicMs) / 1000, failed);
    if (failed) this.#countError(slot, errorTypeOf(error), run.operation.name, false);
  }

  record(name: string, durationMs: number): void {
    if (!this.operations.get(name).record(this.now(), secondsOf(durationMs), false)) this.#rejected.inc();
  }

  recordRpc(method: string, code: string, durationMs: number, failed: boolean): void {
    const operation = this.rpc.get(method);
    if (!operation.record(this.now(), secondsOf(durationMs), failed)) this.#rejected.inc();
    const codes = this.rpcCodes.get(operation.name) ?? new Map<string, number>();
    const status = typeof code === 'string' ? code : 'UNKNOWN';
    const name = codes.has(status) || codes.size < CODES_LIMIT ? status : OVERFLOW_NAME;
    codes.set(name, (codes.get(name) ?? 0) + 1);
    this.rpcCodes.set(operation.name, codes);
  }

  /** Like everything that counts per day it looks at the clock first, so that the day has turned before it counts. */
  recordMessage(): void {
    this.now();
    this.messages++;
  }

  recordSuggestion(): void {
    this.now();
    this.suggestions++;
  }

  recordError(type: unknown, component: string): void {
    const slot = this.now();
    this.bareErrors++;
    this.#countError(slot, errorTypeOf(type), component, true);
  }

  #countError(slot: number, type: string, component: string, bare: boolean): void {
    this.#errorsTotal.inc({ error_type: this.activity.addError(slot, type, bare), component });
  }

  recordTokens(given: TokenUsage): void {
    const usage = cleanUsage(given);
    const slot = this.now();
    const costNanoUsd = this.#prices.cost(usage, new Date(this.timeline.wallMs(this.timeline.nowMs())));
    const model = this.activity.addTokens(slot, usage.model, totalTokens(usage), costNanoUsd);
    this.ai.add(model, usage, costNanoUsd);
  }

  /**
   * The operations that count in rates: not those that are parts of others (an AI call, a query), which would dilute
   * them. In a service that only ever made such calls they are all there is, and count.
   */
  counted(): readonly Operation[] {
    const all = [...this.operations.all()].filter((operation) => operation.count > 0);
    const whole = all.filter((operation) => !this.#parts.has(operation.name));
    return whole.length > 0 ? whole : all;
  }

  totals(): Totals {
    const counted = this.counted();
    return {
      messages: this.messages,
      suggestions: this.suggestions,
      operations: counted.reduce((sum, operation) => sum + operation.count, 0),
      errors: this.bareErrors + counted.reduce((sum, operation) => sum + operation.errors, 0),
      aiTasks: this.operations.find('ai_call')?.count ?? 0,
      tokens: this.ai.tokens,
      costNanoUsd: this.ai.costNanoUsd,
    };
  }
}
