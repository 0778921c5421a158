/** Alerts whose service or rule is no longer configured: closed, which is not recovered (ALERTING 13). Pure. */
import type { AlertEvent, Rule } from '../contract/index.js';
import type { AlertRecord } from '../evaluation/alert-record.js';
import { alertEvent } from '../evaluation/evaluate.js';
import { allAlerts, type EvaluationState } from '../evaluation/evaluation-state.js';
import { type DispatchContext, dispatchToTold, type Tellings } from '../pipeline/dispatch.js';
import type { OutboxNotice } from '../store/alert-store.js';

/** What closing came to. */
export interface ClosedSources {
  readonly state: EvaluationState;
  readonly events: readonly AlertEvent[];
  readonly notices: readonly OutboxNotice[];
  readonly removedKeys: readonly string[];
}

/** Closes alerts of services that are not in a known list of services, and of rules that are gone. */
export function closeGoneSources(
  state: EvaluationState,
  formerRules: readonly Rule[],
  told: Tellings,
  context: DispatchContext,
): ClosedSources {
  const rules = new Map(state.rules.map((rule) => [rule.name, rule]));
  const former = new Map(formerRules.map((rule) => [rule.name, rule]));
  const memory = new Map(state.memory);
  const events: AlertEvent[] = [];
  const notices: OutboxNotice[] = [];
  const removedKeys: string[] = [];
  for (const record of allAlerts(state)) {
    const isKnown = state.services.size === 0 || state.services.has(record.service);
    if (isKnown && rules.has(record.rule)) continue;
    if (record.announcedAt !== null) {
      const rule = former.get(record.rule) ?? rules.get(record.rule) ?? ruleOf(record);
      const event = alertEvent(record, rule, 'closed', context.now);
      events.push(event);
      notices.push(...dispatchToTold('closed', event, rule, state.services.get(record.service), told, context).notices);
    }
    removedKeys.push(record.key);
    const service = memory.get(record.service);
    if (service === undefined) continue;
    const alerts = new Map(service.alerts);
    alerts.delete(record.key);
    memory.set(record.service, { series: service.series, alerts });
  }
  return { state: { ...state, memory }, events, notices, removedKeys };
}

/** What a record knows of a rule that is in no file any more: enough to close what was told of it. */
function ruleOf({ rule, toldAs = { severity: 'warning', unit: 'count', threshold: 0 } }: AlertRecord): Rule {
  return { name: rule, signal: '', comparison: 'above', summary: '{service}', ...toldAs };
}
