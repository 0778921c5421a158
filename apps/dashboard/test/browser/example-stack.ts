import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { HealthReport } from '@nps/oracle-health/contract';
import { createJobMonitor } from '@nps/oracle-metrics';
import { createMetricsHistory } from '@nps/oracle-metrics/postgres';
import type { Pool } from 'pg';
import { alertView, healthReport, seedAlert, seedService } from '../server/seeded-database.js';
import { createWorld, NOBODY, type World } from '../server/world.js';

/** Where `npm run build` puts the page. */
export const pageDirectory = fileURLToPath(new URL('../../dist/web', import.meta.url));

/** Four services and a day of history: one down, one degraded, two well. */
export async function createExampleStack(env: Readonly<Record<string, string>> = {}): Promise<World> {
  const nowMs = Date.now();
  const logDirectory = mkdtempSync(join(tmpdir(), 'dashboard-logs-'));
  writeFileSync(join(logDirectory, 'oracle.log'), logLines('oracle', nowMs, 120));
  writeFileSync(join(logDirectory, 'scanner.log'), logLines('scanner', nowMs, 40));
  const world = await createWorld({
    env: { ALERT_COLLECT_INTERVAL: '300', LOG_DIR: logDirectory, ...env },
    pageDirectory,
    targets: [
      { name: 'oracle', kind: 'service', url: NOBODY },
      { name: 'scanner', kind: 'service', url: NOBODY },
      { name: 'api', kind: 'http', url: NOBODY, displayName: 'API' },
      { name: 'postgres', kind: 'postgres', url: 'postgres://127.0.0.1:9/x', displayName: 'PostgreSQL' },
    ],
    async seed(pool) {
      await seedService(
        pool,
        {
          name: 'oracle',
          status: 'healthy',
          past: [
            [30, 'healthy'],
            [7.2, 'unreachable'],
            [6.9, 'healthy'],
          ],
          readingMs: 380,
          report: oracleReport(nowMs),
        },
        nowMs,
      );
      await seedService(
        pool,
        {
          name: 'scanner',
          status: 'degraded',
          past: [
            [20, 'healthy'],
            [1.5, 'degraded'],
          ],
          readingMs: 1240,
          report: scannerReport(nowMs),
        },
        nowMs,
      );
      await seedService(
        pool,
        {
          name: 'api',
          status: 'unreachable',
          past: [
            [24, 'healthy'],
            [0.05, 'unreachable'],
          ],
          readingMs: null,
          report: null,
          message: 'connection refused',
        },
        nowMs,
      );
      await seedService(
        pool,
        { name: 'postgres', status: 'healthy', past: [[24, 'healthy']], readingMs: null, report: null },
        nowMs,
      );
      await seedJobs(pool);
      await seedUsage(pool, nowMs);
      await seedAlert(
        pool,
        alertView('api', nowMs, {
          summary: 'API service is DOWN! Error: connection refused',
          toldAt: new Date(nowMs - 2.5 * 60_000).toISOString(),
        }),
      );
      await seedAlert(
        pool,
        alertView('scanner', nowMs, {
          key: 'degraded/scanner',
          rule: 'degraded',
          severity: 'warning',
          summary: 'Scanner is degraded: redis',
          acknowledgedBy: null,
          since: new Date(nowMs - 85 * 60_000).toISOString(),
          detail: 'redis: TIMEOUT',
        }),
      );
    },
  });
  return {
    ...world,
    async remove() {
      await world.remove();
      rmSync(logDirectory, { recursive: true, force: true });
    },
  };
}

/** Errors of two types and AI calls of two models, every ten minutes of a day. */
async function seedUsage(pool: Pool, nowMs: number): Promise<void> {
  const minutes = Array.from({ length: 144 }, (_, turn) => ({
    minute: new Date(Math.floor(nowMs / 60_000) * 60_000 - (144 - turn) * 600_000).toISOString(),
    errors_by_type: { UPSTREAM_TIMEOUT: turn % 24 === 20 ? 7 : 1 - (turn % 2), INVALID_INPUT: turn % 3 },
    tokens: { 'claude-haiku-4-5': 2000 + (turn % 7) * 300, 'claude-sonnet-4-5': turn % 5 === 0 ? 4000 : 0 },
    cost_usd: 0.004 + (turn % 5 === 0 ? 0.02 : 0),
  }));
  await createMetricsHistory({ pool }).storeUsage('oracle', minutes);
}

/** Runs of two jobs, one of which fails. */
async function seedJobs(pool: Pool): Promise<void> {
  const monitor = createJobMonitor({ pool });
  for (let turn = 0; turn < 4; turn += 1) await monitor.monitorJob('daily-insight', { metadata: { turn } }, () => turn);
  await monitor
    .monitorJob('price-import', {}, () => Promise.reject(new Error('the exchange answered 503')))
    .catch(() => undefined);
  await monitor.stop();
}

const messages = ['reading done', 'insight stored', 'suggestion made', 'cache warmed', 'request done'];

function logLines(service: string, nowMs: number, count: number): string {
  const lines = Array.from({ length: count }, (_, index) => {
    const failed = index % 17 === 5;
    return JSON.stringify({
      timestamp: new Date(nowMs - (count - index) * 20_000).toISOString(),
      level: failed ? 'ERROR' : index % 11 === 3 ? 'WARN' : 'INFO',
      service,
      message: failed ? 'reading failed: upstream timed out' : messages[index % messages.length],
      logger: service,
      user_id: String(1000 + (index % 7)),
      action: 'reading',
      duration_ms: 120 + ((index * 37) % 400),
      request_id: `r${index}`,
    });
  });
  return `${lines.join('\n')}\n`;
}

function oracleReport(nowMs: number): HealthReport {
  const since = new Date(nowMs - 6.9 * 3_600_000).toISOString();
  return healthReport('oracle', nowMs, {
    database: { status: 'ok', latency_ms: 3.1, critical: true, since },
    ai_api: { status: 'skipped', since },
    disk: { status: 'ok', latency_ms: 0.2, value: 0.41, unit: 'ratio', since },
    memory: { status: 'ok', latency_ms: 0.1, value: 0.52, unit: 'ratio', since },
    uptime: { status: 'ok', latency_ms: 0, since },
    event_loop: { status: 'ok', latency_ms: 0.4, since },
  });
}

function scannerReport(nowMs: number): HealthReport {
  const since = new Date(nowMs - 90 * 60_000).toISOString();
  return healthReport(
    'scanner',
    nowMs,
    {
      database: { status: 'ok', latency_ms: 2.4, critical: true, since },
      redis: { status: 'error', latency_ms: 1000, error: 'TIMEOUT', since, last_ok_at: since },
      rpc_node: { status: 'ok', latency_ms: 84, since },
    },
    'degraded',
  );
}
