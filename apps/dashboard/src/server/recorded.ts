import { createHealthHistory, type HealthHistory, type HealthRow } from '@nps/oracle-health/postgres';
import { createMetricsHistory } from '@nps/oracle-metrics/postgres';
import type { Pool } from 'pg';
import { codeOf } from './code-of.js';
import { redactDetails } from './redact-details.js';
import type { Seen, Visit } from './seen.js';
import type { SeriesSource } from './series-source.js';

/** What the alerter wrote down. Every method rejects while the database is away or the alerter never ran there. */
export interface Recorded {
  readonly health: HealthHistory;
  readonly series: SeriesSource;
  /** The last visit and the last metrics of every service. */
  load(): Promise<Seen>;
}

/** @param redact hides secrets in what targets said of their failures */
export function createRecorded(pool: Pool, redact: (text: string) => string): Recorded {
  const health = createHealthHistory({ pool });
  const metrics = createMetricsHistory({ pool });
  return {
    health,
    series: metrics,
    async load() {
      const [rows, latest] = await Promise.all([health.latest(), metrics.latest()]);
      return {
        visits: new Map(rows.map((row) => [row.service, visitOf(row, redact)])),
        measured: new Map(latest.map(({ service, at, report }) => [service, { service, at, report }])),
      };
    },
  };
}

/** An error code of PostgreSQL that means "this table is not there": no alerter has ever run on this database. */
export function isMissingTable(error: unknown): boolean {
  if (codeOf(error) === '42P01') return true;
  // The histories wrap what the database said and keep it as the cause.
  return typeof error === 'object' && error !== null && 'cause' in error && isMissingTable(error.cause);
}

function visitOf(row: HealthRow, redact: (text: string) => string): Visit {
  return {
    service: row.service,
    at: row.at,
    status: row.status === 'unreachable' ? 'down' : row.status,
    reason: row.reason ?? null,
    message: row.message === null || row.message === undefined ? null : redact(row.message),
    health: row.report === null ? null : redactDetails(row.report, redact),
    latencyMs: row.latencyMs,
    source: 'recorded',
  };
}
