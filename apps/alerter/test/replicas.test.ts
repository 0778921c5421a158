import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startPostgres, type TelegramPeer, waitFor } from '@nps/testing';
import { ownAddress } from '../src/replicas.js';
import type { AlerterProcess } from './alerter-process.js';
import { type AlerterWorld, createAlerterWorld } from './alerter-world.js';
import { startFreezingProxy } from './freezing-proxy.js';
import type { ServiceTarget } from './service-target.js';

const DOWN = /🚨 CRITICAL: Oracle service is DOWN! Error: /;
const RECOVERED = /ℹ️ INFO: Oracle service recovered/;
const LEADING = 'leading: watching all targets';
const STANDING_BY = 'standing by: another alerter leads';

let world: AlerterWorld;
let target: ServiceTarget;
let peer: TelegramPeer;

beforeEach(async () => {
  world = await createAlerterWorld();
  ({ target, peer } = world);
});
afterEach(() => world.end());

const sleep = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });

const count = (replica: AlerterProcess, message: string): number =>
  replica.messages.filter((line) => line === message).length;

/** Two replicas that know of each other; the first leads. */
async function startPair(
  first: string,
  second: string,
): Promise<{ readonly leader: AlerterProcess; readonly standby: AlerterProcess }> {
  const leader = world.startProcess({ DATABASE_URL: first });
  await waitFor(() => count(leader, LEADING) === 1, { timeoutMs: 20_000 });
  const standby = world.startProcess({ DATABASE_URL: second });
  await standby.listening();
  // Each looks for the others every five seconds.
  await sleep(11_000);
  expect(count(standby, LEADING)).toBe(0);
  return { leader, standby };
}

describe('two replicas whose database is stopped', () => {
  it('tell an outage and its recovery once while it is away, and nothing more after its return', async () => {
    const server = await startPostgres();
    const { leader, standby } = await startPair(server.connectionString(), server.connectionString());
    await server.stop('immediate');
    // Twice as long as a standby that hears nothing believes in its leader.
    await sleep(30_000);
    await target.kill();
    await waitFor(() => world.told(DOWN) === 1, { timeoutMs: 30_000, what: 'the message without a database' });
    await sleep(15_000);
    await target.revive();
    await waitFor(() => world.told(RECOVERED) === 1, { timeoutMs: 30_000 });
    const again = await startPostgres(server.directory, server.port);
    await sleep(25_000);
    // Who leads after the return does not matter, only that nobody says it again.
    expect(peer.messages).toHaveLength(2);
    await Promise.all([leader.end(), standby.end()]);
    await again.remove();
  }, 240_000);

  it('replace a leader that is killed meanwhile: what it told is not told again, and the recovery comes', async () => {
    const server = await startPostgres();
    const { leader, standby } = await startPair(server.connectionString(), server.connectionString());
    await server.stop('immediate');
    await sleep(10_000);
    await target.kill();
    await waitFor(() => world.told(DOWN) === 1, { timeoutMs: 30_000 });
    // The standby asks every few seconds.
    await sleep(8000);
    const killedAt = Date.now();
    await leader.end('SIGKILL');
    await waitFor(() => count(standby, LEADING) === 1, { timeoutMs: 15_000, what: 'the takeover from memory' });
    expect(Date.now() - killedAt).toBeLessThan(15_000);
    await sleep(10_000);
    await target.revive();
    await waitFor(() => world.told(RECOVERED) === 1, { timeoutMs: 30_000 });
    await target.kill();
    const again = await startPostgres(server.directory, server.port);
    await sleep(20_000);
    expect(peer.messages).toHaveLength(2);
    await standby.end();
    await again.remove();
  }, 180_000);
});

describe('two replicas of which one is cut off from the database', () => {
  it('are led by the one that has it; the other falls silent instead of telling everything a second time', async () => {
    const server = await startPostgres();
    const proxy = await startFreezingProxy(server.port);
    const through = new URL(server.connectionString());
    through.port = String(proxy.port);
    const { leader, standby } = await startPair(through.href, server.connectionString());
    proxy.freeze();
    // The worst moment: both come to know of the outage while one takes over from the other.
    await target.kill();
    await waitFor(() => world.told(DOWN) === 1, { timeoutMs: 35_000 });
    await waitFor(() => count(leader, STANDING_BY) === 1, {
      timeoutMs: 60_000,
      what: 'the one without it to fall silent',
    });
    await sleep(15_000);
    expect(world.told(DOWN)).toBe(1);
    await target.revive();
    await waitFor(() => world.told(RECOVERED) === 1, { timeoutMs: 30_000 });
    proxy.thaw();
    await sleep(15_000);
    expect(peer.messages).toHaveLength(2);
    expect([count(leader, STANDING_BY), count(standby, LEADING)]).toEqual([1, 1]);
    await Promise.all([leader.end(), standby.end()]);
    await proxy.stop();
    await server.remove();
  }, 200_000);
});

describe('a replica', () => {
  it('tells what it knows only to those who can read the database', async () => {
    const { url } = await world.startHere({ ALERTER_NAME: 'here' });
    const [row] = await world.query("SELECT address, secret FROM alerter_replicas WHERE name = 'here'");
    expect(row?.['address']).toBe(url);
    const ask = async (secret: string): Promise<readonly unknown[]> => {
      const answer = await fetch(`${url}/replica`, { headers: { authorization: `Bearer ${secret}` } });
      return [answer.status, await answer.json()];
    };
    const takeOver = async (secret: string, query: string): Promise<readonly unknown[]> => {
      const headers = { authorization: `Bearer ${secret}` };
      const answer = await fetch(`${url}/replica${query}`, { method: 'POST', headers });
      return [answer.status, await answer.json()];
    };
    expect(await takeOver('x', '?epoch=9')).toEqual([401, {}]);
    expect(await ask('x')).toEqual([401, {}]);
    expect((await fetch(`${url}/replica`)).status).toBe(401);
    expect(await ask(String(row?.['secret']))).toMatchObject([
      200,
      { role: 'leader', epoch: 1, store: 'ok', isEvaluating: true, snapshot: { alerts: [], notices: [] } },
    ]);
    const secret = String(row?.['secret']);
    expect(await takeOver(secret, '?epoch=-1')).toEqual([400, { detail: expect.stringContaining('expected ?epoch=') }]);
    // It leads under the first itself.
    expect(await takeOver(secret, '?epoch=1')).toMatchObject([200, { role: 'leader', epoch: 1 }]);
    expect(await takeOver(secret, '?epoch=2')).toMatchObject([200, { role: 'leader', epoch: 1 }]);
    expect(await ask(secret)).toMatchObject([200, { role: 'standby', epoch: null, snapshot: null }]);
  });

  it('takes its leave of the others when it stops', async () => {
    const { alerter } = await world.startHere();
    expect(await world.query('SELECT FROM alerter_replicas')).toHaveLength(1);
    await alerter.stop();
    expect(await world.query('SELECT FROM alerter_replicas')).toHaveLength(0);
  });

  it('is found where it listens, or at the first outward address of its machine', () => {
    expect(ownAddress('127.0.0.1', 9095)).toBe('http://127.0.0.1:9095');
    expect(ownAddress('::1', 9095)).toBe('http://[::1]:9095');
    expect(ownAddress('alerter-1', 80)).toBe('http://alerter-1:80');
    expect(ownAddress('0.0.0.0', 9095)).toMatch(/^http:\/\/\d+\.\d+\.\d+\.\d+:9095$/);
  });
});
