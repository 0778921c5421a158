import type { Severity } from './severity.js';

/** Where an alert is in its life. */
export const alertPhases = ['ok', 'pending', 'firing', 'recovering', 'no_data'] as const;

/** One of {@link alertPhases}. */
export type AlertPhase = (typeof alertPhases)[number];

/** Why a firing alert has not been told yet. */
export type HoldReason = 'cooldown' | 'silenced' | 'inhibited' | 'flapping';

/** What happened to an alert. */
export const alertEventKinds = [
  'pending',
  'fired',
  'held',
  'reminded',
  'resolved',
  'dismissed',
  'no_data',
  'closed',
  'acknowledged',
] as const;

/** One of {@link alertEventKinds}: `dismissed` ended before it was told, `closed` lost its source. */
export type AlertEventKind = (typeof alertEventKinds)[number];

/** One step in the life of an alert. */
export interface AlertEvent {
  readonly kind: AlertEventKind;
  /** Stable identity of the alert: rule, service and the labels of `by`. */
  readonly key: string;
  readonly rule: string;
  readonly service: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly severity: Severity;
  /** Which outage of this key; starts at 1. */
  readonly incident: number;
  /** The evaluator's `now`, in ms. */
  readonly at: number;
  /** When the condition began, in ms. */
  readonly since: number;
  readonly value: number | null;
  readonly threshold: number;
  /** Why the probe failed, as a word (`refused`, `timeout` …). */
  readonly reason?: string;
  /** Hostile text from outside. */
  readonly detail?: string;
  /** With `held`: what holds it. */
  readonly hold?: HoldReason;
  /** With `fired`: the alert changes so often that further fires are delayed. */
  readonly isFlapping?: true;
}

/** An alert as the dashboard shows it. Instants are ISO 8601 UTC. */
export interface AlertView {
  readonly key: string;
  readonly rule: string;
  readonly service: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly severity: Severity;
  readonly phase: AlertPhase;
  readonly incident: number;
  readonly summary: string;
  readonly value: number | null;
  readonly threshold: number;
  readonly reason: string | null;
  readonly detail: string | null;
  readonly hold: HoldReason | null;
  readonly since: string | null;
  /** When the engine decided to tell; the notice may still be on its way. */
  readonly announcedAt: string | null;
  /** When a channel first took the latest fire; null until one did. */
  readonly toldAt: string | null;
  readonly lastFireAt: string | null;
  readonly resolvedAt: string | null;
  readonly acknowledgedBy: string | null;
  readonly acknowledgedAt: string | null;
  readonly acknowledgedUntil: string | null;
  readonly updatedAt: string;
}

/** One line of an alert's history. */
export interface AlertHistoryEntry {
  readonly id: number;
  readonly at: string;
  readonly kind: AlertEventKind;
  readonly key: string;
  readonly rule: string;
  readonly service: string;
  readonly severity: Severity;
  readonly incident: number;
  readonly value: number | null;
  readonly detail: string | null;
}
