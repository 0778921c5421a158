import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createAcknowledgeSigner } from '@nps/oracle-alerts';
import { type Reply, send } from './request.js';
import { alertView, seedAlert } from './seeded-database.js';
import { createWorld, type World } from './world.js';

const secret = 'links-'.repeat(6);
const sign = createAcknowledgeSigner(secret);
const DAY_MS = 86_400_000;
const KEY = 'down/oracle';

let world: World;
let pageDirectory: string;
let laterMs = 0;

beforeEach(async () => {
  laterMs = 0;
  pageDirectory = mkdtempSync(join(tmpdir(), 'page-'));
  writeFileSync(join(pageDirectory, 'index.html'), '<!doctype html><title>page</title>');
  world = await startWorld({ ACK_LINK_SECRET: secret });
});
afterEach(async () => {
  await world?.remove();
  rmSync(pageDirectory, { recursive: true, force: true });
});

/** Reachable by others, so that nothing is given to who has neither signed in nor a link. */
function startWorld(env: Readonly<Record<string, string>>): Promise<World> {
  return createWorld({
    env: { DASHBOARD_HOST: '0.0.0.0', DASHBOARD_TOKEN: 'correct-'.repeat(4), ALERT_COLLECT_INTERVAL: '300', ...env },
    pageDirectory,
    nowMs: () => Date.now() + laterMs,
    seed: (pool) => seedAlert(pool, alertView('oracle', Date.now())),
  });
}

const tokenOf = (incident = 1) => sign({ key: KEY, incident, at: Date.now() }) ?? 'too long';
const look = (token: string, at = world) => send(`${at.url}/api/ack?token=${token}`);
const take = (token: string, by?: string, headers: Readonly<Record<string, string>> = {}): Promise<Reply> =>
  send(`${world.url}/api/ack`, {
    method: 'POST',
    headers: { origin: world.url, 'sec-fetch-site': 'same-origin', ...headers },
    body: { token, ...(by === undefined ? {} : { by }) },
  });
const owners = async () =>
  (await world.pool.query('SELECT acknowledged_by AS by, incident FROM alert_acknowledgements')).rows;
const change = (set: string) => world.pool.query(`UPDATE alerts SET ${set}`);

describe('the link of a message', () => {
  it('shows its alert to whoever has it, and takes it over for 4 h under the name given', async () => {
    expect(await look(tokenOf())).toMatchObject({
      status: 200,
      body: { alert: { service: 'oracle', acknowledged_by: null }, unit: 'state', valid_until: expect.any(String) },
    });
    const { status, body } = await take(tokenOf(), 'Ann');
    expect(status).toBe(200);
    const { alert } = body as { alert: { acknowledged_by: string; acknowledged_until: string } };
    expect(alert.acknowledged_by).toBe('Ann');
    expect((Date.parse(alert.acknowledged_until) - Date.now()) / 3_600_000).toBeCloseTo(4, 1);
    expect(await owners()).toEqual([{ by: 'Ann', incident: 1 }]);
  });

  it('takes it over as "link" when no name is given', async () => {
    expect((await take(tokenOf())).status).toBe(200);
    expect(await owners()).toEqual([{ by: 'link', incident: 1 }]);
  });

  it('changes nothing when a preview fetches it, its page or its data, by GET or by HEAD', async () => {
    const token = tokenOf();
    const page = await send(`${world.url}/ack/${token}`);
    expect(page).toMatchObject({ status: 200, headers: { 'referrer-policy': 'same-origin' } });
    expect(page.text).toContain('<title>page</title>');
    await send(`${world.url}/ack/${token}`, { method: 'HEAD' });
    await send(`${world.url}/api/ack?token=${token}`, { method: 'HEAD' });
    await look(token);
    expect(await owners()).toEqual([]);
    expect((await send(`${world.url}/ack/${token}`, { method: 'POST' })).status).toBe(405);
  });

  it('is taken from our own page alone', async () => {
    const foreign = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
    expect((await take(tokenOf(), 'Ann', foreign)).status).toBe(403);
    expect(await owners()).toEqual([]);
  });

  it('says until when it was valid once it is not any more', async () => {
    const token = tokenOf();
    laterMs = DAY_MS;
    const detail = expect.stringMatching(
      /^This link was valid until \d{4}-\d\d-\d\d \d\d:\d\d UTC; open the dashboard\.$/,
    );
    for (const reply of [await look(token), await take(token)])
      expect(reply).toMatchObject({ status: 410, body: { title: 'Too late', detail } });
    expect(await owners()).toEqual([]);
  });

  it('of an outage that is over takes nothing, and takes no later outage of the same alert', async () => {
    await change(`view = view || '{"phase":"ok"}', is_open = false, phase = 'ok'`);
    for (const reply of [await look(tokenOf()), await take(tokenOf())])
      expect(reply).toMatchObject({ status: 410, body: { detail: expect.stringContaining('This alert is over: ') } });
    await change(
      `view = view || '{"phase":"firing","incident":2}', record = record || '{"incident":2}', is_open = true, phase = 'firing'`,
    );
    for (const reply of [await look(tokenOf()), await take(tokenOf())])
      expect(reply).toMatchObject({
        status: 410,
        body: { detail: 'This alert is over; a later one is open: see the dashboard.' },
      });
    expect(await owners()).toEqual([]);
    expect((await take(tokenOf(2), 'Ann')).status).toBe(200);
  });

  it('keeps nothing when the outage ends and the next begins between the look and the deed', async () => {
    // What the page shows is still the old outage; what is acknowledged would be the new one, or none.
    await change(`record = record || '{"incident":2}'`);
    expect(await take(tokenOf())).toMatchObject({
      status: 410,
      body: { detail: expect.stringContaining('a later one') },
    });
    await change('is_open = false');
    expect(await take(tokenOf())).toMatchObject({
      status: 410,
      body: { detail: expect.stringContaining('is over: ') },
    });
    expect(await owners()).toEqual([]);
    await change(`is_open = true, record = record || '{"incident":1}'`);
    expect((await take(tokenOf())).status).toBe(200);
  });

  it('gives nothing when it is cut, altered or signed by another secret, and says what may be wrong', async () => {
    const token = tokenOf();
    const other = createAcknowledgeSigner('other-'.repeat(6))({ key: KEY, incident: 1, at: Date.now() });
    for (const wrong of [token.slice(0, -1), `A${token.slice(1)}`, other ?? '', 'x'])
      expect(await take(wrong)).toMatchObject({
        status: 404,
        body: { detail: expect.stringMatching(/ACK_LINK_SECRET/) },
      });
    expect((await take('x'.repeat(1001))).status).toBe(400);
    expect((await send(`${world.url}/api/ack`)).status).toBe(400);
    expect(await owners()).toEqual([]);
  });

  it('gives nothing on a dashboard without the secret, which says what to set', async () => {
    const without = await startWorld({});
    const reply = await look(tokenOf(), without);
    await without.remove();
    expect(reply).toMatchObject({
      status: 503,
      body: { detail: expect.stringContaining('set ACK_LINK_SECRET to the same value as the alerter’s') },
    });
  });

  it('opens nothing else', async () => {
    const token = tokenOf();
    const paths = ['/api/status', '/api/alerts', `/api/alerts/${encodeURIComponent(KEY)}`];
    for (const path of paths) {
      expect((await send(`${world.url}${path}`, { headers: { authorization: `Bearer ${token}` } })).status).toBe(401);
      expect((await send(`${world.url}${path}?token=${token}`)).status).toBe(401);
    }
  });

  it('is slowed down like every change', async () => {
    const statuses = await Promise.all(Array.from({ length: 140 }, async () => (await take('x')).status));
    expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(5);
    expect(statuses.filter((status) => status === 404).length).toBeGreaterThanOrEqual(120);
  });
});
