import { once } from 'node:events';
import { createServer, get, type IncomingMessage, type RequestListener, request, type Server } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from '@jest/globals';
import { waitFor } from '@nps/testing';
import express, { Router } from 'express';
import {
  createMetrics,
  httpMetrics,
  jobEndpoints,
  MetricsError,
  metricsEndpoint,
  type OracleMetrics,
} from '../../src/index.js';

const servers: Server[] = [];

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as { port: number }).port}`;
}

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

const newMetrics = (): OracleMetrics => createMetrics({ service: 'oracle', version: '1.2.3', environment: 'test' });

/** Metrics are written when the response has closed, which may be a moment after the client has it. */
async function untilExposed(metrics: OracleMetrics, line: string): Promise<void> {
  await waitFor(() => metrics.toPrometheus().includes(line), { timeoutMs: 2000 });
}

describe('httpMetrics', () => {
  it('counts by method, route template and status, whatever the raw paths are', async () => {
    const metrics = newMetrics();
    const app = express();
    app.use(httpMetrics(metrics));
    app.get('/api/reading/:id', (_req, res) => void res.json({}));
    const mounted = Router();
    mounted.get('/', (_req, res) => void res.status(201).end());
    mounted.get('/:sign', (_req, res) => void res.end());
    app.use('/users/:user', mounted);
    const base = await serve(app);
    for (const path of [
      '/api/reading/1',
      '/api/reading/2?x=1',
      '/users/4711',
      '/users/4711/leo',
      '/wp-login.php',
      '/.env',
    ]) {
      await (await fetch(base + path)).text();
    }
    await untilExposed(metrics, 'endpoint="unmatched",status="404"} 2');
    const text = metrics.toPrometheus();
    expect(text).toContain('http_requests_total{method="GET",endpoint="/api/reading/:id",status="200"} 2\n');
    expect(text).toContain('http_requests_total{method="GET",endpoint="/users/:id",status="201"} 1\n');
    expect(text).toContain('http_requests_total{method="GET",endpoint="/users/:id/:sign",status="200"} 1\n');
    expect(text).toContain('http_request_duration_seconds_count{method="GET",endpoint="/api/reading/:id"} 2\n');
    expect(text).toContain('http_requests_in_progress{method="GET"} 0\n');
    expect(text).not.toContain('4711');
  });

  it('counts a client that leaves before the answer as 499', async () => {
    const metrics = newMetrics();
    const middleware = httpMetrics(metrics, { route: () => '/slow' });
    const base = await serve((req, res) => middleware(req, res));
    const client = get(`${base}/slow`).on('error', () => undefined);
    await untilExposed(metrics, 'http_requests_in_progress{method="GET"} 1\n');
    client.destroy();
    await untilExposed(metrics, 'http_requests_total{method="GET",endpoint="/slow",status="499"} 1\n');
  });

  it('calls every method it does not know _OTHER', async () => {
    const metrics = newMetrics();
    const middleware = httpMetrics(metrics);
    const base = await serve((req, res) => {
      middleware(req, res);
      res.end();
    });
    const sent = request(base, { method: 'PROPFIND' });
    sent.end();
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    answer.resume();
    await untilExposed(metrics, 'http_requests_total{method="_OTHER",endpoint="unmatched",status="200"} 1\n');
  });
});

describe('metricsEndpoint', () => {
  async function endpoint(): Promise<string> {
    const metrics = newMetrics();
    metrics.recordReadingTime(500);
    return serve(metricsEndpoint(metrics));
  }

  const PROMETHEUS_ACCEPT =
    'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1';

  it.each([
    ['/metrics', '*/*', 'application/json; charset=utf-8'],
    ['/metrics', 'text/html,application/xhtml+xml,*/*;q=0.8', 'application/json; charset=utf-8'],
    ['/metrics', 'application/json, text/plain, */*', 'application/json; charset=utf-8'],
    ['/metrics', 'text/plain', 'text/plain; version=0.0.4; charset=utf-8'],
    ['/metrics', 'text/plain;version=0.0.4;q=0.5,application/json;q=0.1', 'text/plain; version=0.0.4; charset=utf-8'],
    ['/metrics', PROMETHEUS_ACCEPT, 'application/openmetrics-text; version=1.0.0; charset=utf-8'],
    [
      '/metrics',
      'application/openmetrics-text;version=2.0.0,text/plain;q=0.5',
      'text/plain; version=0.0.4; charset=utf-8',
    ],
    ['/metrics', 'nonsense;;;q=x,,', 'application/json; charset=utf-8'],
    ['/metrics', 'text/*', 'text/plain; version=0.0.4; charset=utf-8'],
    ['/metrics', 'text/plain;q=0', 'application/json; charset=utf-8'],
    ['/metrics', 'text/plain;q=0.1, application/json;q=0.9', 'application/json; charset=utf-8'],
    ['/metrics/prometheus', '*/*', 'text/plain; version=0.0.4; charset=utf-8'],
    ['/metrics/prometheus/', PROMETHEUS_ACCEPT, 'application/openmetrics-text; version=1.0.0; charset=utf-8'],
    ['/metrics.json', 'text/plain', 'application/json; charset=utf-8'],
  ])('answers %s for Accept "%s" with %s', async (path, accept, type) => {
    const answer = await fetch((await endpoint()) + path, { headers: { accept } });
    expect(answer.headers.get('content-type')).toBe(type);
    const body = await answer.text();
    expect(type.startsWith('application/json') ? JSON.parse(body).performance.reading_time.p50 : body).toEqual(
      type.startsWith('application/json') ? 500 : expect.stringContaining('oracle_readings_total{status="success"} 1'),
    );
    expect(body.endsWith('# EOF\n')).toBe(type.startsWith('application/openmetrics-text'));
  });

  it('adds sealed minutes when asked, and says what an instant looks like when the question is none', async () => {
    const base = await endpoint();
    expect(await (await fetch(`${base}/metrics?minutes_since=2026-02-08T14:30:00Z`)).json()).toMatchObject({
      minutes: [],
    });
    const refused = await fetch(`${base}/metrics?minutes_since=yesterday`);
    expect([refused.status, refused.headers.get('content-type')]).toEqual([400, 'application/problem+json']);
    expect(await refused.json()).toMatchObject({ detail: expect.stringContaining('2026-02-08T14:30:00Z') });
  });

  it('answers HEAD without a body and refuses to be written to', async () => {
    const base = await endpoint();
    const head = await fetch(`${base}/metrics`, { method: 'HEAD' });
    expect([head.status, Number(head.headers.get('content-length')) > 100, await head.text()]).toEqual([200, true, '']);
    const post = await fetch(`${base}/metrics`, { method: 'POST' });
    expect([post.status, post.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });

  it('compresses for who understands gzip and only for them', async () => {
    const base = await endpoint();
    const raw = async (encoding: string): Promise<[string | undefined, Buffer]> => {
      const sent = get(`${base}/metrics/prometheus`, { headers: { 'accept-encoding': encoding } });
      const [answer] = (await once(sent, 'response')) as [IncomingMessage];
      const chunks: Buffer[] = [];
      for await (const chunk of answer) chunks.push(chunk as Buffer);
      return [answer.headers['content-encoding'], Buffer.concat(chunks)];
    };
    const [encoding, bytes] = await raw('deflate, gzip');
    expect([encoding, gunzipSync(bytes).toString()]).toEqual([
      'gzip',
      expect.stringContaining('app_info{version="1.2.3",environment="test"} 1'),
    ]);
    expect((await raw('gzip;q=0'))[0]).toBeUndefined();
    expect((await raw('identity'))[0]).toBeUndefined();
  });

  it('works mounted in Express', async () => {
    const metrics = newMetrics();
    const app = express();
    app.use('/metrics', metricsEndpoint(metrics));
    const base = await serve(app);
    expect((await fetch(`${base}/metrics/prometheus`)).headers.get('content-type')).toContain('text/plain');
    expect(await (await fetch(`${base}/metrics`)).json()).toMatchObject({ service: 'oracle' });
  });
});

describe('jobEndpoints', () => {
  const asked: unknown[] = [];
  const jobs = {
    status: async (query?: unknown) => {
      asked.push(query);
      if (JSON.stringify(query).includes('-1'))
        throw new MetricsError('INVALID_OPTION', 'limit must be a whole number');
      return [];
    },
    stats: async (jobName: string) => {
      if (jobName === 'down') throw new Error('password=hunter2');
      return { job_name: jobName } as never;
    },
  };

  it('answers both paths and hands on what was asked', async () => {
    const base = await serve(jobEndpoints(jobs));
    expect(await (await fetch(`${base}/jobs/status?job_name=night%20report&limit=3`)).json()).toEqual([]);
    expect(asked).toEqual([{ jobName: 'night report', limit: 3 }]);
    expect(await (await fetch(`${base}/jobs/status`)).json()).toEqual([]);
    expect(await (await fetch(`${base}/jobs/stats/night%20report`)).json()).toEqual({ job_name: 'night report' });
  });

  it('tells a wrong question from a database that is away, and tells nothing of its error', async () => {
    const base = await serve(jobEndpoints(jobs));
    expect((await fetch(`${base}/jobs/status?limit=-1`)).status).toBe(400);
    expect((await fetch(`${base}/jobs/stats/%E0%A4%A`)).status).toBe(400);
    const down = await fetch(`${base}/jobs/stats/down`);
    expect(down.status).toBe(503);
    expect(await down.text()).not.toContain('hunter2');
  });

  it('leaves other paths to the next handler, or says 404 when it is the last', async () => {
    const base = await serve(jobEndpoints(jobs));
    expect((await fetch(`${base}/jobs`)).status).toBe(404);
    const app = express();
    app.use(jobEndpoints(jobs));
    app.get('/other', (_req, res) => void res.send('next'));
    expect(await (await fetch(`${await serve(app)}/other`)).text()).toBe('next');
  });
});
