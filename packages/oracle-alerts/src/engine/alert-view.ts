/** Alerts as people are shown them. Pure. */
import type { AlertView, Rule } from '../contract/index.js';
import type { AlertRecord } from '../evaluation/alert-record.js';
import type { EvaluationState, ServiceFacts } from '../evaluation/evaluation-state.js';
import { type ComposeContext, composeFire } from '../messages/compose.js';
import { fireEvent, type Tellings } from '../pipeline/dispatch.js';

/** One alert with instants in ISO 8601 UTC; `toIso` maps the record's instants. */
function viewAlert(
  record: AlertRecord,
  rule: Rule,
  facts: ServiceFacts | undefined,
  toldAt: number | null,
  compose: ComposeContext,
  now: number,
): AlertView {
  const iso = (at: number | null): string | null => (at === null ? null : toIso(at + compose.wallOffsetMs));
  return {
    key: record.key,
    rule: record.rule,
    service: record.service,
    labels: record.labels,
    severity: rule.severity,
    phase: record.phase,
    incident: record.incident,
    summary: composeFire(fireEvent(record, rule), rule, facts, compose).title,
    value: record.value,
    threshold: rule.threshold,
    reason: record.reason,
    detail: record.detail,
    hold: record.hold,
    since: iso(record.openedAt),
    announcedAt: iso(record.announcedAt),
    toldAt: iso(toldAt),
    lastFireAt: iso(record.lastFireAt),
    resolvedAt: iso(record.resolvedAt),
    acknowledgedBy: record.acknowledgedBy,
    acknowledgedAt: iso(record.acknowledgedAt),
    acknowledgedUntil: iso(record.acknowledgedUntil),
    updatedAt: iso(record.judgedAt ?? now) ?? '',
  };
}

/** Those of the alerts whose rule still exists. */
export function viewAlerts(
  state: EvaluationState,
  records: readonly AlertRecord[],
  told: Tellings,
  compose: ComposeContext,
  now: number,
): readonly AlertView[] {
  const rules = new Map(state.rules.map((rule) => [rule.name, rule]));
  return records.flatMap((record) => {
    const rule = rules.get(record.rule);
    if (rule === undefined) return [];
    const toldAt = firstTold(record, told);
    return [viewAlert(record, rule, state.services.get(record.service), toldAt, compose, now)];
  });
}

/** When the first of its channels took the latest fire of an alert. */
function firstTold(record: AlertRecord, told: Tellings): number | null {
  const taken = [...(told.get(record.key)?.values() ?? [])]
    .filter(({ incident, acceptedAt }) => incident === record.incident && (acceptedAt ?? 0) >= (record.lastFireAt ?? 0))
    .flatMap(({ acceptedAt }) => (acceptedAt === null ? [] : [acceptedAt]));
  return taken.length === 0 ? null : Math.min(...taken);
}

function toIso(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? '' : date.toISOString();
}
