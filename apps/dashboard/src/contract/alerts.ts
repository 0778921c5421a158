import type { AlertPhase, HoldReason, NoticeKind, NoticeState, Severity, Unit } from '@nps/oracle-alerts/contract';
import type { Deploy } from './history.js';

/** One alert as it stands. Its id is the engine's key: rule, service and labels. */
export interface AlertSummary {
  readonly id: string;
  readonly rule: string;
  readonly service: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly severity: Severity;
  readonly phase: AlertPhase;
  readonly title: string;
  readonly detail: string | null;
  readonly value: number | null;
  readonly threshold: number;
  /** Which outage of this alert; starts at 1. */
  readonly incident: number;
  /** Why it fires and yet nobody was told. */
  readonly hold: HoldReason | null;
  readonly since: string | null;
  /** When the alerter decided to tell; the message may still be on its way. */
  readonly announced_at: string | null;
  /** When a channel first accepted the message; `null` while nobody was told. */
  readonly told_at: string | null;
  readonly resolved_at: string | null;
  readonly acknowledged_by: string | null;
  readonly acknowledged_at: string | null;
  readonly acknowledged_until: string | null;
  readonly silenced_until: string | null;
}

/** One step in the life of an alert. */
export interface AlertStep {
  readonly at: string;
  readonly kind: string;
  readonly alert_id: string;
  readonly rule: string;
  readonly service: string;
  readonly severity: Severity;
  readonly incident: number;
  readonly value: number | null;
  readonly detail: string | null;
}

/** One message to one channel. */
export interface NoticeSummary {
  readonly id: string;
  readonly alert_id: string;
  readonly rule: string;
  readonly service: string;
  readonly severity: Severity;
  readonly incident: number;
  readonly channel: string;
  /** The channel that failed, when this is the copy for its fallback. */
  readonly fallback_for: string | null;
  readonly kind: NoticeKind;
  readonly state: NoticeState;
  readonly attempts: number;
  readonly title: string;
  /** What the channel last refused with, also when a later attempt got through. */
  readonly reason: string | null;
  readonly message_id: string | null;
  readonly created_at: string;
  /** Earliest instant of the next attempt; `null` once it is over. */
  readonly next_attempt_at: string | null;
  readonly delivered_at: string | null;
  /** From the decision to the channel's accept; `null` until delivered. */
  readonly latency_ms: number | null;
}

export interface SilenceSummary {
  readonly id: string;
  readonly service: string | null;
  readonly rule: string | null;
  readonly severity: Severity | null;
  readonly starts_at: string;
  readonly ends_at: string;
  readonly created_by: string;
  readonly comment: string;
}

export interface AlertsReply {
  /** Pending, firing, recovering or without data; most severe first. */
  readonly open: readonly AlertSummary[];
  /** What happened, newest first. */
  readonly history: readonly AlertStep[];
  readonly notices: readonly NoticeSummary[];
  readonly silences: readonly SilenceSummary[];
  /** False when the database is away or the alerter never ran. */
  readonly recorded: boolean;
}

/** What the holder of a message's link sees of its alert. */
export interface AcknowledgeLinkReply {
  readonly alert: AlertSummary;
  /** Of its value; `null` when its rule is none of those in force. */
  readonly unit: Unit | null;
  readonly valid_until: string;
}

/** One alert with everything that is known of it. */
export interface AlertReply {
  /** `null` when it is not open any more; its past is still told. */
  readonly alert: AlertSummary | null;
  /** Oldest first. */
  readonly steps: readonly AlertStep[];
  /** Oldest first. */
  readonly notices: readonly NoticeSummary[];
  readonly deploys: readonly Deploy[];
  /** The rule in words, when it is one of those in force. */
  readonly meaning: string | null;
  readonly recorded: boolean;
}
