import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startPostgres, waitFor } from '@nps/testing';
import type { StatusReply } from '../../src/contract/status.js';
import { createDashboard } from '../../src/server/dashboard.js';
import { type LiveService, startLiveService } from './live-service.js';
import { send } from './request.js';
import { alertView, healthReport, openSeeded, seedAlert, seedService } from './seeded-database.js';
import { createWorld, NOBODY, testConfig } from './world.js';

async function statusOf(url: string): Promise<StatusReply> {
  const { status, body } = await send(`${url}/api/status`);
  expect(status).toBe(200);
  return body as StatusReply;
}

describe('GET /api/status while the alerter records', () => {
  it('answers the reports of the oracle, all services, and the database’s connections, size and latency', async () => {
    const nowMs = Date.now();
    const world = await createWorld({
      env: { ALERT_COLLECT_INTERVAL: '300' },
      seed: async (pool) => {
        const report = healthReport('oracle', nowMs, { database: { status: 'ok', latency_ms: 3, critical: true } });
        await seedService(
          pool,
          {
            name: 'oracle',
            status: 'healthy',
            past: [
              [2, 'unreachable'],
              [1, 'healthy'],
            ],
            readingMs: 200,
            report,
          },
          nowMs,
        );
        await seedAlert(pool, alertView('oracle', nowMs));
      },
    });
    const reply = await statusOf(world.url);
    expect(reply.oracle.health).toMatchObject({
      status: 'healthy',
      version: '1.4.2',
      checks: { database: { status: 'ok' } },
    });
    expect(reply.oracle.metrics?.performance.reading_time.p95).toBeGreaterThan(100);
    expect(reply.database).toMatchObject({ state: 'connected', since: null });
    expect(reply.database.connections).toBeGreaterThan(0);
    expect(reply.database.size_bytes).toBeGreaterThan(1_000_000);
    expect(reply.database.latency_ms).toBeGreaterThan(0);
    expect(reply.recording.state).toBe('current');
    const oracle = reply.services['oracle'];
    expect(oracle).toMatchObject({
      status: 'healthy',
      source: 'recorded',
      display_name: 'Oracle',
      kind: 'service',
      last_incident: { reason: 'refused' },
    });
    expect(oracle?.since).toBe(oracle?.last_incident?.to);
    expect(oracle?.strip).toHaveLength(96);
    expect(oracle?.strip).toContain('d');
    expect(oracle?.sparkline.filter((value) => value !== null).length).toBeGreaterThan(20);
    expect(reply.alerts).toMatchObject([{ rule: 'down', phase: 'firing', service: 'oracle' }]);
    expect(world.errors).toEqual([]);
    await world.remove();
  });

  it('says since when a service is down, and hides the figures of the time before', async () => {
    const nowMs = Date.now();
    const world = await createWorld({
      env: { ALERT_COLLECT_INTERVAL: '300' },
      seed: (pool) =>
        seedService(
          pool,
          {
            name: 'oracle',
            status: 'unreachable',
            past: [
              [5, 'healthy'],
              [0.1, 'unreachable'],
            ],
            readingMs: null,
            report: null,
            message: 'connection refused',
          },
          nowMs,
        ),
    });
    const { services } = await statusOf(world.url);
    expect(services['oracle']).toMatchObject({
      status: 'down',
      reason: 'refused',
      message: 'connection refused',
      figures: { p95_ms: null, readings_per_hour: null },
    });
    expect(nowMs - Date.parse(services['oracle']?.since ?? '')).toBeGreaterThan(5 * 60_000);
    await world.remove();
  });

  it('is not fooled by names that objects know already', async () => {
    const nowMs = Date.now();
    const world = await createWorld({
      targets: [{ name: 'constructor', kind: 'http', url: NOBODY }],
      seed: (pool) =>
        seedService(pool, { name: '__proto__', status: 'healthy', past: [], readingMs: null, report: null }, nowMs),
    });
    const { services } = await statusOf(world.url);
    expect(Object.keys(services)).toEqual(['constructor']);
    expect((await send(`${world.url}/api/services/toString`)).status).toBe(404);
    await world.remove();
  });
});

describe('GET /api/status while nobody records', () => {
  let live: LiveService;
  beforeAll(async () => {
    live = await startLiveService('oracle', 'error');
  });
  afterAll(() => live?.stop());

  it('probes live and says since when the recording is stale', async () => {
    const oldMs = Date.now() - 3_600_000;
    const world = await createWorld({
      env: { ORACLE_HTTP_URL: live.url },
      seed: (pool) =>
        seedService(pool, { name: 'oracle', status: 'healthy', past: [], readingMs: null, report: null }, oldMs),
    });
    const reply = await statusOf(world.url);
    expect(reply.recording).toEqual({ state: 'stale', last_at: new Date(oldMs).toISOString() });
    expect(reply.services['oracle']).toMatchObject({
      source: 'live',
      status: 'degraded',
      dependencies: [{ name: 'database', status: 'error' }, { name: 'cache' }],
    });
    expect(reply.oracle.metrics?.performance.reading_time.count).toBe(20);
    await world.remove();
  });

  it('works without any database and says that nothing is recorded', async () => {
    const world = await createWorld({ env: { DATABASE_URL: '', ORACLE_HTTP_URL: live.url } });
    const reply = await statusOf(world.url);
    expect(reply.database.state).toBe('not_configured');
    expect(reply.recording.state).toBe('absent');
    expect(reply.services['oracle']?.figures.p95_ms).toBeGreaterThan(0);
    const history = await send(`${world.url}/api/history`);
    expect(history).toMatchObject({ status: 200, body: { points: [], recorded: false } });
    expect((await send(`${world.url}/healthz`)).status).toBe(200);
    await world.remove();
  });

  it('shows a target nobody answers for as down, with the reason', async () => {
    const world = await createWorld({ targets: [{ name: 'web', kind: 'http', url: NOBODY }] });
    const { services, primary } = await statusOf(world.url);
    expect(primary).toBeNull();
    expect(services['web']).toMatchObject({ status: 'down', source: 'live', reason: 'refused' });
    await world.remove();
  });
});

describe('while PostgreSQL goes away and comes back', () => {
  it('keeps the last good figures, says since when, and never answers 500', async () => {
    const nowMs = Date.now();
    const postgres = await startPostgres();
    const connectionString = postgres.connectionString();
    const pool = await openSeeded(connectionString);
    pool.on('error', () => undefined);
    await seedService(
      pool,
      { name: 'oracle', status: 'healthy', past: [[1, 'healthy']], readingMs: 200, report: null },
      nowMs,
    );
    await pool.end();
    const config = testConfig({ DATABASE_URL: connectionString, ALERT_COLLECT_INTERVAL: '300' });
    const dashboard = createDashboard(config, {
      file: { targets: [{ name: 'oracle', kind: 'service', url: NOBODY }], document: {}, text: '' },
      pageDirectory: '/nowhere',
      redact: (text) => text,
      onError: () => undefined,
    });
    const url = `http://127.0.0.1:${(await dashboard.start()).port}`;
    const before = await send(`${url}/api/history?range=1h`);
    expect(before).toMatchObject({ status: 200, body: { recorded: true } });

    await postgres.stop('immediate');
    const away = await waitFor(async () => ((await statusOf(url)).database.state === 'away' ? statusOf(url) : null), {
      timeoutMs: 15_000,
    });
    expect(away.database.since).not.toBeNull();
    expect(away.services['oracle']?.strip).toContain('h');
    const paths = [
      '/api/history?range=1h',
      '/api/alerts',
      '/api/services/oracle',
      '/api/jobs',
      '/api/slo',
      '/api/deploys',
      '/api/alerts/x',
      '/api/settings',
      '/api/costs',
    ];
    const replies = await Promise.all(paths.map((path) => send(`${url}${path}`)));
    expect(replies.map(({ status }) => status)).toEqual(paths.map(() => 200));
    expect(replies[0]?.body).toMatchObject({ recorded: false, points: (before.body as { points: unknown[] }).points });
    expect((await send(`${url}/healthz`)).status).toBe(503);
    expect((await send(`${url}/livez`)).status).toBe(200);

    const again = await startPostgres(postgres.directory, Number(new URL(connectionString).port));
    await waitFor(async () => (await statusOf(url)).database.state === 'connected', {
      timeoutMs: 20_000,
      what: 'the database to be back',
    });
    await dashboard.stop();
    await again.remove();
  }, 60_000);
});

describe('an alerter that dies', () => {
  it('is away, and that it had no channel is remembered: an alert in its log told nobody', async () => {
    const report = healthReport('alerter', Date.now(), {
      channels: { status: 'warning', error: 'NOT_FOUND', value: 0 },
    });
    const alerter = createServer((_request, response) => {
      response.setHeader('content-type', 'application/json').end(JSON.stringify(report));
    }).listen(0, '127.0.0.1');
    await once(alerter, 'listening');
    const { port } = alerter.address() as AddressInfo;
    const world = await createWorld({ env: { ALERTER_URL: `http://127.0.0.1:${port}` } });
    expect((await statusOf(world.url)).alerter).toMatchObject({ channels: 'none' });
    alerter.closeAllConnections();
    alerter.close();
    const away = await waitFor(async () => {
      const seen = (await statusOf(world.url)).alerter;
      return seen.state === 'away' ? seen : null;
    });
    expect(away.channels).toBe('none');
    await world.remove();
  });
});

describe('the rest of the server', () => {
  it('refuses a port in use with one clear sentence', async () => {
    const first = await createWorld({ env: { DATABASE_URL: '' } });
    const config = testConfig({ DASHBOARD_PORT: new URL(first.url).port });
    const second = createDashboard(config, {
      file: { targets: [], document: {}, text: '' },
      pageDirectory: '/nowhere',
      redact: (text) => text,
      onError: () => undefined,
    });
    await expect(second.start()).rejects.toThrow(
      /Port \d+ on 127\.0\.0\.1 is in use by another program; stop it or set DASHBOARD_PORT\./,
    );
    await second.stop();
    await first.remove();
  });

  it('tells a balancer to look elsewhere once it stops, and stops twice without harm', async () => {
    const world = await createWorld({ env: { DATABASE_URL: '' } });
    expect((await send(`${world.url}/readyz`)).status).toBe(200);
    await Promise.all([world.dashboard.stop(), world.dashboard.stop()]);
    await expect(send(`${world.url}/readyz`)).rejects.toThrow('ECONNREFUSED');
    await world.remove();
  });
});
