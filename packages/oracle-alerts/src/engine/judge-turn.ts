/** One turn of the engine: judge, then write down what every channel must be told. Pure. */
import type { Acknowledgement, AlertEvent, Observation, Rule } from '../contract/index.js';
import type { AlertRecord } from '../evaluation/alert-record.js';
import { alertEvent, evaluate } from '../evaluation/evaluate.js';
import { allAlerts, type EvaluationState, findAlert } from '../evaluation/evaluation-state.js';
import {
  type DispatchContext,
  dispatchAlert,
  dispatchNoData,
  dispatchToTold,
  type Tellings,
} from '../pipeline/dispatch.js';
import type { OutboxNotice, Telling } from '../store/alert-store.js';

/** What one turn came to. */
export interface Turn {
  readonly state: EvaluationState;
  readonly events: readonly AlertEvent[];
  readonly notices: readonly OutboxNotice[];
  readonly tellings: readonly Telling[];
  /** Alerts worth storing. */
  readonly alerts: readonly AlertRecord[];
}

/** What a turn works with. */
export interface TurnContext {
  readonly told: Tellings;
  readonly acknowledgements: readonly Acknowledgement[];
  readonly dispatch: DispatchContext;
  /** Compare every alert with what was told, not only those that something happened to. */
  readonly scope: 'changed' | 'all';
}

/** Judges observations and finds the difference between the truth and what was told. */
export function judgeTurn(state: EvaluationState, observations: readonly Observation[], context: TurnContext): Turn {
  const { now } = context.dispatch;
  const acknowledged = takeAcknowledgements(state, context.acknowledgements, context.dispatch);
  const evaluated = evaluate(acknowledged.state, observations, now);
  const events = [...acknowledged.events, ...evaluated.events];
  const rules = state.ruleIndex.byName;
  const touched = new Map(events.map((event) => [event.key, event.service]));
  const notices: OutboxNotice[] = [];
  const tellings: Telling[] = [];
  const find = ([key, service]: readonly [string, string]): readonly AlertRecord[] => {
    const record = findAlert(evaluated.state, key, service);
    return record === undefined ? [] : [record];
  };
  for (const record of context.scope === 'all' ? allAlerts(evaluated.state) : [...touched].flatMap(find)) {
    const rule = rules.get(record.rule);
    if (rule === undefined) continue;
    const dispatched = dispatchAlert(record, evaluated.state, rule, context.told, context.dispatch);
    notices.push(...dispatched.notices);
    tellings.push(...dispatched.tellings);
    if (dispatched.tellings.length > 0) touched.set(record.key, record.service);
  }
  notices.push(...eventNotices(events, rules, evaluated.state, context));
  const worth = new Map(events.filter((event) => event.kind !== 'pending').map((event) => [event.key, event.service]));
  for (const { key } of tellings) worth.set(key, touched.get(key) ?? '');
  // What is open is shown with its present figures.
  for (const { key, service } of context.scope === 'all' ? allAlerts(evaluated.state).filter(isOpen) : [])
    worth.set(key, service);
  return {
    state: evaluated.state,
    events,
    notices,
    tellings,
    alerts: [...worth].flatMap(find),
  };
}

/** Reminders and "no data" follow from what happened, not from a difference. */
function eventNotices(
  events: readonly AlertEvent[],
  rules: ReadonlyMap<string, Rule>,
  state: EvaluationState,
  context: TurnContext,
): readonly OutboxNotice[] {
  return events.flatMap((event) => {
    const rule = rules.get(event.rule);
    const facts = state.services.get(event.service);
    if (rule === undefined) return [];
    if (event.kind === 'reminded')
      return dispatchToTold('reminder', event, rule, facts, context.told, context.dispatch).notices;
    if (event.kind !== 'no_data' || rule.onNoData !== 'notify') return [];
    return dispatchNoData(event, rule, facts, context.dispatch);
  });
}

function takeAcknowledgements(
  state: EvaluationState,
  acknowledgements: readonly Acknowledgement[],
  { now, compose }: DispatchContext,
): { readonly state: EvaluationState; readonly events: readonly AlertEvent[] } {
  if (acknowledgements.length === 0) return { state, events: [] };
  const events: AlertEvent[] = [];
  const memory = new Map(state.memory);
  for (const acknowledgement of acknowledgements) {
    const record = findAlert(state, acknowledgement.key);
    const rule = state.rules.find(({ name }) => name === record?.rule);
    const service = record === undefined ? undefined : memory.get(record.service);
    if (record === undefined || rule === undefined || service === undefined) continue;
    if (record.announcedAt === null || record.incident !== acknowledgement.incident) continue;
    const until = acknowledgement.until - compose.wallOffsetMs;
    if (record.acknowledgedBy === acknowledgement.by && record.acknowledgedUntil !== null) continue;
    const after = {
      ...record,
      acknowledgedBy: acknowledgement.by,
      acknowledgedAt: acknowledgement.at - compose.wallOffsetMs,
      acknowledgedUntil: until,
    };
    memory.set(record.service, { series: service.series, alerts: new Map(service.alerts).set(record.key, after) });
    events.push(alertEvent(after, rule, 'acknowledged', now, { detail: acknowledgement.by }));
  }
  return events.length === 0 ? { state, events } : { state: { ...state, memory }, events };
}

function isOpen(record: AlertRecord): boolean {
  return record.openedAt !== null;
}
