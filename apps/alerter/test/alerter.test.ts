import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createJobMonitor } from '@nps/oracle-metrics';
import { type TelegramPeer, waitFor } from '@nps/testing';
import { Pool } from 'pg';
import { type AlerterWorld, createAlerterWorld } from './alerter-world.js';
import { type ServiceTarget, startServiceTarget } from './service-target.js';

let world: AlerterWorld;
let target: ServiceTarget;
let peer: TelegramPeer;

beforeEach(async () => {
  world = await createAlerterWorld();
  ({ target, peer } = world);
});
afterEach(() => world.end());

describe('the alerter', () => {
  it('tells that a killed service is down within 30 s, that it is back, and nothing else', async () => {
    await world.startHere();
    await waitFor(() => target.asked['/health'], { what: 'the first visit' });
    const killedAt = Date.now();
    await target.kill();
    await waitFor(() => peer.messages.length >= 1, { timeoutMs: 30_000, what: 'the message of the outage' });
    expect(peer.messages[0]?.text).toMatch(/^(<b>)?🚨 CRITICAL: Oracle service is DOWN! Error: /);
    expect((peer.messages[0]?.at ?? 0) - killedAt).toBeLessThan(30_000);
    await target.revive();
    await waitFor(() => peer.messages.length >= 2, { timeoutMs: 30_000, what: 'the message of the recovery' });
    expect(peer.messages[1]?.text).toContain('ℹ️ INFO: Oracle service recovered');
    expect(peer.messages).toHaveLength(2);
  }, 60_000);

  it('tells of an error rate above 5 % with its value', async () => {
    for (let index = 0; index < 30; index += 1) target.metrics.recordReadingTime(100);
    await world.startHere();
    for (let index = 0; index < 6; index += 1) {
      try {
        target.metrics.track('reading', () => {
          throw new Error('broken');
        });
      } catch {
        // the operation's own failure: what is being counted
      }
    }
    await waitFor(() => peer.messages.length >= 1, { timeoutMs: 30_000, what: 'the warning' });
    expect(peer.messages[0]?.text).toContain('⚠️ WARNING: Oracle error rate 16.7% (threshold: 5%)');
  }, 60_000);

  it('stores visits, what the target said last and the delivered notice in PostgreSQL', async () => {
    target.metrics.recordReadingTime(100);
    await world.startHere();
    target.state = 'down';
    await waitFor(() => peer.messages.length >= 1, { timeoutMs: 30_000 });
    await waitFor(async () => (await world.query("SELECT 1 FROM notices WHERE state = 'delivered'")).length > 0, {
      timeoutMs: 5000,
    });
    const ledger = (await world.query('SELECT id FROM schema_migrations')).map(
      (row) => String(row['id']).split('-')[0],
    );
    expect(new Set(ledger)).toEqual(new Set(['ledger', 'health', 'metrics', 'alerts', 'alerter']));
  }, 60_000);

  it('serves its own health, readiness and figures', async () => {
    const { url } = await world.startHere();
    await waitFor(() => target.asked['/health']);
    const health = await waitFor(async () => {
      const body = (await (await fetch(`${url}/health`)).json()) as {
        status: string;
        checks: Record<string, { status: string }>;
      };
      return body.status === 'healthy' && body.checks['collect']?.status === 'ok' ? body : null;
    });
    expect(Object.keys(health.checks).sort()).toEqual([
      'channels',
      'collect',
      'configuration',
      'database',
      'evaluation',
      'outbox',
    ]);
    expect((await fetch(`${url}/ready`)).status).toBe(200);
    const text = await (await fetch(`${url}/metrics/prometheus`)).text();
    expect(text).toContain('alerter_leader 1');
    expect(text).toContain('alerter_targets 1');
  }, 30_000);

  it('says loudly in its health that without a channel nobody would be told, and writes notices to its log', async () => {
    const { url } = await world.startHere({ NPS_BOT_TOKEN: '', NPS_CHAT_ID: '', HEALTH_TOKEN: 'open' });
    await target.kill();
    await waitFor(() => world.lines.some((line) => line.startsWith('🚨 CRITICAL: Oracle service is DOWN!')), {
      timeoutMs: 30_000,
    });
    const body = (await (await fetch(`${url}/health`, { headers: { authorization: 'Bearer open' } })).json()) as {
      checks: Record<string, { status: string; detail?: string }>;
    };
    expect(body.checks['channels']).toMatchObject({
      status: 'warning',
      detail: 'no channel is configured: nobody would be told',
    });
  }, 40_000);

  it('takes a changed configuration file without a restart: targets, rules and channels', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'alerter-'));
    const path = join(folder, 'targets.json');
    const second = await startServiceTarget();
    const service = (name: string, url: string): object => ({ name, kind: 'service', url });
    const write = (file: object): void => writeFileSync(path, JSON.stringify(file));
    write({ targets: [service('first', target.url)] });
    const { alerter, url } = await world.startHere({ NPS_CONFIG: path, NPS_BOT_TOKEN: '', NPS_CHAT_ID: '' });
    await waitFor(() => target.asked['/health']);
    write({
      targets: [service('first', target.url), service('second', second.url)],
      channels: { night: { kind: 'telegram', token: world.token, chatId: '1', apiUrl: peer.url } },
    });
    await waitFor(() => second.asked['/health'], { timeoutMs: 20_000, what: 'a visit of the new target' });
    await second.kill();
    await waitFor(() => peer.messages.length === 1, { timeoutMs: 30_000, what: 'a message over the new channel' });
    expect(peer.messages[0]?.text).toContain('second service is DOWN!');

    write({ targets: 'nonsense' });
    await alerter.reload();
    expect(world.lines.at(-1)).toContain('the old one holds: targets: expected a list');
    expect(await (await fetch(`${url}/metrics/prometheus`)).text()).toContain('alerter_targets 2');

    write({
      targets: [service('first', target.url)],
      channels: { night: { kind: 'telegram', token: world.token, chatId: '1', apiUrl: peer.url } },
    });
    await alerter.reload();
    await waitFor(() => peer.messages.length === 2, { timeoutMs: 30_000, what: 'the word that the source is gone' });
    expect(peer.messages[1]?.text).toContain('closed: source gone');
    rmSync(folder, { recursive: true });
  }, 90_000);

  it('tells of a job that failed three times, and of nothing before', async () => {
    await world.startHere();
    const pool = new Pool({ connectionString: world.database.connectionString });
    const jobs = createJobMonitor({ pool });
    const failing = (): Promise<void> => Promise.reject(new Error('disk full'));
    for (let attempt = 0; attempt < 3; attempt += 1)
      await jobs.monitorJob('backup', {}, failing).catch(() => undefined);
    await jobs.stop();
    await pool.end();
    await waitFor(() => peer.messages.length === 1, { timeoutMs: 30_000 });
    expect(peer.messages[0]?.text).toContain('❌ ERROR: Scheduler job backup failed 3 times in a row');
    expect(peer.messages[0]?.text).toContain('disk full');
  }, 60_000);

  it('sends its heartbeat to a watcher outside while all is sound', async () => {
    const watcher = await startServiceTarget();
    await world.startHere({ ALERT_HEARTBEAT_URL: `${watcher.url}/beat`, ALERT_HEARTBEAT_INTERVAL: '5' });
    watcher.state = 'healthy';
    await waitFor(() => watcher.asked['/beat'], { timeoutMs: 20_000, what: 'the first heartbeat' });
    await watcher.kill();
  }, 40_000);

  it('refuses a port that is taken with one clear sentence', async () => {
    await expect(world.startHere({ ALERTER_PORT: String(target.port) })).rejects.toMatchObject({
      code: 'LISTEN_FAILED',
      message: expect.stringContaining(`cannot listen on 127.0.0.1:${target.port}`),
    });
  });
});
