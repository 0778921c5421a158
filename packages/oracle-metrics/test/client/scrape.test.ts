import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTcpServer, type Socket, type Server as TcpServer } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from '@jest/globals';
import { scrape } from '../../src/client/index.js';
import { createMetrics, metricsEndpoint } from '../../src/index.js';
import { createFakeClock, MINUTE } from '../fake-clock.js';

const servers: (Server | TcpServer)[] = [];
const sockets: Socket[] = [];

async function listen(server: Server | TcpServer): Promise<string> {
  servers.push(server);
  server.on('connection', (socket: Socket) => sockets.push(socket.on('error', () => undefined)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as { port: number }).port}/metrics`;
}

const serve = (listener: RequestListener): Promise<string> => listen(createServer(listener));
const serveRaw = (write: (socket: Socket) => void): Promise<string> => listen(createTcpServer(write));

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
});

describe('scrape', () => {
  it('reads a report of this package and asks for the minutes it lacks', async () => {
    const clock = createFakeClock();
    const metrics = createMetrics({ service: 'oracle', now: clock.now });
    metrics.recordReadingTime(500);
    clock.advance(MINUTE);
    const url = await serve(metricsEndpoint(metrics));
    const result = await scrape({ url, kind: 'service' }, { minutesSince: '2026-02-08T14:00:00Z' });
    expect(result).toMatchObject({
      outcome: 'report',
      report: { service: 'oracle', minutes: [{ minute: '2026-02-08T14:30:00.000Z' }] },
    });
    expect(await scrape({ url, kind: 'service' })).toMatchObject({ outcome: 'report', report: { total_users: 0 } });
  });

  it('reads a text exposition, compressed or not', async () => {
    const metrics = createMetrics({ service: 'oracle' });
    metrics.recordReadingTime(500);
    const url = await serve(metricsEndpoint(metrics));
    const result = await scrape({ url, kind: 'prometheus' });
    expect(result.outcome === 'samples' && result.samples).toContainEqual({
      name: 'oracle_readings_total',
      labels: { status: 'success' },
      value: 1,
    });
  });

  it.each<[string, RequestListener, string]>([
    ['a server error', (_req, res) => res.writeHead(503).end('secret'), 'http_5xx'],
    ['a missing page', (_req, res) => res.writeHead(404).end(), 'http_4xx'],
    ['a closed door', (_req, res) => res.writeHead(401).end(), 'auth'],
    ['a redirect', (_req, res) => res.writeHead(302, { location: 'http://169.254.169.254/' }).end(), 'redirect'],
    ['text that is no JSON', (_req, res) => res.end('<html>'), 'malformed'],
    ['JSON that is no report', (_req, res) => res.end('{"service":1,"secret":"hunter2"}'), 'malformed'],
    ['a broken gzip', (_req, res) => res.writeHead(200, { 'content-encoding': 'gzip' }).end('not gzip'), 'malformed'],
    ['another compression', (_req, res) => res.writeHead(200, { 'content-encoding': 'br' }).end('x'), 'malformed'],
    ['two megabytes', (_req, res) => res.end('x'.repeat(2_000_000)), 'oversize'],
    [
      'two kilobytes that unpack to two megabytes',
      (_req, res) => res.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('x'.repeat(2_000_000))),
      'oversize',
    ],
  ])('answers with a reason for %s', async (_name, listener, reason) => {
    const result = await scrape({ url: await serve(listener), kind: 'service' });
    expect(result).toEqual({ outcome: 'failure', reason, message: expect.not.stringContaining('hunter2') });
  });

  it('opens a door that asks for a bearer token, and only with the right one', async () => {
    const url = await serve((req, res) => {
      const isRight = req.headers.authorization === 'Bearer right';
      res.writeHead(isRight ? 200 : 401).end(isRight ? 'up 1\n' : '');
    });
    expect(await scrape({ url, kind: 'prometheus', token: 'right' })).toMatchObject({ outcome: 'samples' });
    expect(await scrape({ url, kind: 'prometheus', token: 'wrong' })).toMatchObject({ reason: 'auth' });
    expect(await scrape({ url, kind: 'prometheus' })).toMatchObject({ reason: 'auth' });
  });

  it('answers with a reason for a connection that is refused, reset or not HTTP', async () => {
    const url = await serve(() => undefined);
    const server = servers.pop();
    await new Promise((resolve) => server?.close(resolve));
    expect(await scrape({ url, kind: 'service' })).toMatchObject({
      reason: 'refused',
      message: expect.stringContaining('ECONNREFUSED'),
    });
    const reset = await serveRaw((socket) => socket.destroy());
    expect(await scrape({ url: reset, kind: 'service' })).toMatchObject({ reason: 'reset' });
    const gibberish = await serveRaw((socket) => socket.end('hello\r\n\r\n'));
    expect(await scrape({ url: gibberish, kind: 'service' })).toMatchObject({ reason: 'malformed' });
    const plain = await serve((_req, res) => res.end());
    expect(await scrape({ url: plain.replace('http:', 'https:'), kind: 'service' })).toMatchObject({ reason: 'tls' });
  });

  it('answers with a reason for a name that does not exist', async () => {
    const result = await scrape({ url: 'http://does-not-exist.invalid/metrics', kind: 'service', timeoutMs: 5000 });
    expect(result).toMatchObject({ outcome: 'failure', reason: 'dns' });
  });

  it.each([
    ['http://169.254.169.254/latest'],
    ['http://100.100.100.200/latest'],
    ['http://[fe80::1]/'],
    ['http://[fd00:ec2::254]/latest'],
    ['http://[::ffff:169.254.169.254]/latest'],
  ])('does not visit %s', async (url) => {
    expect(await scrape({ url, kind: 'service' })).toMatchObject({
      reason: 'unreachable',
      message: expect.stringContaining('Link-local'),
    });
  });

  it.each([['ftp://x/'], ['not a url'], ['file:///etc/passwd']])('does not visit %s', async (url) => {
    expect(await scrape({ url, kind: 'service' })).toMatchObject({ outcome: 'failure', reason: 'malformed' });
  });

  it('counts its deadline over the whole answer: a trickle does not prolong it', async () => {
    const url = await serve((_req, res) => {
      res.writeHead(200);
      const timer = setInterval(() => res.write(' '), 20);
      res.on('close', () => clearInterval(timer));
    });
    const startedAtMs = performance.now();
    const result = await scrape({ url, kind: 'service', timeoutMs: 300 });
    expect(result).toEqual({ outcome: 'failure', reason: 'timeout', message: 'No complete answer within 300 ms' });
    expect(performance.now() - startedAtMs).toBeLessThan(1500);
  });

  it('stops when its caller aborts, before or during the visit', async () => {
    const url = await serve(() => undefined);
    const early = AbortSignal.abort();
    expect(await scrape({ url, kind: 'service' }, { signal: early })).toMatchObject({ reason: 'aborted' });
    const controller = new AbortController();
    const pending = scrape({ url, kind: 'service' }, { signal: controller.signal });
    controller.abort();
    expect(await pending).toMatchObject({ outcome: 'failure', reason: 'aborted' });
  });

  it('refuses a timeout out of range', async () => {
    await expect(scrape({ url: 'http://x/', kind: 'service', timeoutMs: 0 })).rejects.toMatchObject({
      code: 'INVALID_OPTION',
    });
  });
});
