export const severities = ['critical', 'error', 'warning', 'info'] as const;
export type Severity = (typeof severities)[number];

export interface AlertSummary {
  readonly id: string;
  readonly rule: string;
  readonly service: string;
  readonly severity: Severity;
  readonly state: 'pending' | 'firing' | 'resolved' | 'no_data';
  readonly title: string;
  readonly started_at: string;
  readonly fired_at: string | null;
  readonly resolved_at: string | null;
  readonly acknowledged_by: string | null;
  readonly acknowledged_at: string | null;
  /** When a channel accepted the message; `null` when nobody was told yet. */
  readonly told_at: string | null;
  readonly silenced_until: string | null;
}

export interface AlertsReply {
  readonly open: readonly AlertSummary[];
  /** Resolved ones, newest first. */
  readonly history: readonly AlertSummary[];
  /** False when the database is away or the alerter never ran: the lists are then the last known. */
  readonly recorded: boolean;
}
