import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createJobMonitor } from '@nps/oracle-metrics';
import { createMetricsHistory } from '@nps/oracle-metrics/postgres';
import type { Pool } from 'pg';
import type { AlertContextReply } from '../../src/contract/alert-context.js';
import type { AlertsReply } from '../../src/contract/alerts.js';
import type { CostsReply } from '../../src/contract/costs.js';
import type { DeliveriesReply } from '../../src/contract/deliveries.js';
import type { LogsAroundReply } from '../../src/contract/logs.js';
import type { MaintenanceReply, MaintenanceWindowSummary } from '../../src/contract/maintenance.js';
import type { ServiceReply, StatusReply } from '../../src/contract/status.js';
import type { UsageReply } from '../../src/contract/usage.js';
import { type Reply, send } from './request.js';
import { alertView, healthReport, seedAlert, seedService } from './seeded-database.js';
import { createWorld, NOBODY, type World } from './world.js';

const MINUTE_MS = 60_000;
const token = 'correct-'.repeat(4);
const authorization = `Bearer ${token}`;
let world: World;
let directory: string;
let nowMs: number;
const iso = (ms: number) => new Date(ms).toISOString();

beforeAll(async () => {
  nowMs = Date.now();
  directory = mkdtempSync(join(tmpdir(), 'dashboard-past-'));
  writeFileSync(join(directory, 'oracle.log'), logLines(200));
  const config = join(directory, 'watch.yaml');
  writeFileSync(
    config,
    `targets:
  - { name: oracle, kind: service, url: "${NOBODY}" }
  - { name: scanner, kind: service, url: "${NOBODY}" }
maintenance:
  - { matcher: { service: scanner }, weekdays: [0, 1, 2, 3, 4, 5, 6], startsAtUtc: "00:00", durationMinutes: 1440, comment: nightly }
`,
  );
  world = await createWorld({
    env: {
      ALERT_COLLECT_INTERVAL: '300',
      ALERT_THRESHOLD_DISK: '75',
      DASHBOARD_TOKEN: token,
      LOG_DIR: directory,
      NPS_CONFIG: config,
    },
    seed,
  });
});
afterAll(async () => {
  await world?.remove();
  rmSync(directory, { recursive: true, force: true });
});

async function seed(pool: Pool): Promise<void> {
  const report = healthReport('oracle', nowMs, { database: { status: 'error', detail: 'hidden', error: 'REFUSED' } });
  const oracle = { name: 'oracle', status: 'healthy', past: [[3, 'healthy']], readingMs: 300, report } as const;
  await seedService(pool, oracle, nowMs);
  const scanner = { name: 'scanner', status: 'unreachable', past: [[1, 'unreachable']], readingMs: null } as const;
  await seedService(pool, { ...scanner, report: null }, nowMs);
  await seedUsage(pool);
  const since = iso(nowMs - 10 * MINUTE_MS);
  await seedAlert(pool, alertView('scanner', nowMs, { toldAt: null }));
  await seedAlert(
    pool,
    alertView('oracle', nowMs, { key: 'error_rate/oracle', rule: 'error_rate', since, threshold: 0.05, value: 0.2 }),
  );
  await seedAlert(
    pool,
    alertView('oracle', nowMs, { key: 'disk/oracle', rule: 'disk', since, threshold: 0.75, value: 0.91 }),
  );
  await seedNotice(pool, {
    id: 'n1',
    key: 'error_rate/oracle',
    state: 'delivered',
    deliveredAt: iso(nowMs - 9 * MINUTE_MS),
  });
  await seedNotice(pool, { id: 'n2', key: 'down/scanner', state: 'waiting', failure: '502 Bad Gateway' });
  const monitor = createJobMonitor({ pool });
  await monitor.monitorJob('import', { metadata: { service: 'scanner' } }, () => 1);
  await monitor.monitorJob('insight', {}, () => 1);
  await monitor.stop();
}

async function seedUsage(pool: Pool): Promise<void> {
  const history = createMetricsHistory({ pool });
  const minute = (back: number) => iso(nowMs - back * MINUTE_MS);
  await history.storeUsage('oracle', [
    {
      minute: minute(30),
      errors_by_type: { TimeoutError: 2, ValueError: 1 },
      tokens: { big: 900, small: 100 },
      cost_usd: 0.5,
    },
    { minute: minute(12), errors_by_type: { TimeoutError: 3 }, cost_unknown_calls: 2 },
  ]);
  await history.storeUsage('scanner', [{ minute: minute(30), errors_by_type: { ValueError: 9 }, cost_usd: 0.25 }]);
  await history.prune(new Date(nowMs));
}

async function seedNotice(
  pool: Pool,
  notice: {
    readonly id: string;
    readonly key: string;
    readonly state: string;
    readonly deliveredAt?: string;
    readonly failure?: string;
  },
): Promise<void> {
  const { id, key, state, deliveredAt = null, failure = null } = notice;
  const [rule, service] = key.split('/');
  await pool.query(
    `insert into notices (id, sequence, channel, key, kind, rule, service, severity, state, attempts, title, failure, created_at, delivered_at, record)
     values ($1, 1, 'telegram', $2, 'fire', $3, $4, 'critical', $5, 2, 'title', $6, $7, $8, $9)`,
    [id, key, rule, service, state, failure, iso(nowMs - 10 * MINUTE_MS), deliveredAt, { incident: 1, dueAt: nowMs }],
  );
}

function logLines(count: number): string {
  const lines = Array.from({ length: count }, (_, n) =>
    JSON.stringify({
      timestamp: iso(nowMs - (count - n) * 1000),
      level: 'INFO',
      service: 'oracle',
      message: `line ${n}`,
    }),
  );
  return `${lines.join('\n')}\n`;
}

const get = (path: string): Promise<Reply> => send(`${world.url}${path}`);
const post = (path: string, body: unknown): Promise<Reply> =>
  send(`${world.url}${path}`, { method: 'POST', headers: { authorization }, body });
const remove = (path: string): Promise<Reply> =>
  send(`${world.url}${path}`, { method: 'DELETE', headers: { authorization } });

describe('errors, tokens and cost over time', () => {
  it('are those of one service, types and models by their weight', async () => {
    const usage = (await get('/api/usage?service=oracle&range=1h')).body as UsageReply;
    expect(usage).toMatchObject({
      service: 'oracle',
      step_seconds: 60,
      error_types: ['TimeoutError', 'ValueError'],
      models: ['big', 'small'],
      total: { errors: 6, tokens: 1000, cost_usd: 0.5, cost_unknown_calls: 2 },
      recorded: true,
    });
    expect(usage.points.map(({ errors_by_type: errors }) => errors)).toEqual([
      { TimeoutError: 2, ValueError: 1 },
      { TimeoutError: 3 },
    ]);
  });

  it('are added up over all services when none is named', async () => {
    const usage = (await get('/api/usage?range=6h')).body as UsageReply;
    expect(usage.total).toEqual({ errors: 15, tokens: 1000, cost_usd: 0.75, cost_unknown_calls: 2 });
    expect(usage.points[0]?.errors_by_type).toEqual({ TimeoutError: 2, ValueError: 10 });
    expect(usage.by_service.map(({ service, errors }) => [service, errors])).toEqual([
      ['oracle', 6],
      ['scanner', 9],
    ]);
  });

  it('tell what the month has cost so far', async () => {
    const { lines } = (await get('/api/costs')).body as CostsReply;
    const isNewMonth = new Date(nowMs - 30 * MINUTE_MS).getUTCMonth() !== new Date(nowMs).getUTCMonth();
    expect(lines).toMatchObject([{ service: 'oracle', this_month_usd: isNewMonth ? 0 : 0.5 }]);
  });
});

describe('the delivery log', () => {
  it('tells what came of every message, and how each channel does', async () => {
    const { channels, notices } = (await get('/api/deliveries')).body as DeliveriesReply;
    expect(channels).toMatchObject([{ channel: 'telegram', delivered: 1, waiting: 1, last_reason: '502 Bad Gateway' }]);
    const [delivered] = ((await get('/api/deliveries?state=delivered')).body as DeliveriesReply).notices;
    expect(delivered).toMatchObject({ id: 'n1', service: 'oracle', latency_ms: MINUTE_MS, next_attempt_at: null });
    const { alerter } = (await get('/api/status')).body as StatusReply;
    expect(alerter.last_delivery).toEqual({ channel: 'telegram', at: delivered?.delivered_at });
    expect(notices.find(({ id }) => id === 'n2')).toMatchObject({ delivered_at: null, reason: '502 Bad Gateway' });
    expect(((await get('/api/deliveries?channel=mail')).body as DeliveriesReply).notices).toEqual([]);
  });

  it('decides whether an alert was told: a message on its way is none', async () => {
    const { alerts } = (await get('/api/status')).body as StatusReply;
    const told = (rule: string) => alerts.find((alert) => alert.rule === rule);
    expect(told('error_rate')?.told_at).toBe(iso(nowMs - 9 * MINUTE_MS));
    expect(told('down')).toMatchObject({ announced_at: expect.any(String), told_at: null });
  });
});

describe('maintenance', () => {
  it('lists the weekly windows of the file, which hold what they cover', async () => {
    const { windows } = (await get('/api/maintenance')).body as MaintenanceReply;
    expect(windows).toMatchObject([
      {
        id: 'file-0',
        source: 'file',
        state: 'active',
        service: 'scanner',
        weekdays: [0, 1, 2, 3, 4, 5, 6],
        comment: 'nightly',
      },
    ]);
    const status = (await get('/api/status')).body as StatusReply;
    expect(status.services['scanner']?.silenced_until).toBe(windows[0]?.ends_at);
    expect(status.services['oracle']?.silenced_until).toBeNull();
    expect((await remove('/api/maintenance/file-0')).status).toBe(403);
  });

  it('is planned for later and called off again, and is no silence meanwhile', async () => {
    const starts_at = iso(nowMs + 60 * MINUTE_MS);
    const made = await post('/api/maintenance', { service: 'oracle', starts_at, minutes: 30, comment: 'new disk' });
    expect(made).toMatchObject({
      status: 201,
      body: {
        source: 'planned',
        state: 'upcoming',
        starts_at,
        ends_at: iso(nowMs + 90 * MINUTE_MS),
        created_by: 'operator',
      },
    });
    const { id } = made.body as MaintenanceWindowSummary;
    expect(((await get('/api/maintenance')).body as MaintenanceReply).windows.map((each) => each.id)).toContain(id);
    expect(((await get('/api/alerts')).body as AlertsReply).silences).toEqual([]);
    expect((await remove(`/api/maintenance/${id}`)).status).toBe(200);
    expect((await remove(`/api/maintenance/${id}`)).status).toBe(404);
    expect(((await get('/api/maintenance')).body as MaintenanceReply).windows).toHaveLength(1);
  });

  it.each([
    ['is over already', { service: 'oracle', starts_at: '2020-01-01T00:00:00Z', minutes: 5, comment: 'x' }],
    ['is a slip of the year', { service: 'oracle', starts_at: '2099-01-01T00:00:00Z', minutes: 5, comment: 'x' }],
    ['would hold everything', { starts_at: '2099-01-01T00:00:00Z', minutes: 5, comment: 'x' }],
  ])('is refused when it %s', async (_why, body) => {
    expect(await post('/api/maintenance', body)).toMatchObject({
      status: 400,
      body: { faults: [{ expected: expect.any(String) }] },
    });
  });

  it('needs a sign-in to be changed', async () => {
    const body = { service: 'oracle', starts_at: iso(nowMs + MINUTE_MS), minutes: 5, comment: 'x' };
    expect((await send(`${world.url}/api/maintenance`, { method: 'POST', body })).status).toBe(403);
    expect((await get('/api/maintenance')).status).toBe(200);
  });
});

describe('the context of an alert', () => {
  const contextOf = async (id: string) =>
    (await get(`/api/alerts/${encodeURIComponent(id)}/context`)).body as AlertContextReply;

  it('shows the rule’s figure around the moment it crossed the threshold, and the others then', async () => {
    const { series, others } = await contextOf('error_rate/oracle');
    expect(series).toMatchObject({ signal: 'errors ÷ operations', unit: 'ratio', threshold: 0.05, source: 'history' });
    expect(Date.parse(series?.from ?? '')).toBeLessThan(nowMs - 30 * MINUTE_MS);
    expect(series?.points.length).toBeGreaterThan(20);
    expect(series?.points.every(({ value }) => value >= 0 && value <= 1)).toBe(true);
    expect(others).toEqual([{ name: 'scanner', display_name: 'Scanner', status: 'down' }]);
  });

  it('shows visits as states of zero and one', async () => {
    const { series } = await contextOf('down/scanner');
    expect(series).toMatchObject({ signal: 'up', comparison: 'below', threshold: 1, source: 'history' });
    expect(new Set(series?.points.map(({ value }) => value))).toEqual(new Set([0]));
  });

  it('says so when history does not keep the figure, and shows what the alert was judged by', async () => {
    const { series } = await contextOf('disk/oracle');
    expect(series).toMatchObject({
      signal: 'disk_used_ratio',
      threshold: 0.75,
      source: 'steps',
      points: [{ value: 0.91 }],
    });
  });

  it('is not there for an alert that never was', async () => {
    expect((await get('/api/alerts/never/context')).status).toBe(404);
  });
});

describe('log lines around an instant', () => {
  it('are the nearest on both sides, oldest first', async () => {
    const at = iso(nowMs - 100_000);
    const { before, after, complete } = (await get(`/api/logs/around?at=${at}&limit=6`)).body as LogsAroundReply;
    expect(before.map(({ message }) => message)).toEqual(['line 98', 'line 99', 'line 100']);
    expect(after.map(({ message }) => message)).toEqual(['line 101', 'line 102', 'line 103']);
    expect(complete).toBe(false);
  });

  it('are none where nothing was said', async () => {
    const reply = (await get('/api/logs/around?at=2020-01-01T00:00:00Z')).body as LogsAroundReply;
    expect([...reply.before, ...reply.after]).toEqual([]);
  });

  it('need an instant with a zone', async () => {
    expect(await get('/api/logs/around?at=yesterday')).toMatchObject({
      status: 400,
      body: { faults: [{ field: 'at' }] },
    });
  });
});

describe('a service', () => {
  it('knows its last alerts and its jobs; a job that names no service is the first one’s', async () => {
    const oracle = (await get('/api/services/oracle')).body as ServiceReply;
    expect(oracle.last_alerts.map(({ rule }) => rule).sort()).toEqual(['disk', 'error_rate']);
    expect(oracle.jobs.map((job) => job.job_name)).toEqual(['insight']);
    const scanner = (await get('/api/services/scanner')).body as ServiceReply;
    expect(scanner.jobs).toMatchObject([{ job_name: 'import', service: 'scanner' }]);
  });
});

describe('settings', () => {
  it('show the thresholds the alerter compares with, not those of the manual', async () => {
    const { rules, intervals } = (await get('/api/settings')).body as {
      rules: { name: string; threshold: number }[];
      intervals: unknown;
    };
    expect(rules.find(({ name }) => name === 'disk')).toMatchObject({
      threshold: 0.75,
      unit: 'ratio',
      cooldown_seconds: 300,
    });
    expect(intervals).toEqual({ collect_seconds: 300, check_seconds: 10, cooldown_seconds: 300 });
  });
});
