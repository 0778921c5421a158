import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startPostgres, type TelegramPeer, waitFor } from '@nps/testing';
import type { AlerterProcess } from './alerter-process.js';
import { type AlerterWorld, createAlerterWorld } from './alerter-world.js';
import { startFreezingProxy } from './freezing-proxy.js';
import type { ServiceTarget } from './service-target.js';

const DOWN = /🚨 CRITICAL: Oracle service is DOWN! Error: /;
const RECOVERED = /ℹ️ INFO: Oracle service recovered/;

let world: AlerterWorld;
let target: ServiceTarget;
let peer: TelegramPeer;

beforeEach(async () => {
  world = await createAlerterWorld();
  ({ target, peer } = world);
});
afterEach(() => world.end());

/** Killed any earlier, between the accept and its record, an alerter may rightly send a second copy (ALERTING 9). */
async function isDelivered(): Promise<boolean> {
  return (await world.query("SELECT 1 FROM notices WHERE state = 'delivered'")).length === 1;
}

describe('the alerter as a process', () => {
  it('says where it listens and stops with code 0 within 10 s of SIGTERM, leaving nothing behind', async () => {
    const alerter = world.startProcess();
    const port = await alerter.listening();
    expect((await fetch(`http://127.0.0.1:${port}/livez`)).status).toBe(200);
    const stopAt = Date.now();
    expect(await alerter.end('SIGTERM')).toBe(0);
    expect(Date.now() - stopAt).toBeLessThan(10_000);
    expect(alerter.messages).toContain('stopping on SIGTERM');
    expect(alerter.stderr()).toBe('');
  }, 30_000);

  it('ends with one sentence and code 1 when its port is taken or its configuration is bad', async () => {
    const taken = world.startProcess({ ALERTER_PORT: String(target.port) });
    expect(await taken.ended()).toBe(1);
    expect(taken.stderr()).toMatch(/^alerter: cannot listen on 127\.0\.0\.1:\d+: .*set ALERTER_PORT to a free port\n$/);
    const bad = world.startProcess({ ALERT_COOLDOWN: 'never' });
    expect(await bad.ended()).toBe(1);
    expect(bad.stderr()).toMatch(/^alerter: the configuration is not usable: ALERT_COOLDOWN: expected seconds .*\n$/);
  }, 30_000);

  it('never writes the bot token anywhere', async () => {
    peer.fail({ status: 401, description: 'Unauthorized', times: 3 });
    const alerter = world.startProcess();
    await alerter.listening();
    await target.kill();
    await waitFor(() => alerter.messages.some((line) => line.includes('telegram')), { timeoutMs: 30_000 });
    expect(alerter.stdout() + alerter.stderr()).not.toContain(world.token);
  }, 40_000);

  it('tells of an outage once although it is killed with -9 in its midst, and of the recovery afterwards', async () => {
    const first = world.startProcess();
    await first.listening();
    await target.kill();
    await waitFor(isDelivered, { timeoutMs: 30_000 });
    await first.end('SIGKILL');
    const second = world.startProcess();
    await second.listening();
    await target.revive();
    await waitFor(() => world.told(RECOVERED) === 1, { timeoutMs: 30_000 });
    expect(peer.messages).toHaveLength(2);
  }, 80_000);

  it('runs twice: one leads, the other takes over within 15 s of its death, and nobody is told twice', async () => {
    const replicas = [world.startProcess(), world.startProcess()];
    await Promise.all(replicas.map((replica) => replica.listening()));
    const leads = (replica: AlerterProcess): boolean => replica.messages.includes('leading: watching all targets');
    await waitFor(() => replicas.filter(leads).length === 1);
    const leader = replicas.find(leads);
    const standby = replicas.find((replica) => replica !== leader);
    await target.kill();
    await waitFor(isDelivered, { timeoutMs: 30_000 });
    const diedAt = Date.now();
    await leader?.end('SIGKILL');
    await waitFor(() => standby !== undefined && leads(standby), { timeoutMs: 15_000, what: 'the takeover' });
    expect(Date.now() - diedAt).toBeLessThan(15_000);
    await target.revive();
    await waitFor(() => world.told(RECOVERED) === 1, { timeoutMs: 30_000 });
    expect(peer.messages).toHaveLength(2);
  }, 90_000);

  it('is replaced when it is frozen, and sends nothing late when it thaws', async () => {
    const replicas = [world.startProcess(), world.startProcess()];
    await Promise.all(replicas.map((replica) => replica.listening()));
    const leads = (replica: AlerterProcess): boolean => replica.messages.includes('leading: watching all targets');
    await waitFor(() => replicas.filter(leads).length === 1);
    const frozen = replicas.find(leads);
    frozen?.child.kill('SIGSTOP');
    await target.kill();
    await waitFor(() => world.told(DOWN) === 1, { timeoutMs: 35_000, what: 'the message of the one that took over' });
    frozen?.child.kill('SIGCONT');
    await waitFor(() => frozen?.messages.includes('standing by: another alerter leads'), { timeoutMs: 20_000 });
    await target.revive();
    await waitFor(() => world.told(RECOVERED) === 1, { timeoutMs: 30_000 });
    expect(peer.messages).toHaveLength(2);
  }, 120_000);

  it('alerts without its database, says so in its health, and stores what happened when the database comes', async () => {
    const server = await startPostgres();
    const connectionString = server.connectionString();
    await server.stop('immediate');
    const alerter = world.startProcess({ DATABASE_URL: connectionString });
    const port = await alerter.listening();
    const isDatabaseFailing = async (): Promise<boolean> => {
      const body = (await (await fetch(`http://127.0.0.1:${port}/health`)).json()) as {
        checks: Record<string, { status: string }>;
      };
      return body.checks['database']?.status === 'error';
    };
    await waitFor(isDatabaseFailing, { timeoutMs: 15_000, what: '/health to say that the database is away' });
    await target.kill();
    await waitFor(() => world.told(DOWN) === 1, { timeoutMs: 30_000, what: 'the message without a database' });
    const again = await startPostgres(server.directory, server.port);
    await waitFor(() => alerter.messages.some((line) => line.startsWith('database ready')), { timeoutMs: 30_000 });
    await waitFor(async () => !(await isDatabaseFailing()), { timeoutMs: 30_000 });
    await target.revive();
    await waitFor(() => world.told(RECOVERED) === 1, { timeoutMs: 30_000 });
    expect(peer.messages).toHaveLength(2);
    await alerter.end('SIGTERM');
    await again.remove();
  }, 120_000);

  it('alerts in time and stops in time although its database falls silent without closing a connection', async () => {
    const real = new URL(world.database.connectionString);
    const proxy = await startFreezingProxy(Number(real.port));
    const through = new URL(real);
    through.port = String(proxy.port);
    const alerter = world.startProcess({
      DATABASE_URL: through.href,
      ALERT_COLLECT_INTERVAL: '5',
      ALERT_CHECK_INTERVAL: '10',
    });
    await alerter.listening();
    await waitFor(() => target.asked['/health']);
    proxy.freeze();
    const killedAt = Date.now();
    await target.kill();
    await waitFor(() => world.told(DOWN) === 1, {
      timeoutMs: 35_000,
      what: 'the message while the database is silent',
    });
    expect((peer.messages[0]?.at ?? Number.POSITIVE_INFINITY) - killedAt).toBeLessThan(30_000);
    const stopAt = Date.now();
    expect(await alerter.end('SIGTERM')).toBe(0);
    expect(Date.now() - stopAt).toBeLessThan(10_000);
    await proxy.stop();
  }, 90_000);
});

describe('the commands', () => {
  it('--test tells every channel, with latency and message id', async () => {
    const alerter = world.startProcess({}, ['--test']);
    expect(await alerter.ended()).toBe(0);
    expect(alerter.stdout()).toMatch(
      /^outbox: PostgreSQL\ntelegram +\d+ ms +delivered, message id 1\nevery channel took the test notice\n$/,
    );
    expect(peer.messages).toHaveLength(1);
    expect(peer.messages[0]?.text).toContain('[TEST]');
  }, 60_000);

  it('--test waits for a channel that takes the notice at the second try, also where no database holds the process', async () => {
    peer.fail({ status: 500, description: 'oops', times: 1 });
    const drill = world.startProcess({ DATABASE_URL: '' }, ['--test']);
    expect(await drill.ended()).toBe(0);
    expect(drill.stdout()).toMatch(/DATABASE_URL is not set\ntelegram +\d+ ms {2}delivered, message id \d+\n/);
  }, 40_000);

  it('--test works beside a running alerter', async () => {
    await world.startProcess().listening();
    const drill = world.startProcess({}, ['--test']);
    expect(await drill.ended()).toBe(0);
    expect(drill.stdout()).toContain('outbox: in memory, since a running alerter holds the one in PostgreSQL');
  }, 60_000);

  it('--test ends with code 1 and the reason when a channel refuses, and when there is none', async () => {
    peer.fail({ status: 401, description: 'Unauthorized', times: 5 });
    const refused = world.startProcess({}, ['--test']);
    expect(await refused.ended()).toBe(1);
    expect(refused.stdout()).toMatch(/telegram .*FAILED: .*Unauthorized/);
    const none = world.startProcess({ NPS_BOT_TOKEN: '', NPS_CHAT_ID: '' }, ['--test']);
    expect(await none.ended()).toBe(1);
    expect(none.stdout()).toMatch(/^FAILED: no channel is configured/);
  }, 60_000);

  it('--once prints what it saw and ends with 0 while all is well, with 1 when something is down', async () => {
    target.metrics.recordReadingTime(120);
    const well = world.startProcess({}, ['--once']);
    expect([await well.ended(), well.stderr()]).toEqual([0, '']);
    expect(well.stdout()).toMatch(
      /^✓ oracle +healthy +\d+ ms .*1 operations and 0 errors in 5 min, reading p95 1[12]\d ms\nall 1 targets are well\n$/,
    );
    target.state = 'down';
    const down = world.startProcess({}, ['--once']);
    expect(await down.ended()).toBe(1);
    expect(down.stdout()).toMatch(
      /^✗ oracle +down[^]*→ would alert: critical down for oracle[^]*1 of 1 targets down, 1 alerts\n$/,
    );
    expect(peer.messages).toHaveLength(0);
  }, 60_000);

  it('--check-config names every fault at once and ends with 1, or with 0 and what would be watched', async () => {
    const good = world.startProcess({}, ['--check-config']);
    expect(await good.ended()).toBe(0);
    expect(good.stdout()).toContain('targets:  oracle (service)');
    const bad = world.startProcess({ ALERTER_PORT: 'x', ALERT_COOLDOWN: 'y', NPS_CHAT_ID: '' }, [
      '--check-config',
      '--config',
      '/nowhere.yaml',
    ]);
    expect(await bad.ended()).toBe(1);
    expect(bad.stdout().match(/^ {2}- /gm)).toHaveLength(3);
  }, 30_000);

  it('--help explains itself, and an unknown argument is refused', async () => {
    const help = world.startProcess({}, ['--help']);
    expect(await help.ended()).toBe(0);
    expect(help.stdout()).toContain('--check-config');
    const unknown = world.startProcess({}, ['--tset']);
    expect(await unknown.ended()).toBe(1);
    expect(unknown.stderr()).toContain('unknown argument "--tset"');
  }, 30_000);
});
