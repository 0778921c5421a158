import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import express from 'express';

import { answer, plainQuestion } from '../../src/endpoints/answer.js';
import {
  createHealth,
  defineCheck,
  type EndpointOptions,
  endpointPaths,
  type Health,
  healthEndpoints,
} from '../../src/index.js';

const secretDetail = 'connect ECONNREFUSED db.internal:5432 as admin';

let health: Health;
let isDatabaseUp: boolean;
const closers: (() => Promise<unknown>)[] = [];

beforeEach(() => {
  isDatabaseUp = true;
  health = createHealth({
    service: 'oracle',
    version: '2.3.4',
    minIntervalMs: 0,
    checks: [
      defineCheck({
        name: 'database',
        run: () => (isDatabaseUp ? undefined : { status: 'error', error: 'REFUSED', detail: secretDetail }),
      }),
      defineCheck({ name: 'ai_api', run: () => ({ status: 'skipped' }) }),
      defineCheck({
        name: 'disk',
        critical: false,
        run: () => ({ status: 'warning', error: 'THRESHOLD', value: 0.93, unit: 'ratio' }),
      }),
    ],
  });
});

afterEach(async () => {
  await health.stop();
  await Promise.all(closers.splice(0).map((close) => close()));
});

async function serve(options: EndpointOptions = {}): Promise<string> {
  const server = createServer(healthEndpoints(health, options));
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  closers.push(() => new Promise((resolve) => server.close(resolve)));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('GET /health', () => {
  it('answers 200 and the report while healthy, without details', async () => {
    const response = await fetch(`${await serve()}/health`);
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('no-store');
    const body = (await response.json()) as Record<string, unknown>;
    expect(Object.keys(body)).toEqual(['status', 'timestamp', 'service', 'version', 'uptime_seconds', 'checks']);
    expect(body).toMatchObject({
      status: 'healthy',
      checks: { database: { status: 'ok' }, ai_api: { status: 'skipped' } },
    });
  });

  it('answers 503 when down and keeps the exact cause from the public', async () => {
    isDatabaseUp = false;
    const response = await fetch(`${await serve({ token: 'sesame' })}/health`, {
      headers: { authorization: 'Bearer wrong' },
    });
    expect(response.status).toBe(503);
    const text = await response.text();
    expect(JSON.parse(text)).toMatchObject({
      status: 'down',
      checks: { database: { status: 'error', error: 'REFUSED' } },
    });
    expect(text).not.toContain('detail');
    expect(text).not.toContain('internal');
  });

  it('shows the cause, redacted, to who carries the token', async () => {
    isDatabaseUp = false;
    const base = await serve({ token: 'sesame', redact: (text) => text.replace('admin', '***') });
    const response = await fetch(`${base}/health`, { headers: { authorization: 'Bearer sesame' } });
    const body = (await response.json()) as { checks: Record<string, { detail?: string }> };
    expect(body.checks['database']?.detail).toBe(secretDetail.replace('admin', '***'));
    expect(body.checks['disk']?.detail).toBeUndefined();
  });

  it('shows the cause unchanged when nothing redacts it', async () => {
    isDatabaseUp = false;
    const response = await fetch(`${await serve({ token: 'sesame' })}/health`, {
      headers: { authorization: 'Bearer sesame' },
    });
    expect(await response.text()).toContain(secretDetail);
  });

  it('answers with the configured status while degraded', async () => {
    const degraded = createHealth({
      service: 'oracle',
      version: '1',
      checks: [
        defineCheck({ name: 'a', run: () => undefined }),
        defineCheck({ name: 'b', run: () => ({ status: 'error' }) }),
      ],
    });
    const server = createServer(healthEndpoints(degraded, { degradedStatusCode: 200 }));
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    closers.push(() => new Promise((resolve) => server.close(resolve)));
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const response = await fetch(`${base}/health`);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ status: 'degraded' });
    expect((await fetch(`${await serveOther(degraded)}/health`)).status).toBe(503);
  });

  it('speaks application/health+json to who asks for it', async () => {
    const response = await fetch(`${await serve()}/health`, { headers: { accept: 'application/health+json' } });
    expect(response.headers.get('content-type')).toContain('application/health+json');
    expect(response.headers.get('cache-control')).toBe('max-age=1');
    expect(await response.json()).toMatchObject({
      status: 'pass',
      version: '2',
      releaseId: '2.3.4',
      serviceId: 'oracle',
      checks: {
        'database:responseTime': [
          { status: 'pass', componentId: 'database', componentType: 'datastore', observedUnit: 'ms' },
        ],
        'disk:utilization': [{ status: 'warn', observedValue: 0.93, observedUnit: 'ratio', output: 'THRESHOLD' }],
      },
    });
    isDatabaseUp = false;
    const down = await fetch(`${await serve()}/health`, { headers: { accept: 'application/health+json' } });
    expect(down.status).toBe(503);
    expect(await down.json()).toMatchObject({ status: 'fail' });
  });

  it('writes lines for people at ?verbose', async () => {
    isDatabaseUp = false;
    const response = await fetch(`${await serve()}/health?verbose`);
    expect(response.headers.get('content-type')).toContain('text/plain');
    const text = await response.text();
    expect(text).toMatch(/^\[-\]database error REFUSED \([\d.]+ ms\)$/m);
    expect(text).toMatch(/^\[ \]ai_api skipped/m);
    expect(text).toMatch(/^\[\+\]disk warning THRESHOLD/m);
    expect(text).toMatch(/^oracle 2\.3\.4: down$/m);
  });

  it('leaves out what ?exclude= names and judges the rest', async () => {
    isDatabaseUp = false;
    const base = await serve();
    const response = await fetch(`${base}/health?exclude=database&exclude=ai_api,nothing`);
    expect(response.status).toBe(200);
    const body = (await response.json()) as { checks: object };
    expect(Object.keys(body.checks)).toEqual(['disk']);
    expect((await fetch(`${base}/health?exclude=disk`)).status).toBe(503);
  });

  it('does not become worse by leaving checks out during the start-up grace', async () => {
    isDatabaseUp = false;
    const young = createHealth({
      service: 'oracle',
      version: '1',
      startupGraceMs: 60_000,
      checks: [
        defineCheck({ name: 'a', run: () => ({ status: 'error' }) }),
        defineCheck({ name: 'b', run: () => ({ status: 'error' }) }),
      ],
    });
    young.start();
    const base = await serveOther(young);
    expect(await (await fetch(`${base}/health?exclude=b`)).json()).toMatchObject({ status: 'degraded' });
    await young.stop();
  });

  it('weighs the qualities of what is accepted', async () => {
    const url = `${await serve()}/health`;
    const typeFor = async (accept: string) => (await fetch(url, { headers: { accept } })).headers.get('content-type');
    expect(await typeFor('application/health+json;q=0')).toContain('application/json');
    expect(await typeFor('application/json;q=0.3, APPLICATION/Health+json;q=0.4')).toContain('health+json');
    expect(await typeFor('application/json, application/health+json;q=0.9')).toContain('application/json');
  });

  it('lets nobody keep the draft form with details', async () => {
    const headers = { accept: 'application/health+json', authorization: 'bearer sesame' };
    const response = await fetch(`${await serve({ token: 'sesame' })}/health`, { headers });
    expect(response.headers.get('cache-control')).toBe('no-store');
  });

  it.each(['Bearer sesam', 'Bearer sesamee', 'Bearer', 'Basic sesame', 'sesame', 'Bearer sesame x', 'x'.repeat(8_000)])(
    'shows no detail for the wrong credential %#',
    async (authorization) => {
      isDatabaseUp = false;
      const response = await fetch(`${await serve({ token: 'sesame' })}/health?verbose=0`, {
        headers: { authorization },
      });
      expect(await response.text()).not.toContain('internal');
    },
  );

  async function serveOther(other: Health): Promise<string> {
    const server = createServer(healthEndpoints(other));
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    closers.push(() => new Promise((resolve) => server.close(resolve)));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }
});

describe('GET /healthz', () => {
  it('gives the boolean form, with uptime and timestamp among the checks', async () => {
    const base = await serve();
    const good = await fetch(`${base}/healthz`);
    expect(good.status).toBe(200);
    expect(await good.json()).toEqual({
      status: 'healthy',
      healthy: true,
      checks: { database: true, ai_api: true, disk: true, uptime: expect.any(Number), timestamp: expect.any(String) },
    });
    isDatabaseUp = false;
    const bad = await fetch(`${base}/healthz`);
    expect(bad.status).toBe(503);
    expect(await bad.json()).toMatchObject({ status: 'unhealthy', healthy: false, checks: { database: false } });
  });
});

describe('GET /livez, /readyz, /ready', () => {
  it('judges readiness without what ?exclude= names, and writes lines at ?verbose', async () => {
    isDatabaseUp = false;
    const base = await serve();
    expect((await fetch(`${base}/readyz?exclude=database`)).status).toBe(200);
    expect((await fetch(`${base}/readyz?exclude=ghost`)).status).toBe(503);
    const response = await fetch(`${base}/readyz?verbose`);
    expect(response.status).toBe(503);
    expect(await response.text()).toMatch(/^\[-\]database error REFUSED [^]*\nnot ready: down\n$/);
    expect(await (await fetch(`${base}/ready?verbose&exclude=database`)).text()).toMatch(/\nready\n$/);
    health.start();
    health.drain();
    expect(await (await fetch(`${base}/ready?verbose&exclude=database`)).text()).toMatch(/\nnot ready: draining\n$/);
  });

  it('is not ready once the drain began, for those who asked before it, too', async () => {
    let release: () => void = () => undefined;
    const slow = createHealth({
      service: 'oracle',
      version: '1',
      checks: [defineCheck({ name: 'slow', run: () => new Promise<void>((resolve) => (release = resolve)) })],
    });
    slow.start();
    const asking = answer(slow, plainQuestion('/readyz'));
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    slow.drain();
    release();
    expect(await asking).toMatchObject({ statusCode: 503, body: expect.stringContaining('draining') });
    await slow.stop();
  });

  it('lives although every dependency is down', async () => {
    isDatabaseUp = false;
    const response = await fetch(`${await serve()}/livez`);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ status: 'alive' });
  });

  it('fails liveness after the event loop stood still, and says so', async () => {
    health.start();
    const base = await serve({ blockedAfterMs: 300 });
    const end = performance.now() + 800;
    while (performance.now() < end);
    const response = await fetch(`${base}/livez`);
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ status: 'blocked', error: 'event_loop_blocked' });
  });

  it('is ready while healthy and not ready while down', async () => {
    const base = await serve();
    expect((await fetch(`${base}/readyz`)).status).toBe(200);
    expect(await (await fetch(`${base}/ready`)).json()).toEqual({ status: 'ready', ready: true });
    isDatabaseUp = false;
    const response = await fetch(`${base}/ready`);
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({ status: 'not_ready', ready: false, reason: 'down' });
  });

  it('is not ready from the drain on, while health and liveness stay as they are', async () => {
    const base = await serve();
    health.start();
    health.drain();
    for (const path of ['/readyz', '/ready']) {
      const response = await fetch(base + path);
      expect(response.status).toBe(503);
      expect(await response.json()).toEqual({ status: 'not_ready', ready: false, reason: 'draining' });
    }
    expect((await fetch(`${base}/livez`)).status).toBe(200);
    expect((await fetch(`${base}/health`)).status).toBe(200);
  });
});

describe('every path', () => {
  it.each(endpointPaths)('%s works with a query, a trailing slash and HEAD, and refuses POST', async (path) => {
    const base = await serve();
    expect((await fetch(`${base}${path}?x=1`)).status).toBe(200);
    expect((await fetch(`${base}${path}/?verbose=0&exclude=%ZZ`)).status).toBe(200);
    const head = await fetch(base + path, { method: 'HEAD' });
    expect(head.status).toBe(200);
    expect(Number(head.headers.get('content-length'))).toBeGreaterThan(0);
    expect(await head.text()).toBe('');
    const post = await fetch(base + path, { method: 'POST', body: 'x' });
    expect(post.status).toBe(405);
    expect(post.headers.get('allow')).toBe('GET, HEAD');
  });

  it('answers 404 as problem+json elsewhere', async () => {
    const response = await fetch(`${await serve()}/healthy`);
    expect(response.status).toBe(404);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
  });

  it('works in Express, mounted anywhere, and passes on what is not its own', async () => {
    const app = express();
    app.use('/internal', healthEndpoints(health));
    app.get('/livez', healthEndpoints(health)['/livez']);
    app.get('/internal/other', (_request, response) => void response.send('other'));
    const server = app.listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    closers.push(() => new Promise((resolve) => server.close(resolve)));
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    expect((await fetch(`${base}/internal/health?x=1`)).status).toBe(200);
    expect((await fetch(`${base}/livez`)).status).toBe(200);
    expect(await (await fetch(`${base}/internal/other`)).text()).toBe('other');
  });

  it('does not leak one answer into the next', async () => {
    const base = await serve();
    isDatabaseUp = false;
    await fetch(`${base}/health`);
    isDatabaseUp = true;
    const body = (await (await fetch(`${base}/health`)).json()) as { checks: Record<string, object> };
    expect(body.checks['database']).not.toHaveProperty('error');
  });

  it('answers 500 without a cause when a foreign health breaks', async () => {
    const broken: Health = { ...health, current: () => Promise.reject(new Error('secret cause')) };
    const server = createServer(healthEndpoints(broken));
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    closers.push(() => new Promise((resolve) => server.close(resolve)));
    const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/health`);
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('secret');
  });
});
