import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createJobMonitor } from '@nps/oracle-metrics';
import type { AlertReply, AlertsReply } from '../../src/contract/alerts.js';
import type { HistoryReply } from '../../src/contract/history.js';
import type { JobsReply } from '../../src/contract/jobs.js';
import type { LogsReply } from '../../src/contract/logs.js';
import type { SettingsReply } from '../../src/contract/settings.js';
import type { SloReply } from '../../src/contract/slo.js';
import { type Reply, send } from './request.js';
import { alertView, healthReport, seedAlert, seedService } from './seeded-database.js';
import { createWorld, NOBODY, type World } from './world.js';

const token = 'correct-'.repeat(4);
const authorization = `Bearer ${token}`;
let world: World;
let directory: string;
let nowMs: number;

beforeAll(async () => {
  nowMs = Date.now();
  directory = mkdtempSync(join(tmpdir(), 'dashboard-'));
  writeFileSync(
    join(directory, 'oracle.log'),
    `{"timestamp":"${new Date(nowMs).toISOString()}","level":"ERROR","service":"oracle","message":"upstream timed out"}\nnot json\n`,
  );
  writeFileSync(join(directory, 'index.html'), '<!doctype html><title>page</title>');
  world = await createWorld({
    env: { ALERT_COLLECT_INTERVAL: '300', DASHBOARD_TOKEN: token, LOG_DIR: directory },
    pageDirectory: directory,
    targets: [
      { name: 'oracle', kind: 'service', url: 'http://ann:hush@127.0.0.1:9/secret/path', dependsOn: ['postgres'] },
      { name: 'postgres', kind: 'postgres', url: 'postgres://127.0.0.1:9/x' },
    ],
    seed: async (pool) => {
      const report = healthReport('oracle', nowMs, { database: { status: 'ok', latency_ms: 3 } });
      await seedService(
        pool,
        {
          name: 'oracle',
          status: 'healthy',
          past: [
            [10, 'healthy'],
            [2, 'unreachable'],
            [1.9, 'healthy'],
          ],
          readingMs: 300,
          report,
        },
        nowMs,
      );
      await seedAlert(
        pool,
        alertView('oracle', nowMs, { key: 'down/oracle/a b', announcedAt: new Date(nowMs).toISOString() }),
      );
      const monitor = createJobMonitor({ pool });
      await monitor.monitorJob('import', {}, () => 1);
      await monitor.monitorJob('export', {}, () => Promise.reject(new Error('disk full'))).catch(() => undefined);
      await monitor.stop();
    },
  });
});
afterAll(async () => {
  await world?.remove();
  rmSync(directory, { recursive: true, force: true });
});

const get = (path: string, headers: Readonly<Record<string, string>> = {}): Promise<Reply> =>
  send(`${world.url}${path}`, { headers });
const post = (path: string, body: unknown): Promise<Reply> =>
  send(`${world.url}${path}`, { method: 'POST', headers: { authorization }, body });

describe('GET /api/history', () => {
  it('answers a day of the main operation without being asked for anything', async () => {
    const { status, body } = await get('/api/history');
    const reply = body as HistoryReply;
    expect(status).toBe(200);
    expect(reply).toMatchObject({
      service: 'oracle',
      operation: 'reading',
      range: '24h',
      step_seconds: 300,
      recorded: true,
      operations: ['reading', 'db_query'],
    });
    expect(reply.points.length).toBeGreaterThan(200);
    expect(reply.points.length).toBeLessThanOrEqual(288);
    expect(reply.uptime_ratio).toBeGreaterThan(0.9);
    expect(reply.incidents).toMatchObject([{ reason: 'refused' }]);
    expect(reply.alerts).toMatchObject([{ title: 'down', severity: 'critical', to: null }]);
  });

  it.each([
    ['1h', 60],
    ['6h', 180],
    ['24h', 288],
    ['7d', 336],
    ['30d', 360],
  ])('has at most %s × %i points', async (range, most) => {
    const { body } = await get(`/api/history?service=oracle&range=${range}`);
    const { points, from, to, step_seconds: step } = body as HistoryReply;
    expect(points.length).toBeLessThanOrEqual(most);
    expect((Date.parse(to) - Date.parse(from)) / 1000 / step).toBe(most);
  });

  it('answers an empty past for a service it never saw', async () => {
    expect((await get('/api/history?service=nobody')).body).toMatchObject({ points: [], uptime_ratio: null });
  });
});

describe('alerts', () => {
  it('are listed with what happened', async () => {
    const { body } = await get('/api/alerts');
    expect(body as AlertsReply).toMatchObject({
      open: [{ id: 'down/oracle/a b' }],
      history: [{ kind: 'fired' }],
      recorded: true,
    });
  });

  it('have a page of their own under their whole key, with the rule in words', async () => {
    const { body } = await get(`/api/alerts/${encodeURIComponent('down/oracle/a b')}`);
    expect(body as AlertReply).toMatchObject({
      alert: { service: 'oracle' },
      steps: [{ kind: 'fired' }],
      meaning: 'up below 1, 2 times in a row',
    });
    expect((await get('/api/alerts/unknown')).status).toBe(404);
  });

  it('are acknowledged in the name of who signed in', async () => {
    const reply = await post(`/api/alerts/${encodeURIComponent('down/oracle/a b')}/acknowledge`, { minutes: 30 });
    const { alert } = reply.body as AlertReply;
    expect(alert?.acknowledged_by).toBe('operator');
    expect(Date.parse(alert?.acknowledged_until ?? '') - Date.parse(alert?.acknowledged_at ?? '')).toBe(30 * 60_000);
    expect((await post('/api/alerts/unknown/acknowledge', {})).status).toBe(404);
  });

  it('are silenced for a time with a reason, and the silence can be ended', async () => {
    const made = await post('/api/silences', { service: 'oracle', minutes: 60, comment: 'planned work' });
    expect(made).toMatchObject({
      status: 201,
      body: { service: 'oracle', rule: null, created_by: 'operator', comment: 'planned work' },
    });
    const { open, silences } = (await get('/api/alerts')).body as AlertsReply;
    expect(silences).toHaveLength(1);
    expect(open[0]?.silenced_until).toBe(silences[0]?.ends_at);
    const end = () =>
      send(`${world.url}/api/silences/${silences[0]?.id}`, { method: 'DELETE', headers: { authorization } });
    expect((await end()).status).toBe(200);
    expect((await end()).status).toBe(404);
  });

  it('cannot all be silenced at once by mistake', async () => {
    expect(await post('/api/silences', { minutes: 60, comment: 'oops' })).toMatchObject({
      status: 400,
      body: { faults: [{ field: 'service' }] },
    });
  });
});

describe('releases', () => {
  it('are marked by a pipeline and drawn in the history; the same one twice is one', async () => {
    const at = new Date(nowMs - 60_000).toISOString();
    await post('/api/deploys', { service: 'oracle', version: '2.0.0', at });
    expect(await post('/api/deploys', { service: 'oracle', version: '2.0.0', at })).toMatchObject({
      status: 201,
      body: { version: '2.0.0', at, by: 'operator' },
    });
    expect(((await get('/api/history')).body as HistoryReply).deploys).toMatchObject([{ version: '2.0.0' }]);
    expect((await get('/api/deploys?service=other')).body).toEqual({ deploys: [], recorded: true });
  });

  it('are kept in a table that stands in the ledger of the schema', async () => {
    const { rows } = await world.pool.query(`select id, checksum from schema_migrations where id like 'dashboard-%'`);
    expect(rows).toEqual([{ id: 'dashboard-0001', checksum: expect.stringMatching(/^[0-9a-f]{64}$/) }]);
  });

  it('cannot lie in the future', async () => {
    const at = new Date(Date.now() + 3_600_000).toISOString();
    expect((await post('/api/deploys', { service: 'oracle', version: '3', at })).status).toBe(400);
  });
});

describe('the other questions', () => {
  it('did the jobs run, failed ones first', async () => {
    const { body } = await get('/api/jobs');
    expect(body as JobsReply).toMatchObject({
      jobs: [
        { job_name: 'export', last_status: 'failed' },
        { job_name: 'import', success_rate: 100 },
      ],
      recorded: true,
    });
    expect((await get('/api/jobs?job_name=import&limit=1')).body).toMatchObject({ runs: [{ job_name: 'import' }] });
  });

  it('what do AI calls cost', async () => {
    expect((await get('/api/costs')).body).toMatchObject({
      lines: [{ service: 'oracle', today_tokens: 62_500, month_usd: null }],
    });
  });

  it('how much error budget is left', async () => {
    const { target_percent: target, objectives } = (await get('/api/slo')).body as SloReply;
    expect(target).toBe(99.9);
    const oracle = objectives.find(({ service }) => service === 'oracle');
    expect(oracle?.used_minutes).toBeCloseTo(6, 0);
    expect(oracle?.left_ratio).toBeCloseTo(1 - 6 / 43.2, 1);
  });

  it('what is watched, without a password or a path', async () => {
    const { body, text } = await get('/api/settings');
    expect(body as SettingsReply).toMatchObject({
      source: 'environment',
      rules_from: 'defaults',
      targets: [{ name: 'oracle', address: 'http://127.0.0.1:9', depends_on: ['postgres'] }, { name: 'postgres' }],
      faults: [],
    });
    expect(text).not.toMatch(/hush|secret/);
  });

  it('what did the services say', async () => {
    const { lines } = (await get('/api/logs?text=TIMED&level=WARN')).body as LogsReply;
    expect(lines).toMatchObject([{ level: 'ERROR', message: 'upstream timed out' }]);
  });

  it('one badge for all, one for each', async () => {
    expect((await get('/api/badge')).body).toEqual({
      schemaVersion: 1,
      label: 'services',
      message: 'no data',
      color: 'lightgrey',
    });
    expect((await get('/api/badge?service=oracle')).body).toMatchObject({ label: 'Oracle', message: 'healthy' });
    expect((await get('/api/badge?service=nobody')).status).toBe(404);
  });

  it('one service in full, with the same hour yesterday', async () => {
    const { body } = await get('/api/services/oracle');
    expect(body).toMatchObject({
      service: { name: 'oracle' },
      health: { service: 'oracle' },
      metrics: { service: 'oracle' },
      yesterday: { readings_per_hour: null },
    });
  });
});

describe('answers', () => {
  it('are problems with words when the request is wrong, all faults at once', async () => {
    const { status, headers, body } = await get('/api/history?range=2h&servce=x');
    expect(status).toBe(400);
    expect(headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(body).toMatchObject({
      type: 'about:blank',
      title: expect.any(String),
      status: 400,
      detail: expect.any(String),
      faults: [{ field: 'range', expected: 'one of 1h, 6h, 24h, 7d, 30d' }, { field: 'servce' }],
    });
  });

  it.each([
    ['GET', '/api/nothing', 404],
    ['DELETE', '/api/status', 405],
    ['PUT', '/api/silences', 405],
    ['POST', '/', 405],
    ['GET', '/missing.js', 404],
    ['GET', '/api/services/%E0%A4%A', 400],
  ])('to %s %s is %i', async (method, path, status) => {
    const reply = await send(`${world.url}${path}`, { method, headers: { authorization } });
    expect(reply).toMatchObject({ status, body: { status } });
  });

  it.each([
    ['{"minutes":', 400],
    ['[1,2]', 400],
    [JSON.stringify({ comment: 'x'.repeat(20_000) }), 413],
  ])('to a body like %.12s… is %i', async (body, status) => {
    expect((await post('/api/silences', body)).status).toBe(status);
  });

  it('are compressed for those who can read that', async () => {
    const response = await fetch(`${world.url}/api/openapi.json`, { headers: { 'accept-encoding': 'gzip' } });
    expect(response.headers.get('content-encoding')).toBe('gzip');
    expect(await response.json()).toMatchObject({ openapi: '3.1.0' });
    expect((await get('/api/openapi.json')).headers['content-encoding']).toBeUndefined();
  });

  it('say what is unchanged without saying it again, to whom it may concern alone', async () => {
    for (const path of ['/api/openapi.json', '/api/settings', '/']) {
      const first = await get(path);
      expect(first.headers['etag']).toMatch(/^W\/"[\w-]{27}"$/);
      const again = await get(path, { 'if-none-match': String(first.headers['etag']) });
      expect(again).toMatchObject({ status: 304, text: '' });
    }
    expect((await get('/api/settings')).headers['cache-control']).toBe('private, no-cache');
    expect((await post('/api/silences', {})).headers['cache-control']).toBe('no-store');
    const head = await send(`${world.url}/api/settings`, { method: 'HEAD' });
    expect(head).toMatchObject({ status: 200, text: '' });
  });

  it('describe every endpoint in the OpenAPI document', async () => {
    const { paths } = (await get('/api/openapi.json')).body as {
      paths: Record<string, Record<string, { parameters: unknown[] }>>;
    };
    expect(paths['/api/alerts/{id}/acknowledge']?.['post']).toMatchObject({
      operationId: 'acknowledge',
      parameters: [{ in: 'path', name: 'id', required: true }],
    });
    expect(paths['/api/history']?.['get']?.parameters).toHaveLength(3);
    expect(paths['/api/silences']?.['post']).toMatchObject({
      requestBody: { content: { 'application/json': { schema: { required: ['minutes', 'comment'] } } } },
    });
  });

  it('are the page for every address of the page, compressed and never read from elsewhere', async () => {
    const pages = await Promise.all(
      ['/', '/services/oracle', '/alerts/a%2Fb'].map((path) => get(path, { 'accept-encoding': 'gzip' })),
    );
    expect(pages.map(({ status, headers }) => [status, headers['content-encoding'], headers['cache-control']])).toEqual(
      pages.map(() => [200, 'gzip', 'no-cache']),
    );
    expect((await get('/')).text).toContain('<title>page</title>');
    for (const path of ['/../package.json', '/..%2f..%2fetc/passwd', '/%2e%2e/%2e%2e/etc/passwd'])
      expect((await get(path)).text).not.toContain('root:');
  });

  it('say how to build the page when it is not there', async () => {
    const bare = await createWorld({ env: { DATABASE_URL: '' }, targets: [{ name: 'x', kind: 'http', url: NOBODY }] });
    const reply = await send(bare.url);
    await bare.remove();
    expect(reply).toMatchObject({ status: 503, body: { detail: expect.stringContaining('npm run build') } });
  });
});
