import type { CheckStatus, HealthReport } from '@nps/oracle-health/contract';
import type { MetricsReport } from '@nps/oracle-metrics/contract';
import type { AlertStep, AlertSummary } from './alerts.js';
import type { JobLine } from './jobs.js';

/** `no_data`: nothing is known, which is neither health nor failure. */
export const shownStatuses = ['healthy', 'degraded', 'down', 'no_data'] as const;
export type ShownStatus = (typeof shownStatuses)[number];

/** One check of a service, as a mark in the overview and a row on the service's page. */
export interface Dependency {
  readonly name: string;
  readonly status: CheckStatus;
  readonly critical: boolean;
  readonly latency_ms: number | null;
  readonly since: string | null;
  readonly last_ok_at: string | null;
  /** An error class such as TIMEOUT, never a raw message. */
  readonly error: string | null;
}

/** A past or running stretch of not being up. */
export interface Incident {
  readonly from: string;
  /** `null` while it lasts. */
  readonly to: string | null;
  readonly reason: string | null;
}

/** The four figures of a service. `null` is "not known", never zero. */
export interface Figures {
  readonly p95_ms: number | null;
  readonly average_ms: number | null;
  readonly readings_per_hour: number | null;
  readonly error_rate_percent: number | null;
}

export interface ServiceSummary {
  readonly name: string;
  readonly display_name: string;
  /** service, prometheus, http, tcp, grpc, postgres, redis; `unknown` when it is no longer in the configuration file. */
  readonly kind: string;
  readonly status: ShownStatus;
  /** Since when the status is what it is; `null` when the start was not seen. */
  readonly since: string | null;
  readonly observed_at: string | null;
  /** Whether the alerter recorded this or the dashboard looked itself. */
  readonly source: 'recorded' | 'live' | 'none';
  readonly reason: string | null;
  readonly message: string | null;
  readonly latency_ms: number | null;
  readonly dependencies: readonly Dependency[];
  readonly figures: Figures;
  /** The last hour of p95 in milliseconds, oldest first, one value per two minutes; `null` is a gap. */
  readonly sparkline: readonly (number | null)[];
  /** 96 letters, one per 15 minutes, oldest first: h healthy, g degraded, d down, - no data. */
  readonly strip: string;
  readonly last_incident: Incident | null;
  readonly silenced_until: string | null;
}

export interface DatabaseState {
  readonly state: 'connected' | 'away' | 'not_configured';
  /** Open connections to this database, of at most `max_connections` on the server. */
  readonly connections: number | null;
  readonly max_connections: number | null;
  readonly size_bytes: number | null;
  /** Round trip of the last `select 1`. */
  readonly latency_ms: number | null;
  /** The same as `size_bytes` and `latency_ms`, under the names the customer's tools read. */
  readonly size: number | null;
  readonly latency: number | null;
  /** Since when it is away. */
  readonly since: string | null;
}

/** Whether somebody writes the history this page reads. */
export interface Recording {
  readonly state: 'current' | 'stale' | 'absent';
  readonly last_at: string | null;
}

export interface AlerterState {
  readonly state: 'running' | 'degraded' | 'away';
  /** What its checks say, in its own words; empty when it is away. */
  readonly checks: readonly Dependency[];
  readonly last_evaluated_at: string | null;
  readonly outbox: number | null;
  /** `none`: it runs, yet nobody would be told. */
  readonly channels: 'working' | 'failing' | 'none' | 'unknown';
  /** The message a channel took last, as far as the newest twenty tell; `null` without one. */
  readonly last_delivery: Delivery | null;
}

export interface Delivery {
  readonly channel: string;
  readonly at: string;
}

/** Whether the configuration file, as it is now, is in use. A bad file keeps the old one. */
export interface ConfigurationState {
  /** `file`: as NPS_CONFIG says; `environment`: no file, one target from ORACLE_HTTP_URL. */
  readonly source: 'file' | 'environment';
  readonly state: 'current' | 'refused';
  /** When the one in use was read. */
  readonly read_at: string;
  /** Since when a changed file is refused. */
  readonly refused_since: string | null;
  /** Why; empty while it is current. */
  readonly faults: readonly string[];
}

/** A service's two reports as they came; D1's `oracle` is the first service of the configuration file. */
export interface Reports {
  readonly health: HealthReport | null;
  readonly metrics: MetricsReport | null;
}

export interface StatusReply {
  readonly generated_at: string;
  /** The name of the service shown as `oracle`. */
  readonly primary: string | null;
  readonly oracle: Reports;
  readonly services: Readonly<Record<string, ServiceSummary>>;
  readonly database: DatabaseState;
  readonly recording: Recording;
  readonly alerter: AlerterState;
  readonly configuration: ConfigurationState;
  /** Open alerts, most severe first. */
  readonly alerts: readonly AlertSummary[];
}

export interface ServiceReply extends Reports {
  readonly generated_at: string;
  readonly service: ServiceSummary;
  /** The figures of the same hour yesterday, from history. */
  readonly yesterday: Figures;
  /** What last happened to its alerts, newest first, at most 20 steps. */
  readonly last_alerts: readonly AlertStep[];
  /** Its jobs, those whose last run failed first. A job that names no service counts as the first service's. */
  readonly jobs: readonly JobLine[];
}
