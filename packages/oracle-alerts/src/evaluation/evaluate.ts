import type { AlertEvent, AlertEventKind, Observation, Rule } from '../contract/index.js';
import type { AlertRecord } from './alert-record.js';
import { type EvaluationState, emptyServiceMemory, type ServiceMemory } from './evaluation-state.js';
import { causeEndedAt, findHold, findInhibiting, isFlapping, isInhibited, isMuted } from './gate.js';
import { absorb, advance, type Step } from './lifecycle.js';
import { untoldOccurrences, withEndedDropped, withOccurrencesTold } from './occurrences.js';
import { applyRule, type Draft, judgeEach, rememberSeries } from './samples.js';
import { concerns } from './verdict.js';

/** A state after one call, and what happened in it. */
export interface Evaluated {
  readonly state: EvaluationState;
  readonly events: readonly AlertEvent[];
}

/** Without a word for so long, an alert is in `no_data` (two windows of 5 min). */
const NO_DATA_AFTER_MS = 600_000;
/** A service that just came back has so long to say something. */
const SETTLED_AFTER_MS = 60_000;

/**
 * Judges observations and walks every alert as far as samples and time allow. Pure: the same state, observations and
 * instant always give the same result, so that running live, replaying and testing rules are one thing.
 * @param observations in the order in which they were made
 * @param now ms on the same clock as the observations' `at`
 */
export function evaluate(state: EvaluationState, observations: readonly Observation[], now: number): Evaluated {
  const turn = new Turn(state, now);
  turn.take(observations);
  turn.letTimePass(observations.length === 0 ? 'all' : 'busy');
  turn.openGates();
  return { state: { ...state, memory: turn.memory, busy: turn.busy }, events: turn.events };
}

/** One call of `evaluate`: copies what it changes. */
class Turn {
  readonly memory: Map<string, ServiceMemory>;
  readonly events: AlertEvent[] = [];
  readonly #state: EvaluationState;
  readonly #now: number;
  readonly #rules: ReadonlyMap<string, Rule>;
  readonly busy: Set<string>;

  constructor(state: EvaluationState, now: number) {
    this.#state = state;
    this.#now = now;
    this.memory = new Map(state.memory);
    this.#rules = state.ruleIndex.byName;
    this.busy = new Set(state.busy);
  }

  take(observations: readonly Observation[]): void {
    const { bySignal, remembered } = this.#state.ruleIndex;
    for (const report of groupReports(observations)) {
      const [first] = report;
      if (first === undefined) continue;
      const samples = samplesByRule(report, bySignal);
      if (samples.size === 0) continue;
      const draft = this.#draft(first.service);
      rememberSeries(
        draft,
        report.filter(({ signal }) => remembered.has(signal)),
      );
      for (const [rule, own] of samples) applyRule(draft, rule, own, first.at);
      this.memory.set(first.service, { series: draft.series, alerts: draft.alerts });
      this.busy.add(first.service);
    }
  }

  /** What needs no new sample: durations that are reached, occurrences that are over, data that stay away. */
  letTimePass(scope: 'busy' | 'all'): void {
    for (const service of scope === 'all' ? [...this.memory.keys()] : [...this.busy]) {
      const memory = this.memory.get(service) ?? emptyServiceMemory;
      if (memory.unheardSince !== undefined && !this.#isOverdue(memory.unheardSince)) {
        this.busy.delete(service);
        continue;
      }
      let isBusy = false;
      let unheardSince = Number.POSITIVE_INFINITY;
      for (const record of memory.alerts.values()) {
        if (this.#isAtRest(record)) {
          unheardSince = Math.min(unheardSince, waitsSince(record));
          continue;
        }
        const rule = this.#rules.get(record.rule);
        if (rule === undefined) {
          // Looked at each time: its rule may come back.
          unheardSince = Number.NEGATIVE_INFINITY;
          continue;
        }
        const after = this.#timePassed(record, rule, memory);
        this.#store(service, record, after);
        if (!this.#isAtRest(after)) isBusy = true;
        unheardSince = Math.min(unheardSince, waitsSince(after));
      }
      if (isBusy) this.busy.add(service);
      else this.#rest(service, unheardSince);
    }
  }

  #rest(service: string, unheardSince: number): void {
    this.busy.delete(service);
    this.memory.set(service, { ...(this.memory.get(service) ?? emptyServiceMemory), unheardSince });
  }

  #timePassed(record: AlertRecord, rule: Rule, memory: ServiceMemory): AlertRecord {
    let next = record;
    if (rule.each !== undefined && record.openedAt !== null) {
      const verdict = judgeEach(memory, record, rule, this.#now);
      if (verdict.word === 'good') next = absorb(record, verdict, this.#now);
    }
    const before = next;
    const advanced = advance(next, rule, this.#now);
    next = advanced.record;
    for (const step of advanced.steps) this.#onStep(step === 'ended' ? before : next, rule, step, this.#now);
    return this.#isSilent(next) && next.phase !== 'no_data' ? { ...next, phase: 'no_data' } : next;
  }

  /** An alert that is well and was heard of needs no walk. */
  #isAtRest(record: AlertRecord): boolean {
    return record.phase === 'ok' && record.badRun === 0 && record.openedAt === null && !this.#isSilent(record);
  }

  #isSilent(record: AlertRecord): boolean {
    return this.#isOverdue(waitsSince(record));
  }

  /** Whether the last word is too long ago, in a time in which words would have been heard. */
  #isOverdue(unheardSince: number): boolean {
    return this.#now - Math.max(unheardSince, this.#state.sightedSince ?? 0) >= NO_DATA_AFTER_MS;
  }

  /** Tells, holds and reminds. Comes last: what inhibits must be known. */
  openGates(): void {
    const inhibiting = findInhibiting(this.memory, this.busy, this.#rules);
    for (const service of this.busy) {
      for (const record of (this.memory.get(service) ?? emptyServiceMemory).alerts.values()) {
        const rule = this.#rules.get(record.rule);
        if (rule === undefined) continue;
        if (record.phase === 'no_data') this.#store(service, record, this.#missed(record, rule, inhibiting));
        else if (record.openedAt !== null) this.#store(service, record, this.#gated(record, rule, inhibiting));
      }
    }
  }

  #gated(record: AlertRecord, rule: Rule, inhibiting: ReadonlySet<string>): AlertRecord {
    const untold = untoldOccurrences(record);
    if (record.announcedAt !== null && untold.length === 0) return this.#reminded(record, rule, inhibiting);
    if (record.phase !== 'firing') return record;
    const hold = findHold(record, rule, this.#state, inhibiting, this.#now);
    if (hold === null) return this.#outlivesCause(record, rule) ? this.#fired(record, rule) : record;
    const held = rule.each === undefined ? record : withEndedDropped(record, rule, this.#now);
    // Said once a hold: what comes and goes within it is in the alert's detail.
    if (hold !== record.hold) this.#say(held, rule, 'held', { hold });
    return { ...held, hold };
  }

  /** What an outage explained fires once a figure from after that outage says so, not on what was known before. */
  #outlivesCause(record: AlertRecord, rule: Rule): boolean {
    if (record.hold !== 'inhibited') return true;
    return (record.judgedAt ?? 0) >= (causeEndedAt(record, rule, this.#current()) ?? 0);
  }

  /** Says that data stay away, unless that is explained or nobody wants to know. */
  #missed(record: AlertRecord, rule: Rule, inhibiting: ReadonlySet<string>): AlertRecord {
    if (record.noDataTold || isMuted(record, rule, this.#state, this.#now)) return record;
    if (isInhibited(record, rule, this.#state, inhibiting)) return record;
    const endedAt = causeEndedAt(record, rule, this.#current());
    if (endedAt !== null && this.#now - endedAt < SETTLED_AFTER_MS) return record;
    this.#say(record, rule, 'no_data');
    return { ...record, noDataTold: true };
  }

  #current(): EvaluationState {
    return { ...this.#state, memory: this.memory };
  }

  #fired(record: AlertRecord, rule: Rule): AlertRecord {
    const flapping = isFlapping(record, rule, this.#now);
    const fired: AlertRecord = withOccurrencesTold({
      ...record,
      // A further occurrence within one open alert is a message of its own.
      incident: record.announcedAt === null ? record.incident : record.incident + 1,
      announcedAt: this.#now,
      lastFireAt: this.#now,
      toldAs: { severity: rule.severity, unit: rule.unit, threshold: rule.threshold },
      remindedAt: this.#now,
      hold: null,
      flapLevel: flapping ? Math.min(record.flapLevel + 1, 8) : 0,
    });
    this.#say(fired, rule, 'fired', flapping ? { isFlapping: true } : {});
    return fired;
  }

  #reminded(record: AlertRecord, rule: Rule, inhibiting: ReadonlySet<string>): AlertRecord {
    if (rule.repeatSeconds === undefined || record.phase !== 'firing') return record;
    if (this.#now - (record.remindedAt ?? this.#now) < rule.repeatSeconds * 1000) return record;
    if (record.acknowledgedUntil !== null && this.#now < record.acknowledgedUntil) return record;
    if (isMuted(record, rule, this.#state, this.#now) || isInhibited(record, rule, this.#state, inhibiting))
      return record;
    this.#say(record, rule, 'reminded');
    return { ...record, remindedAt: this.#now };
  }

  #draft(service: string): Draft {
    const { series, alerts } = this.memory.get(service) ?? emptyServiceMemory;
    return {
      service,
      series: new Map(series),
      alerts: new Map(alerts),
      onStep: (record, rule, step, at) => this.#onStep(record, rule, step, at),
    };
  }

  #onStep(record: AlertRecord, rule: Rule, step: Step, at: number): void {
    if (step === 'pending') this.#say(record, rule, 'pending', { at });
    if (step === 'ended') this.#say(record, rule, record.announcedAt === null ? 'dismissed' : 'resolved', { at });
  }

  #store(service: string, before: AlertRecord, after: AlertRecord): void {
    if (before === after) return;
    const memory = this.memory.get(service) ?? emptyServiceMemory;
    this.memory.set(service, { series: memory.series, alerts: new Map(memory.alerts).set(after.key, after) });
  }

  #say(record: AlertRecord, rule: Rule, kind: AlertEventKind, extra: Partial<AlertEvent> = {}): void {
    this.events.push(alertEvent(record, rule, kind, this.#now, extra));
  }
}

/** Since when a word is waited for; `Infinity` when none is, or its absence was told. */
function waitsSince({ noDataTold, judgedAt }: AlertRecord): number {
  return noDataTold || judgedAt === null ? Number.POSITIVE_INFINITY : judgedAt;
}

/** Writes one event down. */
export function alertEvent(
  record: AlertRecord,
  rule: Rule,
  kind: AlertEventKind,
  now: number,
  extra: Partial<AlertEvent> = {},
): AlertEvent {
  return {
    kind,
    key: record.key,
    rule: record.rule,
    service: record.service,
    labels: record.labels,
    severity: rule.severity,
    incident: record.incident,
    at: now,
    since: record.openedAt ?? record.runSince,
    value: record.value,
    threshold: rule.threshold,
    ...(record.reason === null ? {} : { reason: record.reason }),
    ...(record.detail === null ? {} : { detail: record.detail }),
    ...extra,
  };
}

/** The samples that each rule is to judge, rules in their order of appearance. */
function samplesByRule(
  report: readonly Observation[],
  bySignal: ReadonlyMap<string, readonly Rule[]>,
): ReadonlyMap<Rule, readonly Observation[]> {
  const found = new Map<Rule, Observation[]>();
  for (const sample of report) {
    for (const rule of bySignal.get(sample.signal) ?? []) {
      if (!concerns(rule, sample)) continue;
      const own = found.get(rule);
      if (own === undefined) found.set(rule, [sample]);
      else own.push(sample);
    }
  }
  return found;
}

/** Figures of one service with one instant are one report; figures that are not finite say nothing. */
function groupReports(observations: readonly Observation[]): readonly (readonly Observation[])[] {
  const reports: Observation[][] = [];
  for (const observation of observations) {
    if (!Number.isFinite(observation.value) || !Number.isFinite(observation.at)) continue;
    const last = reports.at(-1);
    const isSame = last?.[0]?.service === observation.service && last[0].at === observation.at;
    if (last !== undefined && isSame) last.push(observation);
    else reports.push([observation]);
  }
  return reports;
}
