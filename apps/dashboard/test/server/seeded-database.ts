import type { AlertView } from '@nps/oracle-alerts/contract';
import { migrations as alertMigrations } from '@nps/oracle-alerts/postgres';
import type { HealthReport } from '@nps/oracle-health/contract';
import { createHealthHistory, migrations as healthMigrations, type VisitStatus } from '@nps/oracle-health/postgres';
import { createMetrics, createSketch } from '@nps/oracle-metrics';
import type { MetricsReport } from '@nps/oracle-metrics/contract';
import { createMetricsHistory, type MinuteRow, migrations as metricsMigrations } from '@nps/oracle-metrics/postgres';
import { Pool } from 'pg';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** A day as the alerter would have written it. */
export interface SeededService {
  readonly name: string;
  readonly status: VisitStatus;
  /** Hours before now, oldest first: `[hoursAgo, status]` from then on. */
  readonly past: readonly (readonly [hoursAgo: number, status: VisitStatus])[];
  readonly readingMs: number | null;
  readonly report: HealthReport | null;
  readonly message?: string;
}

/** Makes the tables and fills them; the caller ends the pool. */
export async function openSeeded(connectionString: string): Promise<Pool> {
  const pool = new Pool({ connectionString, max: 4 });
  for (const { sql } of [...healthMigrations, ...metricsMigrations, ...alertMigrations]) await pool.query(sql);
  return pool;
}

/** Writes one service's day, ending at `nowMs`. */
export async function seedService(pool: Pool, service: SeededService, nowMs: number): Promise<void> {
  const health = createHealthHistory({ pool });
  const metrics = createMetricsHistory({ pool });
  await seedSpans(pool, service, nowMs);
  await health.store([
    {
      service: service.name,
      at: new Date(nowMs).toISOString(),
      status: service.status,
      reason: service.status === 'unreachable' ? 'refused' : null,
      message: service.message ?? null,
      report: service.report,
      latencyMs: 12,
    },
  ]);
  if (service.readingMs === null) return;
  await metrics.prune(new Date(nowMs - 24 * HOUR_MS));
  await metrics.store(minutesOf(service.name, service.readingMs, nowMs));
  await metrics.prune(new Date(nowMs));
  await metrics.storeLatest(
    service.name,
    new Date(nowMs).toISOString(),
    metricsReport(service.name, service.readingMs),
  );
}

/** Writes an alert as the engine does. */
export async function seedAlert(pool: Pool, view: AlertView): Promise<void> {
  await pool.query(
    `INSERT INTO alerts (key, rule, service, severity, phase, is_open, view, record) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      view.key,
      view.rule,
      view.service,
      view.severity,
      view.phase,
      view.phase !== 'ok',
      view,
      { incident: view.incident, announcedAt: view.announcedAt },
    ],
  );
  await pool.query(
    `INSERT INTO alert_events (at, kind, key, rule, service, severity, incident, value, detail, event) VALUES ($1, 'fired', $2, $3, $4, $5, $6, $7, $8, '{}')`,
    [
      view.since ?? view.updatedAt,
      view.key,
      view.rule,
      view.service,
      view.severity,
      view.incident,
      view.value,
      view.detail,
    ],
  );
}

/** A firing alert. */
export function alertView(service: string, nowMs: number, change: Partial<AlertView> = {}): AlertView {
  return {
    key: `down/${service}`,
    rule: 'down',
    service,
    labels: {},
    severity: 'critical',
    phase: 'firing',
    incident: 1,
    summary: `${service} service is DOWN! Error: connection refused`,
    value: 0,
    threshold: 1,
    reason: 'refused',
    detail: 'connection refused',
    hold: null,
    since: new Date(nowMs - 3 * MINUTE_MS).toISOString(),
    announcedAt: new Date(nowMs - 2.6 * MINUTE_MS).toISOString(),
    toldAt: null,
    lastFireAt: new Date(nowMs - 2.6 * MINUTE_MS).toISOString(),
    resolvedAt: null,
    acknowledgedBy: null,
    acknowledgedAt: null,
    acknowledgedUntil: null,
    updatedAt: new Date(nowMs).toISOString(),
    ...change,
  };
}

/** A health report with these checks. */
export function healthReport(
  service: string,
  nowMs: number,
  checks: HealthReport['checks'],
  status: HealthReport['status'] = 'healthy',
): HealthReport {
  return {
    status,
    timestamp: new Date(nowMs).toISOString(),
    service,
    version: '1.4.2',
    uptime_seconds: 93_000,
    checks,
  };
}

/** What a service that did work says: made by the real package, not written by hand. */
export function metricsReport(service: string, readingMs: number): MetricsReport {
  const metrics = createMetrics({ service });
  for (let turn = 0; turn < 240; turn += 1) metrics.recordReadingTime(readingMs * (0.6 + 0.8 * wave(turn)));
  for (let turn = 0; turn < 60; turn += 1) metrics.recordDbQueryTime(2 + wave(turn));
  for (let turn = 0; turn < 40; turn += 1) metrics.recordMessage();
  metrics.recordError('TimeoutError');
  metrics.recordTokens({ model: 'claude-sonnet-4-5', input: 41_200, output: 9300, cacheRead: 12_000, cacheWrite: 0 });
  return metrics.getMetrics();
}

async function seedSpans(pool: Pool, { name, past, status }: SeededService, nowMs: number): Promise<void> {
  const steps = [...past, [0, status] as const];
  for (const [index, [hoursAgo, was]] of past.entries()) {
    const endsAtMs = nowMs - (steps[index + 1]?.[0] ?? 0) * HOUR_MS - 5000;
    await pool.query(
      'INSERT INTO health_spans (service, status, reason, started_at, last_at) VALUES ($1, $2, $3, $4, $5)',
      [name, was, was === 'unreachable' ? 'refused' : null, new Date(nowMs - hoursAgo * HOUR_MS), new Date(endsAtMs)],
    );
  }
}

function minutesOf(service: string, readingMs: number, nowMs: number): readonly MinuteRow[] {
  const rows: MinuteRow[] = [];
  const lastMinuteMs = Math.floor(nowMs / MINUTE_MS) * MINUTE_MS - MINUTE_MS;
  // Not quite a day: whole hours are kept of yesterday, and this one has nothing in it.
  for (let back = 23 * 60 - 2; back >= 0; back -= 1) {
    if (back > 400 && back < 440) continue; // a gap, as after a restart of the alerter
    const sketch = createSketch();
    const count = 3 + Math.round(4 * wave(back / 60));
    for (let turn = 0; turn < count; turn += 1)
      sketch.record((readingMs / 1000) * (0.55 + 0.3 * wave(back / 45) + 0.9 * wave(turn * 7 + back) ** 4));
    const errors = back > 180 && back < 200 ? 2 : back % 97 === 0 ? 1 : 0;
    rows.push({
      service,
      operation: 'reading',
      minute: new Date(lastMinuteMs - back * MINUTE_MS).toISOString(),
      count,
      errors,
      sketch: sketch.encode(),
    });
  }
  return rows;
}

/** A repeatable value between 0 and 1: tests must not depend on chance. */
function wave(turn: number): number {
  return (1 + Math.sin(turn * 12.9898) * Math.cos(turn * 4.1414)) / 2;
}
