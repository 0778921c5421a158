import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { waitFor } from '@nps/testing';

import {
  createHealth,
  defineCheck,
  type Health,
  type Sidecar,
  type SidecarOptions,
  startSidecar,
} from '../../src/index.js';
import { startTcpPeer } from '../peers/tcp-peer.js';

const sidecars: Sidecar[] = [];

afterEach(async () => {
  await Promise.all(sidecars.splice(0).map((sidecar) => sidecar.stop()));
});

const metrics = {
  getMetrics: (options?: { readonly minutesSince?: Date }) => ({
    total_messages: 7,
    since: options?.minutesSince ?? null,
  }),
  toPrometheus: () => '# TYPE oracle_messages_total counter\noracle_messages_total 7',
};

const jobs = {
  status: async (query?: object) => [{ job_name: 'nightly', asked: query }],
  stats: async (jobName: string) => ({ job_name: jobName, total_runs: 3 }),
};

function createOracle(isUp: () => boolean = () => true): Health {
  return createHealth({
    service: 'oracle',
    version: '1.0.0',
    intervalMs: 50,
    checks: [
      defineCheck({
        name: 'database',
        run: () => (isUp() ? undefined : { status: 'error', error: 'REFUSED', detail: 'db.internal' }),
      }),
    ],
  });
}

async function start(options: Partial<SidecarOptions> = {}): Promise<{ base: string; sidecar: Sidecar }> {
  const sidecar = await startSidecar({ health: createOracle(), port: 0, ...options });
  sidecars.push(sidecar);
  return { base: `http://127.0.0.1:${sidecar.port}`, sidecar };
}

async function get(url: string, headers: Record<string, string> = {}) {
  const response = await fetch(url, { headers });
  const body = await response.text();
  return { status: response.status, type: response.headers.get('content-type') ?? '', body };
}

function block(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

describe.each(['worker', 'main'] as const)('a sidecar on the %s thread', (thread) => {
  it('serves every health path, with and without a query', async () => {
    const { base } = await start({ thread });
    for (const path of ['/health', '/healthz', '/livez', '/readyz', '/ready']) {
      expect(await get(base + path)).toMatchObject({ status: 200, type: expect.stringContaining('application/json') });
      expect(await get(`${base}${path}/?x=1`)).toMatchObject({ status: 200 });
    }
    expect((await get(`${base}/health`, { accept: 'application/health+json' })).type).toContain(
      'application/health+json',
    );
    expect((await get(`${base}/health?verbose`)).body).toContain('[+]database ok');
    const head = await fetch(`${base}/health`, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
    expect((await fetch(`${base}/health`, { method: 'DELETE' })).status).toBe(405);
  });

  it('gives metrics as JSON to people and as text to scrapers', async () => {
    const { base } = await start({ thread, metrics });
    expect(JSON.parse((await get(`${base}/metrics`, { accept: '*/*' })).body)).toEqual({
      total_messages: 7,
      since: null,
    });
    expect((await get(`${base}/metrics`, { accept: 'text/html,application/xhtml+xml' })).type).toContain(
      'application/json',
    );
    for (const accept of [
      'application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.1',
      'text/plain; version=0.0.4',
      'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily',
    ]) {
      const { body, type } = await get(`${base}/metrics`, { accept });
      expect(type).toBe('text/plain; version=0.0.4; charset=utf-8');
      expect(body).toMatch(/^oracle_messages_total 7$/m);
      expect(body).toMatch(/^dependency_up\{dependency="database"\} 1$/m);
    }
    expect((await get(`${base}/metrics/prometheus`)).body).toContain(
      'dependency_check_duration_seconds{dependency="database"}',
    );
    const since = await get(`${base}/metrics.json?minutes_since=2026-02-08T14:30:00Z`);
    expect(JSON.parse(since.body)).toEqual({ total_messages: 7, since: '2026-02-08T14:30:00.000Z' });
    expect(await get(`${base}/metrics?minutes_since=yesterday`)).toMatchObject({
      status: 400,
      type: 'application/problem+json',
    });
  });

  it('gives the runs and statistics of jobs', async () => {
    const { base } = await start({ thread, jobs });
    expect(JSON.parse((await get(`${base}/jobs/status?job_name=nightly&limit=5`)).body)).toEqual([
      { job_name: 'nightly', asked: { jobName: 'nightly', limit: 5 } },
    ]);
    expect(JSON.parse((await get(`${base}/jobs/status`)).body)).toEqual([
      { job_name: 'nightly', asked: { limit: 20 } },
    ]);
    expect(JSON.parse((await get(`${base}/jobs/stats/night%20ly`)).body)).toEqual({
      job_name: 'night ly',
      total_runs: 3,
    });
    for (const limit of ['0', '501', 'x', '1.5'])
      expect((await get(`${base}/jobs/status?limit=${limit}`)).status).toBe(400);
    expect((await get(`${base}/jobs/stats/%E0%A4%A`)).status).toBe(400);
    const post = await fetch(`${base}/jobs/status`, { method: 'POST' });
    expect([post.status, post.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });

  it('says 503 without a cause when the job history cannot be read, and 500 when the metrics break', async () => {
    const fail = () => {
      throw new Error('password authentication failed for user "nps" at db.internal');
    };
    const { base } = await start({
      thread,
      jobs: { status: fail, stats: fail },
      metrics: { ...metrics, getMetrics: fail },
    });
    for (const [path, status] of [
      ['/jobs/status', 503],
      ['/jobs/stats/nightly', 503],
      ['/metrics', 500],
    ] as const) {
      const answer = await get(base + path);
      expect(answer.status).toBe(status);
      expect(answer.body).not.toContain('nps');
    }
  });

  it('says 404 for what it does not have', async () => {
    const { base } = await start({ thread });
    for (const path of [
      '/metrics',
      '/metrics.json',
      '/jobs/status',
      '/jobs/stats/x',
      '/nope',
      '/',
      '/health/x',
      '//health',
    ]) {
      expect((await get(base + path)).status).toBe(404);
    }
    expect((await get(`${base}/metrics/prometheus`)).status).toBe(200);
  });

  it('lets the service add handlers, before its own paths', async () => {
    const { base } = await start({
      thread,
      routes: {
        'POST /faults': (incoming, response) =>
          void text(incoming).then((body) => response.writeHead(202).end(`got ${body}`)),
        'GET /metrics': (_incoming, response) => response.end('mine'),
        'GET /livez': (_incoming, response) => response.end('mine too'),
      },
    });
    const response = await fetch(`${base}/faults`, { method: 'POST', body: '{"fault":"slow"}' });
    expect([response.status, await response.text()]).toEqual([202, 'got {"fault":"slow"}']);
    expect((await get(`${base}/metrics?x=1`)).body).toBe('mine');
    expect((await get(`${base}/livez`)).body).toBe('mine too');
    const wrong = await fetch(`${base}/faults`);
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'POST']);
  });

  it('shows details to who carries the token only', async () => {
    const { base } = await start({ thread, token: 'sesame', health: createOracle(() => false) });
    expect((await get(`${base}/health`)).body).not.toContain('internal');
    expect((await get(`${base}/health`, { authorization: 'Bearer sesame' })).body).toContain('db.internal');
  });

  it('names the port when it is taken, and leaves nothing behind', async () => {
    const peer = await startTcpPeer(() => undefined);
    await expect(startSidecar({ health: createOracle(), port: peer.port, thread })).rejects.toMatchObject({
      code: 'LISTEN_FAILED',
      message: `Cannot listen on 127.0.0.1:${peer.port}: it is in use; stop the other process or choose another port`,
    });
    await peer.stop();
  });

  it('starts an idle health and stops it again, and leaves a running one running', async () => {
    const idle = createOracle();
    const { sidecar } = await start({ thread, health: idle });
    expect(idle.phase()).toBe('running');
    await Promise.all([sidecar.stop(), sidecar.stop()]);
    expect(idle.phase()).toBe('stopped');
    const running = createOracle();
    running.start();
    await (await start({ thread, health: running })).sidecar.stop();
    expect(running.phase()).toBe('running');
    await running.stop();
  });

  it('refuses the connection after it was stopped', async () => {
    const { base, sidecar } = await start({ thread });
    await get(`${base}/health`);
    await sidecar.stop();
    await expect(fetch(`${base}/health`)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
  });

  it('answers kubelet-like probing through the drain without losing a request', async () => {
    const health = createOracle();
    const { base } = await start({ thread, health });
    const seen: number[] = [];
    const probes = new AbortController();
    const probing = (async () => {
      while (!probes.signal.aborted) seen.push((await get(`${base}/readyz`)).status);
    })();
    await waitFor(() => seen.length > 20);
    health.drain();
    const drainedAt = seen.length;
    await waitFor(() => seen.length > drainedAt + 20);
    probes.abort();
    await probing;
    expect(new Set(seen)).toEqual(new Set([200, 503]));
    expect(seen.lastIndexOf(200)).toBeLessThan(drainedAt + 20);
    expect((await get(`${base}/livez`)).status).toBe(200);
  });

  it('refuses routes and ports that are none', async () => {
    await expect(start({ thread, routes: { faults: () => undefined } })).rejects.toMatchObject({
      code: 'INVALID_OPTION',
    });
    await expect(start({ thread, health: undefined as never })).rejects.toMatchObject({ code: 'INVALID_OPTION' });
    await expect(start({ thread, port: 70_000 })).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  });
});

describe('while the main loop is blocked', () => {
  // The asker lives in a thread of its own: this one is busy.
  function askFromOutside(port: number, paths: readonly string[], everyMs: number, forMs: number) {
    const source = `
      const { parentPort, workerData: { port, paths, everyMs, forMs } } = require('node:worker_threads');
      const http = require('node:http');
      const ask = (path) => new Promise((resolve) => {
        const startedAt = performance.now();
        http.get({ host: '127.0.0.1', port, path, agent: false }, (response) => {
          let body = '';
          response.on('data', (part) => (body += part));
          response.on('end', () => resolve({ path, status: response.statusCode, body, ms: performance.now() - startedAt }));
        }).on('error', (error) => resolve({ path, status: 0, body: error.code, ms: 0 }));
      });
      (async () => {
        const answers = [];
        const end = performance.now() + forMs;
        while (performance.now() < end) {
          answers.push(...await Promise.all(paths.map(ask)));
          await new Promise((resolve) => setTimeout(resolve, everyMs));
        }
        parentPort.postMessage(answers);
      })();`;
    const worker = new Worker(source, { eval: true, workerData: { port, paths, everyMs, forMs } });
    const online = new Promise((resolve) => worker.once('online', resolve));
    // Listened for from the beginning: on a crowded machine it may have asked everything before this thread looks again.
    const answers = new Promise<{ path: string; status: number; body: string; ms: number }[]>((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
    });
    return { online, answers };
  }

  it('the sidecar reports a busy loop of five seconds within two, and recovers', async () => {
    const { base, sidecar } = await start({ jobs, metrics, loopDownAfterMs: 3_000 });
    await get(`${base}/health`);
    const paths = ['/health', '/healthz', '/livez', '/readyz', '/metrics', '/health?verbose'];
    const asking = askFromOutside(sidecar.port, paths, 100, 5_500);
    await asking.online;
    await new Promise((resolve) => setTimeout(resolve, 300));
    block(5_000);
    const answers = await asking.answers;
    const of = (path: string) => answers.filter((answer) => answer.path === path);
    for (const path of paths) expect(of(path).some(({ body }) => body.includes('event_loop_blocked'))).toBe(true);
    expect(answers.every(({ status }) => status === 200 || status === 503)).toBe(true);
    const blocked = of('/health')
      .filter(({ status }) => status === 503)
      .map(({ body }) => JSON.parse(body) as { status: string; checks: object });
    expect(new Set(blocked.map(({ status }) => status))).toEqual(new Set(['degraded', 'down']));
    expect(blocked[0]?.checks).toMatchObject({
      database: { status: 'ok' },
      event_loop: { status: 'error', error: 'BLOCKED' },
    });
    expect(of('/livez').find(({ status }) => status === 503)?.body).toContain('"status":"blocked"');
    expect(of('/readyz').find(({ status }) => status === 503)?.body).toContain('event_loop_blocked');
    const slowest = Math.max(...answers.map(({ ms }) => ms));
    const { length } = answers;
    process.stdout.write(
      `5 s busy loop: ${length} requests answered, slowest ${Math.round(slowest)} ms, ${blocked.length} said event_loop_blocked\n`,
    );
    expect(slowest).toBeLessThan(2_000);
    await waitFor(async () => (await get(`${base}/health`)).status === 200);
  }, 20_000);

  it('the sidecar answers blocked before the first report is complete, too', async () => {
    const health = createHealth({
      service: 'oracle',
      version: '1',
      checks: [defineCheck({ name: 'slow', run: () => new Promise<void>(() => undefined) })],
    });
    const { sidecar } = await start({ health, loopBlockedAfterMs: 200 });
    const asking = askFromOutside(sidecar.port, ['/health'], 50, 800);
    await asking.online;
    await new Promise((resolve) => setTimeout(resolve, 200));
    block(1_000);
    expect(
      (await asking.answers).some(({ status, body }) => status === 503 && body.includes('event_loop_blocked')),
    ).toBe(true);
  });
});

describe('the thread of a sidecar', () => {
  it('is started again on the same port when it dies, and told of, but not for ever', async () => {
    // The sidecar keeps its thread to itself; what it sends there shows which one it is.
    const sent = jest.spyOn(Worker.prototype, 'postMessage');
    const current = () => sent.mock.contexts.at(-1) as Worker | undefined;
    try {
      const errors: unknown[] = [];
      const { base } = await start({ onError: (error) => errors.push(error) });
      for (let death = 0; death < 3; death += 1) {
        await waitFor(async () => (await get(`${base}/health`)).status === 200);
        const dying = await waitFor(current);
        await dying.terminate();
        await waitFor(() => current() !== dying);
      }
      await waitFor(async () => (await get(`${base}/livez`)).status === 200);
      expect(errors).toEqual([]);
      await (await waitFor(current)).terminate();
      await waitFor(() => errors.length === 1);
      expect(errors[0]).toMatchObject({ code: 'LISTEN_FAILED', message: expect.stringContaining('not started again') });
    } finally {
      sent.mockRestore();
    }
  });

  it('says 502 when the service breaks off its own answer', async () => {
    const { base } = await start({ routes: { 'GET /broken': (incoming) => incoming.socket.destroy() } });
    expect(await get(`${base}/broken`)).toMatchObject({ status: 502, type: 'application/problem+json' });
  });

  it('gives up a forwarded request when its asker leaves', async () => {
    let isClosed = false;
    const { sidecar } = await start({
      routes: { 'GET /endless': (_incoming, response) => void response.on('close', () => (isClosed = true)) },
    });
    const asking = request({ host: '127.0.0.1', port: sidecar.port, path: '/endless' });
    asking.on('error', () => undefined);
    asking.end();
    setTimeout(() => asking.destroy(), 100);
    await waitFor(() => isClosed);
  });

  it('needs no thread-sized wait to close, even with a request under way', async () => {
    const { sidecar } = await start({ routes: { 'GET /endless': () => undefined } });
    const asking = request({ host: '127.0.0.1', port: sidecar.port, path: '/endless' });
    asking.on('error', () => undefined);
    asking.end();
    const startedAt = performance.now();
    await sidecar.stop();
    expect(performance.now() - startedAt).toBeLessThan(4_000);
  });

  it('leaves an unrelated server on the same loop alone', async () => {
    const other = createServer((_incoming, response) => response.end('other'));
    await new Promise<void>((resolve) => {
      other.listen(0, '127.0.0.1', resolve);
    });
    const { sidecar } = await start();
    await sidecar.stop();
    expect((await get(`http://127.0.0.1:${(other.address() as AddressInfo).port}/`)).body).toBe('other');
    await new Promise((resolve) => other.close(resolve));
  });
});
