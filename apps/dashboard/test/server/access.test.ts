import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createAcknowledgeSigner } from '@nps/oracle-alerts';
import { api } from '../../src/contract/api.js';
import { type AnyEndpoint, fillPath } from '../../src/contract/endpoint.js';
import { type Reply, send } from './request.js';
import { alertView, seedAlert } from './seeded-database.js';
import { createWorld, type World } from './world.js';

const token = 'correct-'.repeat(4);
const password = 'right-horse';
const linkSecret = 'links-'.repeat(6);
const linkToken = createAcknowledgeSigner(linkSecret)({ key: 'down/oracle', incident: 1, at: Date.now() });
const endpoints: readonly [string, AnyEndpoint][] = Object.entries(api);
/** Between two requests so much time passes that wrong passwords are never too many. */
const APART_MS = 7000;
const SESSION_MS = 12 * 3_600_000;

/** Inputs that are accepted, so that what refuses is the access rule and nothing else. */
const inputs: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  service: { name: 'oracle' },
  alert: { id: 'down/oracle' },
  acknowledge: { id: 'down/oracle' },
  storeSilence: { service: 'oracle', minutes: 5, comment: 'matrix' },
  deleteSilence: { id: 'none' },
  alertContext: { id: 'down/oracle' },
  storeMaintenance: { service: 'oracle', starts_at: new Date().toISOString(), minutes: 10_080, comment: 'matrix' },
  deleteMaintenance: { id: 'planned-none' },
  logsAround: { at: '2026-02-08T14:30:00Z' },
  storeDeploy: { service: 'oracle', version: '1.0.0' },
  signIn: { token: 'x' },
  acknowledgeLink: { token: linkToken },
  acknowledgeByLink: { token: linkToken },
};

const basic = (user: string, secret: string) => `Basic ${Buffer.from(`${user}:${secret}`).toString('base64')}`;
const credentials = {
  none: {},
  'a wrong token': { authorization: `Bearer ${'wrong-'.repeat(5)}` },
  'an empty token': { authorization: 'Bearer ' },
  'a wrong password': { authorization: basic('ann', 'wrong-horse') },
  'an expired session': {},
  'an unknown cookie': { cookie: `nps-session=${'A'.repeat(43)}; __Host-nps-session=${'A'.repeat(43)}` },
  'a proxy header': { 'x-forwarded-user': 'ann' },
  'the right token': { authorization: `Bearer ${token}` },
  'the right password': { authorization: basic('ann', password) },
} as const;
const right = new Set<string>(['the right token', 'the right password']);

function call(
  world: World,
  name: string,
  endpoint: AnyEndpoint,
  headers: Readonly<Record<string, string>>,
): Promise<Reply> {
  const input = inputs[name] ?? {};
  const rest = Object.entries(input).filter(([field]) => !endpoint.path.includes(`:${field}`));
  const body = endpoint.method === 'POST' ? Object.fromEntries(rest) : undefined;
  const query =
    endpoint.method === 'POST' || rest.length === 0
      ? ''
      : `?${new URLSearchParams(Object.fromEntries(rest) as Record<string, string>).toString()}`;
  return send(`${world.url}${fillPath(endpoint.path, input)}${query}`, {
    method: endpoint.method,
    headers,
    ...(body === undefined ? {} : { body }),
  });
}

describe.each([
  { where: 'on loopback', env: {}, readsAnonymously: true },
  { where: 'reachable by others', env: { DASHBOARD_HOST: '0.0.0.0' }, readsAnonymously: false },
])('$where', ({ env, readsAnonymously }) => {
  let world: World;
  let laterMs = 0;
  let expired: string;
  beforeAll(async () => {
    world = await createWorld({
      env: {
        DASHBOARD_TOKEN: token,
        DASHBOARD_USER: 'ann',
        DASHBOARD_PASSWORD: password,
        ACK_LINK_SECRET: linkSecret,
        ...env,
      },
      seed: (pool) => seedAlert(pool, alertView('oracle', Date.now())),
      nowMs: () => Date.now() + laterMs,
    });
    expired = await signIn(world);
    laterMs += SESSION_MS;
  });
  afterAll(() => world?.remove());

  const cells = endpoints.flatMap(([name, endpoint]) =>
    Object.keys(credentials).map((credential) => ({
      name,
      endpoint,
      credential: credential as keyof typeof credentials,
    })),
  );
  it.each(cells)('answers $name with $credential as the table says', async ({ name, endpoint, credential }) => {
    laterMs += APART_MS;
    const given =
      credential === 'an expired session' ? { cookie: expired, ...ownPage(world) } : credentials[credential];
    const { status, headers } = await call(world, name, endpoint, given);
    const mayRead = right.has(credential) || readsAnonymously;
    // Whoever asks from our own page may sign out, be it twice, and may do what their link is for.
    if (['signOut', 'acknowledgeByLink'].includes(name) && credential === 'an expired session')
      expect(status).toBe(200);
    else if (endpoint.method !== 'GET' && !right.has(credential)) expect([401, 403]).toContain(status);
    else if (name === 'signIn') expect(status).toBe(401);
    else if (endpoint.access === 'read' && !mayRead) expect(status).toBe(401);
    // The token of a link needs no sign-in beside it.
    else if (endpoint.access === 'link') expect(status).toBe(200);
    else expect([200, 201, 404]).toContain(status);
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(status < 500 || name === 'healthz').toBe(true);
  });

  it.each(endpoints)(
    'answers 405 for every method that is not $0’s, and names those that are',
    async (_name, { path }) => {
      const own = endpoints.filter(([, other]) => other.path === path).map(([, { method }]) => method as string);
      const others = ['GET', 'POST', 'DELETE', 'PUT', 'PATCH', 'OPTIONS'].filter((method) => !own.includes(method));
      const replies = await Promise.all(
        others.map((method) =>
          send(`${world.url}${fillPath(path, { id: 'x', name: 'x' })}`, {
            method,
            headers: credentials['the right token'],
          }),
        ),
      );
      const allow = own.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])).join(', ');
      expect(replies.map(({ status, headers }) => [status, headers['allow']])).toEqual(others.map(() => [405, allow]));
    },
  );
});

const ownPage = (world: World) => ({ origin: world.url, 'sec-fetch-site': 'same-origin' });

/** The cookie of a fresh session. */
async function signIn(world: World, headers: Readonly<Record<string, string>> = {}): Promise<string> {
  const reply = await send(`${world.url}/api/session`, {
    method: 'POST',
    headers: { ...ownPage(world), ...headers },
    body: { token },
  });
  expect(reply.status).toBe(200);
  return String(reply.headers['set-cookie']).split(';', 1)[0] ?? '';
}

describe('changes', () => {
  let world: World;
  let cookie: string;
  const silence = { service: 'oracle', minutes: 5, comment: 'csrf' };
  beforeAll(async () => {
    world = await createWorld({ env: { DASHBOARD_TOKEN: token } });
    cookie = await signIn(world);
  });
  afterAll(() => world?.remove());
  const post = (headers: Readonly<Record<string, string>>, body: unknown = silence) =>
    send(`${world.url}/api/silences`, { method: 'POST', headers: { cookie, ...headers }, body });

  it('are taken from our own page', async () => {
    expect((await post({ origin: world.url, 'sec-fetch-site': 'same-origin' })).status).toBe(201);
  });

  it.each([
    ['another site', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
    ['a sister site', { origin: 'http://evil.127.0.0.1.nip.io', 'sec-fetch-site': 'same-site' }],
    ['a sister site in a browser that does not say so', { origin: 'http://evil.127.0.0.1.nip.io' }],
    ['an opaque origin that says it is ours', { origin: 'null', 'sec-fetch-site': 'same-origin' }],
    ['our own page with another site in front', { origin: 'https://evil.example', 'sec-fetch-site': 'same-origin' }],
    ['an address typed by hand', { 'sec-fetch-site': 'none' }],
    [
      'an origin that only begins like ours',
      { origin: 'http://127.0.0.1.evil.example', 'sec-fetch-site': 'same-site' },
    ],
    ['an origin that is no address', { origin: 'http://[', 'sec-fetch-site': 'same-origin' }],
    ['an opaque origin', { origin: 'null', 'sec-fetch-site': 'cross-site' }],
    ['a page that hides its origin', { 'sec-fetch-site': 'cross-site' }],
    ['another port of this machine', { origin: 'http://127.0.0.1:1', 'sec-fetch-site': 'same-site' }],
    ['a program that has only the cookie', {}],
  ])('are refused from %s', async (_who, headers) => {
    expect((await post(headers)).status).toBe(403);
  });

  it('are refused as a form, which a foreign page can send without asking', async () => {
    const { status } = await post({ origin: world.url, 'sec-fetch-site': 'same-origin', 'content-type': 'text/plain' });
    expect(status).toBe(415);
  });

  it('are refused from another site even with a password the browser adds by itself', async () => {
    const { status } = await post({
      cookie: '',
      authorization: `Bearer ${token}`,
      origin: 'https://evil.example',
      'sec-fetch-site': 'cross-site',
    });
    expect(status).toBe(403);
  });

  it('are refused from another site by every endpoint that changes something', async () => {
    const changing = endpoints.filter(([, { method }]) => method !== 'GET');
    const replies = await Promise.all(
      changing.map(([name, endpoint]) =>
        call(world, name, endpoint, { cookie, origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }),
      ),
    );
    expect(replies.map(({ status }) => status)).toEqual(changing.map(() => 403));
  });

  it('end with the session', async () => {
    const page = { origin: world.url, 'sec-fetch-site': 'same-origin' };
    await send(`${world.url}/api/session`, { method: 'DELETE', headers: { cookie, ...page } });
    expect((await post(page)).status).toBe(401);
  });

  it('need a sign-in that does not exist on a read-only dashboard, and are told how to get one', async () => {
    const readOnly = await createWorld();
    const reply = await send(`${readOnly.url}/api/silences`, {
      method: 'POST',
      headers: { authorization: 'Bearer x' },
      body: silence,
    });
    await readOnly.remove();
    expect(reply).toMatchObject({ status: 403, body: { detail: expect.any(String) } });
  });
});

describe('signing in', () => {
  it('gives a session of a new name and ends the one that was brought along', async () => {
    const world = await createWorld({ env: { DASHBOARD_TOKEN: token } });
    const planted = `nps-session=${'A'.repeat(43)}`;
    const first = await signIn(world, { cookie: planted });
    const second = await signIn(world, { cookie: first });
    const users = await Promise.all(
      [planted, first, second].map(
        async (cookie) => (await send(`${world.url}/api/session`, { headers: { cookie } })).body,
      ),
    );
    await world.remove();
    expect(users).toMatchObject([{ user: null }, { user: null }, { user: 'operator' }]);
  });

  it('by a password in the header is slowed down likewise, and does not lock out who has a token', async () => {
    const env = { DASHBOARD_TOKEN: token, DASHBOARD_USER: 'ann', DASHBOARD_PASSWORD: password };
    const world = await createWorld({ env: { ...env, DASHBOARD_HOST: '0.0.0.0' } });
    const ask = async (authorization: string) =>
      (await send(`${world.url}/api/status`, { headers: { authorization } })).status;
    const guesses: number[] = [];
    for (let turn = 0; turn < 12; turn += 1) guesses.push(await ask(basic('ann', `guess-${turn}`)));
    const [rightPassword, rightToken] = [await ask(basic('ann', password)), await ask(`Bearer ${token}`)];
    await world.remove();
    expect(guesses).toEqual([...Array.from({ length: 10 }, () => 401), 429, 429]);
    expect([rightPassword, rightToken]).toEqual([429, 200]);
  });

  it('is slowed down after ten wrong tries', async () => {
    const world = await createWorld({ env: { DASHBOARD_TOKEN: token } });
    const statuses: number[] = [];
    for (let turn = 0; turn < 12; turn += 1) {
      statuses.push(
        (
          await send(`${world.url}/api/session`, {
            method: 'POST',
            headers: { origin: world.url },
            body: { token: 'guess' },
          })
        ).status,
      );
    }
    await world.remove();
    expect(statuses.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => 401));
    expect(statuses.slice(10)).toEqual([429, 429]);
  });

  it('by a proxy’s header works from the proxy’s address alone', async () => {
    const headers = { 'x-remote-user': 'ann' };
    const trusting = await createWorld({ env: { DASHBOARD_PROXY_HEADER: 'X-Remote-User' } });
    const distrusting = await createWorld({
      env: { DASHBOARD_PROXY_HEADER: 'X-Remote-User', DASHBOARD_TRUSTED_PROXIES: '10.1.1.1' },
    });
    const sessions = await Promise.all(
      [trusting, distrusting].map((world) => send(`${world.url}/api/session`, { headers })),
    );
    await Promise.all([trusting.remove(), distrusting.remove()]);
    expect(sessions.map(({ body }) => body)).toEqual([
      expect.objectContaining({ user: 'ann', may: 'change' }),
      expect.objectContaining({ user: null, may: 'read' }),
    ]);
  });

  it('sets a cookie that scripts cannot read and other sites cannot send', async () => {
    const world = await createWorld({ env: { DASHBOARD_TOKEN: token, DASHBOARD_HOST: '0.0.0.0' } });
    const { headers } = await send(`${world.url}/api/session`, {
      method: 'POST',
      headers: { origin: world.url },
      body: { token },
    });
    await world.remove();
    expect(String(headers['set-cookie'])).toMatch(
      /^__Host-nps-session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Secure$/,
    );
  });
});

describe('the Host header', () => {
  it('must be a name of this machine, so that a rebound DNS name reads nothing', async () => {
    const world = await createWorld();
    const statuses = await Promise.all(
      ['evil.example', 'localhost:9000', '127.0.0.1', '[::1]:9000', 'localhost.evil.example'].map(
        async (host) => (await send(`${world.url}/api/status`, { headers: { host } })).status,
      ),
    );
    const page = await send(world.url, { headers: { host: 'evil.example' } });
    await world.remove();
    expect(statuses).toEqual([421, 200, 200, 200, 421]);
    expect(page.status).toBe(421);
    expect(page.body).toMatchObject({
      title: 'Not the host of this dashboard',
      detail: expect.stringMatching(/name "evil\.example"\. Expected 127\.0\.0\.1, localhost or .* set DASHBOARD_URL/),
    });
  });

  it('off loopback, where everybody may read, must be nothing that the public DNS can name', async () => {
    const env = {
      DASHBOARD_HOST: '0.0.0.0',
      DASHBOARD_ALLOW_ANONYMOUS: 'on',
      DASHBOARD_URL: 'https://monitor.example',
    };
    const world = await createWorld({ env });
    const hosts = ['evil.example', 'evil.example:9000', '10.0.0.5.evil.example', '10.0.0.5:9000', 'dashboard:9000'];
    const statuses = await Promise.all(
      [...hosts, '[fd00::1]:9000', 'localhost', 'monitor.example', 'monitor.example:9000'].map(
        async (host) => (await send(`${world.url}/api/status`, { headers: { host } })).status,
      ),
    );
    const probe = await send(`${world.url}/livez`, { headers: { host: 'evil.example' } });
    await world.remove();
    expect(statuses).toEqual([421, 421, 421, 200, 200, 200, 200, 200, 421]);
    expect(probe.status).toBe(200);
  });

  it('may be any where reading needs a sign-in, which a foreign page does not have', async () => {
    const token = `token-${'x'.repeat(20)}`;
    const world = await createWorld({ env: { DASHBOARD_HOST: '0.0.0.0', DASHBOARD_TOKEN: token } });
    const ask = async (headers: Readonly<Record<string, string>>) =>
      (await send(`${world.url}/api/status`, { headers: { host: 'evil.example', ...headers } })).status;
    const statuses = [await ask({}), await ask({ authorization: `Bearer ${token}` })];
    await world.remove();
    expect(statuses).toEqual([401, 200]);
  });

  it('may be the public address', async () => {
    const world = await createWorld({ env: { DASHBOARD_URL: 'https://monitor.example' } });
    const { status } = await send(`${world.url}/api/status`, { headers: { host: 'monitor.example' } });
    await world.remove();
    expect(status).toBe(200);
  });
});
