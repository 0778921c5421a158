import type { AlertMatcher, MaintenanceWindow, Rule } from '../contract/index.js';
import type { AlertRecord } from './alert-record.js';
import { indexRules, type RuleIndex } from './rule-index.js';

/** What the evaluator must know about a watched service. */
export interface ServiceFacts {
  readonly name: string;
  /** Shown instead of the name in first lines. */
  readonly displayName?: string;
  /** Services whose outage explains this one's. */
  readonly dependsOn?: readonly string[];
}

/** Latest sample of one series. */
export interface Series {
  readonly signal: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  readonly at: number;
}

/** A time in which fires are held. Instants are ms of the evaluator's clock. */
export interface Mute {
  readonly matcher: AlertMatcher;
  readonly from: number;
  readonly until: number;
}

/** What is remembered of one service. */
export interface ServiceMemory {
  readonly series: ReadonlyMap<string, Series>;
  readonly alerts: ReadonlyMap<string, AlertRecord>;
  /**
   * Known while all alerts are at rest: when the one was judged that has waited longest for a word, in ms; `Infinity` when none
   * waits. Until its silence is to be told, time changes nothing here.
   */
  readonly unheardSince?: number;
}

/** Everything `evaluate` knows. Never changed in place. */
export interface EvaluationState {
  readonly rules: readonly Rule[];
  /** Follows from `rules`; see `withRules`. */
  readonly ruleIndex: RuleIndex;
  readonly services: ReadonlyMap<string, ServiceFacts>;
  readonly cooldownMs: number;
  readonly mutes: readonly Mute[];
  readonly maintenance: readonly MaintenanceWindow[];
  /** Since when the evaluator's own sight is sound, in ms: silence before says nothing. Default: ever since. */
  readonly sightedSince?: number;
  readonly memory: ReadonlyMap<string, ServiceMemory>;
  /** Services with an alert that is not at rest; the others need no look between two full passes. */
  readonly busy: ReadonlySet<string>;
}

/** What is known of a service before it says anything. */
export const emptyServiceMemory: ServiceMemory = { series: new Map(), alerts: new Map() };

/** Builds the state before the first observation. */
export function createEvaluationState(config: {
  readonly rules: readonly Rule[];
  readonly services?: readonly ServiceFacts[];
  /** Default 300,000. */
  readonly cooldownMs?: number;
  readonly mutes?: readonly Mute[];
  readonly maintenance?: readonly MaintenanceWindow[];
  readonly alerts?: readonly AlertRecord[];
}): EvaluationState {
  const memory = new Map<string, ServiceMemory>();
  for (const record of config.alerts ?? []) {
    const before = memory.get(record.service) ?? emptyServiceMemory;
    memory.set(record.service, { ...before, alerts: new Map([...before.alerts, [record.key, record]]) });
  }
  return {
    rules: config.rules,
    ruleIndex: indexRules(config.rules),
    services: new Map((config.services ?? []).map((service) => [service.name, service])),
    cooldownMs: config.cooldownMs ?? 300_000,
    mutes: config.mutes ?? [],
    maintenance: config.maintenance ?? [],
    memory,
    busy: new Set(memory.keys()),
  };
}

/** The same state under other rules. */
export function withRules(state: EvaluationState, rules: readonly Rule[]): EvaluationState {
  return { ...state, rules, ruleIndex: indexRules(rules), busy: new Set(state.memory.keys()) };
}

/** The same state with what is remembered besides; its own alerts count where both know one. */
export function withLiveMemory(state: EvaluationState, live: EvaluationState['memory']): EvaluationState {
  const memory = new Map(state.memory);
  for (const [name, { series, alerts }] of live)
    memory.set(name, { series, alerts: new Map([...alerts, ...(memory.get(name)?.alerts ?? [])]) });
  return { ...state, memory, busy: new Set(memory.keys()) };
}

/** All alerts of a state. */
export function allAlerts(state: EvaluationState): readonly AlertRecord[] {
  return [...state.memory.values()].flatMap((memory) => [...memory.alerts.values()]);
}

/** One alert by its key; quick when its service is known. */
export function findAlert(state: EvaluationState, key: string, service?: string): AlertRecord | undefined {
  if (service !== undefined) return state.memory.get(service)?.alerts.get(key);
  for (const memory of state.memory.values()) {
    const record = memory.alerts.get(key);
    if (record !== undefined) return record;
  }
  return undefined;
}
