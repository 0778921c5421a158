import type { CheckReport, HealthReport, Target } from '@nps/oracle-health/contract';
import type { MetricsReport } from '@nps/oracle-metrics/contract';
import type { Dependency, Figures, ServiceSummary, ShownStatus } from '../contract/status.js';
import type { Measured, Visit } from './seen.js';
import { mainOperation, noTrend, type Trend } from './trends.js';

/** Metrics older than the last visit by more than this belong to another time and are not shown as figures. */
const METRICS_LAG_MS = 30_000;

export const noFigures: Figures = { p95_ms: null, average_ms: null, readings_per_hour: null, error_rate_percent: null };

/** All that is known of one service, as one row. Pure. */
export function summarise(known: {
  readonly name: string;
  readonly target: Target | undefined;
  readonly visit: Visit | undefined;
  readonly measured: Measured | undefined;
  readonly trend: Trend | undefined;
  readonly silencedUntil: string | null;
  /** When the dashboard itself saw the status change; `null` when it did not. */
  readonly changedAt: string | null;
}): ServiceSummary {
  const { name, target, visit, measured, trend = noTrend } = known;
  const status: ShownStatus = visit?.status ?? 'no_data';
  return {
    name,
    display_name: target?.displayName ?? capitalised(name),
    kind: target?.kind ?? 'unknown',
    status,
    since: statusSince(visit, trend) ?? known.changedAt,
    observed_at: visit?.at ?? null,
    source: visit?.source ?? 'none',
    reason: visit?.reason ?? null,
    message: visit?.message ?? null,
    latency_ms: visit?.latencyMs ?? null,
    dependencies: visit?.health ? dependenciesOf(visit.health) : [],
    figures: figuresOf(visit, measured),
    sparkline: trend.sparkline,
    strip: trend.strip,
    last_incident: trend.lastIncident,
    silenced_until: known.silencedUntil,
  };
}

/** The checks of a report, failing ones first. */
export function dependenciesOf(health: HealthReport): readonly Dependency[] {
  return Object.entries(health.checks)
    .map(([name, check]) => dependencyOf(name, check))
    .sort((a, b) => gravity(b) - gravity(a));
}

/** A name such as `oracle` at the head of a sentence. */
export function capitalised(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

function dependencyOf(name: string, check: CheckReport): Dependency {
  return {
    name,
    status: check.status,
    critical: check.critical ?? false,
    latency_ms: check.latency_ms ?? null,
    since: check.since ?? null,
    last_ok_at: check.last_ok_at ?? null,
    error: check.error ?? null,
  };
}

function gravity({ status }: Dependency): number {
  return status === 'error' ? 3 : status === 'warning' ? 2 : status === 'ok' ? 1 : 0;
}

function figuresOf(visit: Visit | undefined, measured: Measured | undefined): Figures {
  if (visit === undefined || measured === undefined || measured.report === null) return noFigures;
  if (Date.parse(visit.at) - Date.parse(measured.at) > METRICS_LAG_MS) return noFigures;
  const { report } = measured;
  return {
    p95_ms: mainTimes(report)?.p95 ?? null,
    average_ms: report.average_response_time_ms,
    readings_per_hour: report.usage.readings_per_hour,
    error_rate_percent: report.errors.rate_percent,
  };
}

function mainTimes(report: MetricsReport): { readonly p95: number | null } | undefined {
  const operations = report.windows['60m'].by_operation;
  return operations[mainOperation(operations)] ?? report.performance.reading_time;
}

/** A status has no row of its own in history: down began with the running outage, degraded with the failing check. */
function statusSince(visit: Visit | undefined, trend: Trend): string | null {
  if (visit === undefined) return null;
  const outage = trend.lastIncident;
  if (visit.status === 'down') return outage !== null && outage.to === null ? outage.from : null;
  if (visit.status === 'healthy') return outage?.to ?? null;
  const failing =
    visit.health === null
      ? []
      : dependenciesOf(visit.health).filter(({ status }) => status === 'error' || status === 'warning');
  return failing.flatMap(({ since }) => (since === null ? [] : [since])).sort()[0] ?? null;
}
