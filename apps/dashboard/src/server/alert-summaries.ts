import type { AlertHistoryEntry, AlertView, ChannelView, NoticeView, Silence } from '@nps/oracle-alerts/contract';
import type { AlertStep, AlertSummary, NoticeSummary, SilenceSummary } from '../contract/alerts.js';
import type { ChannelSummary } from '../contract/deliveries.js';

/** Hides secrets in texts that came from services or channels. */
export type Redact = (text: string) => string;

/** An alert as the wire has it. Pure. @param silencedUntil until when its fires are held */
export function alertSummary(view: AlertView, silencedUntil: string | null, redact: Redact): AlertSummary {
  return {
    id: view.key,
    rule: view.rule,
    service: view.service,
    labels: view.labels,
    severity: view.severity,
    phase: view.phase,
    title: redact(view.summary),
    detail: redactOrNull(view.detail, redact),
    value: view.value,
    threshold: view.threshold,
    incident: view.incident,
    hold: view.hold,
    since: view.since,
    announced_at: view.announcedAt,
    told_at: view.toldAt,
    resolved_at: view.resolvedAt,
    acknowledged_by: view.acknowledgedBy,
    acknowledged_at: view.acknowledgedAt,
    acknowledged_until: view.acknowledgedUntil,
    silenced_until: silencedUntil,
  };
}

/** One step in the life of an alert as the wire has it. Pure. */
export function alertStep(entry: AlertHistoryEntry, redact: Redact): AlertStep {
  const { at, kind, key, rule, service, severity, incident, value, detail } = entry;
  return { at, kind, alert_id: key, rule, service, severity, incident, value, detail: redactOrNull(detail, redact) };
}

/** One message to one channel as the wire has it. Pure. */
export function noticeSummary(view: NoticeView, redact: Redact): NoticeSummary {
  return {
    id: view.id,
    alert_id: view.key,
    rule: view.rule,
    service: view.service,
    severity: view.severity,
    incident: view.incident,
    channel: view.channel,
    fallback_for: view.fallbackFor,
    kind: view.kind,
    state: view.state,
    attempts: view.attempts,
    title: redact(view.title),
    reason: redactOrNull(view.reason, redact),
    message_id: view.messageId,
    created_at: view.createdAt,
    next_attempt_at: view.nextAttemptAt,
    delivered_at: view.deliveredAt,
    latency_ms: view.latencyMs,
  };
}

/** How a channel did as the wire has it. Pure. */
export function channelSummary(view: ChannelView, redact: Redact): ChannelSummary {
  return {
    channel: view.channel,
    delivered: view.delivered,
    waiting: view.waiting,
    rejected: view.rejected,
    attempts: view.attempts,
    median_latency_ms: view.medianLatencyMs,
    last_delivered_at: view.lastDeliveredAt,
    last_reason: redactOrNull(view.lastReason, redact),
    last_reason_at: view.lastReasonAt,
  };
}

/** A silence as the wire has it. Pure. */
export function silenceSummary({ id, matcher, startsAt, endsAt, createdBy, comment }: Silence): SilenceSummary {
  return {
    id,
    service: matcher.service ?? null,
    rule: matcher.rule ?? null,
    severity: matcher.severity ?? null,
    starts_at: new Date(startsAt).toISOString(),
    ends_at: new Date(endsAt).toISOString(),
    created_by: createdBy,
    comment,
  };
}

function redactOrNull(text: string | null, redact: Redact): string | null {
  return text === null ? null : redact(text);
}
