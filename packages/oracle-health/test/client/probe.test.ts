import type { RequestListener } from 'node:http';
import type { Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, waitFor } from '@nps/testing';
import fc from 'fast-check';
import { createProber, probe } from '../../src/client/index.js';
import type { FailureReason, Target, TargetKind } from '../../src/contract/index.js';
import { createHealth, defineCheck, startSidecar } from '../../src/index.js';
import { createCertificate } from '../peers/certificate.js';
import { startGrpcServer } from '../peers/grpc-server.js';
import { startHttpPeer } from '../peers/http-peer.js';
import { redisProgram, startRedis } from '../peers/redis-server.js';
import { closedPort, halfClose, hang, reply, reset, startTcpPeer, trickle } from '../peers/tcp-peer.js';

const target = (kind: TargetKind, url: string, more: Partial<Target> = {}): Target => ({
  name: 'target',
  kind,
  url,
  timeoutMs: 400,
  ...more,
});

const report = (status: string) => ({
  status,
  timestamp: '2026-02-08T14:30:00.000Z',
  service: 'oracle',
  version: '1',
  uptime_seconds: 1,
  checks: { database: { status: 'ok' } },
});

const json = (code: number, body: unknown, headers = {}): RequestListener => {
  return (_request, response) =>
    response.writeHead(code, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
};

async function probeHttp(
  listener: RequestListener,
  more: Partial<Target> = {},
  kind: TargetKind = 'service',
  path = '',
) {
  const peer = await startHttpPeer(listener);
  try {
    return { result: await probe(target(kind, peer.url + path, more)), requests: peer.requests };
  } finally {
    await peer.stop();
  }
}

async function probeTcp(onSocket: (socket: Socket) => void, kind: TargetKind = 'service', scheme = 'http') {
  const peer = await startTcpPeer(onSocket);
  try {
    const result = await probe(target(kind, `${scheme}://127.0.0.1:${peer.port}`));
    await waitFor(() => peer.open() === 0 || result.outcome === 'report');
    return result;
  } finally {
    await peer.stop();
  }
}

describe('probe of a service', () => {
  it('brings the report of a real service, and how long it took', async () => {
    const health = createHealth({
      service: 'oracle',
      version: '1.0.0',
      checks: [defineCheck({ name: 'database', run: () => undefined })],
    });
    const sidecar = await startSidecar({ health, port: 0 });
    const result = await probe(target('service', `http://localhost:${sidecar.port}`));
    await sidecar.stop();
    expect(result).toMatchObject({
      outcome: 'report',
      status: 'healthy',
      health: { service: 'oracle', checks: { database: { status: 'ok' } } },
    });
    expect(result.latencyMs).toBeGreaterThan(0);
    expect(new Date(result.at).toISOString()).toBe(result.at);
  });

  it.each([
    [200, 'healthy', 'healthy'],
    [503, 'degraded', 'degraded'],
    [503, 'down', 'down'],
    [500, 'down', 'down'],
    [200, 'starting up', 'degraded'],
  ])('takes HTTP %d with the status word %j for a report', async (code, word, status) => {
    const { result, requests } = await probeHttp(json(code, report(word)));
    expect(result).toMatchObject({ outcome: 'report', status });
    expect(requests).toEqual(['GET /health']);
  });

  it.each<[string, FailureReason, RequestListener]>([
    ['a redirect, which is not followed', 'redirect', json(302, report('healthy'), { location: '/elsewhere' })],
    ['HTTP 500 without a report', 'http_5xx', json(500, { message: 'stack at /srv/app' })],
    ['HTTP 404 although it looks like a report', 'http_4xx', json(404, report('healthy'))],
    ['HTTP 401', 'auth', json(401, {})],
    ['HTTP 429', 'http_4xx', json(429, {})],
    ['a page instead of a report', 'malformed', (_request, response) => response.end('<html>')],
    ['JSON that is no report', 'malformed', json(200, { healthy: true })],
    [
      'a report in UTF-16',
      'malformed',
      (_request, response) => response.end(Buffer.from(JSON.stringify(report('healthy')), 'utf16le')),
    ],
    ['a list instead of checks', 'malformed', json(200, { ...report('healthy'), checks: [] })],
    [
      'a report behind more brackets than a reader should follow',
      'malformed',
      (_request, response) => response.end('['.repeat(60_000)),
    ],
    ['an endless report', 'oversize', json(200, { ...report('healthy'), padding: 'x'.repeat(70_000) })],
  ])('fails on %s', async (_what, reason, listener) => {
    const { result, requests } = await probeHttp(listener);
    expect(result).toMatchObject({ outcome: 'failure', reason, message: expect.any(String) });
    expect(requests).toHaveLength(1);
  });

  it.each<[string, FailureReason, (socket: Socket) => void]>([
    ['says nothing', 'timeout', hang],
    ['trickles its headers', 'timeout', trickle('HTTP/1.1 200 OK\r\nx: ')],
    ['trickles its body', 'timeout', trickle('HTTP/1.1 200 OK\r\ncontent-length: 9999\r\n\r\n{"status"')],
    ['resets', 'reset', reset],
    ['closes its side at once', 'reset', halfClose],
    ['is no HTTP server', 'malformed', reply('SSH-2.0\r\n')],
  ])('fails in time on a server that %s, and leaves no connection', async (_what, reason, onSocket) => {
    const result = await probeTcp(onSocket);
    expect(result).toMatchObject({ outcome: 'failure', reason });
    expect(result.latencyMs).toBeLessThan(700);
  });

  it('reads a report that begins with a byte order mark', async () => {
    const { result } = await probeHttp((_request, response) =>
      response.end(`\uFEFF${JSON.stringify(report('degraded'))}`),
    );
    expect(result).toMatchObject({ outcome: 'report', status: 'degraded' });
  });

  it('lets no key of a report reach a prototype', async () => {
    const body =
      '{"status":"down","__proto__":{"polluted":1},"checks":{"__proto__":{"status":"error"},"constructor":{"status":"ok"}}}';
    const { result } = await probeHttp((_request, response) => response.writeHead(503).end(body));
    expect(result).toMatchObject({ outcome: 'report', status: 'down' });
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    const checks = result.outcome === 'report' ? result.health?.checks : undefined;
    expect(Object.keys(checks ?? {})).toEqual(['__proto__', 'constructor']);
  });

  it('visits the path and carries the token it was told', async () => {
    let authorization: string | undefined;
    const { requests } = await probeHttp(
      (request, response) => {
        ({ authorization } = request.headers);
        response.end(JSON.stringify(report('healthy')));
      },
      { healthPath: '/internal/health?verbose', token: 'sesame' },
    );
    expect(requests).toEqual(['GET /internal/health?verbose']);
    expect(authorization).toBe('Bearer sesame');
  });

  it('ends early when its signal aborts', async () => {
    const peer = await startTcpPeer(hang);
    const controller = new AbortController();
    const probing = probe(target('service', `http://127.0.0.1:${peer.port}`, { timeoutMs: 10_000 }), {
      signal: controller.signal,
    });
    await waitFor(() => peer.open() === 1);
    controller.abort();
    expect(await probing).toMatchObject({ outcome: 'failure' });
    await waitFor(() => peer.open() === 0);
    await peer.stop();
    const aborted = await probe(target('tcp', `tcp://127.0.0.1:${peer.port}`), { signal: AbortSignal.abort() });
    expect(aborted).toMatchObject({ outcome: 'failure', reason: 'timeout' });
  });

  it('uses two seconds when no time is given', async () => {
    const peer = await startTcpPeer(hang);
    const result = await probe({ name: 'x', kind: 'service', url: `http://127.0.0.1:${peer.port}` });
    await peer.stop();
    expect(result).toMatchObject({ outcome: 'failure', reason: 'timeout' });
    expect(result.latencyMs).toBeGreaterThanOrEqual(1_990);
    expect(result.latencyMs).toBeLessThan(2_300);
  });
});

describe('probe of other kinds', () => {
  it('accepts any page with a good status for http, and the expected one only if told', async () => {
    expect((await probeHttp(json(204, ''), {}, 'http')).result).toMatchObject({
      outcome: 'report',
      status: 'healthy',
      health: null,
    });
    expect((await probeHttp(json(503, ''), {}, 'http')).result).toMatchObject({
      outcome: 'failure',
      reason: 'http_5xx',
    });
    expect((await probeHttp(json(401, ''), { expectStatus: 401 }, 'http')).result).toMatchObject({ outcome: 'report' });
    expect((await probeHttp(json(200, ''), { expectStatus: 204 }, 'http')).result).toMatchObject({
      outcome: 'failure',
      reason: 'malformed',
    });
    expect((await probeHttp(json(500, ''), { expectStatus: 204 }, 'http')).result).toMatchObject({
      outcome: 'failure',
      reason: 'http_5xx',
    });
    expect((await probeHttp(json(200, 'NPS'), { bodyMatch: 'NPS' }, 'http')).result).toMatchObject({
      outcome: 'report',
    });
    expect((await probeHttp(json(200, ''), { bodyMatch: 'NPS' }, 'http')).result).toMatchObject({
      outcome: 'failure',
      reason: 'malformed',
    });
  });

  it('reads a metrics page of up to a megabyte for prometheus', async () => {
    const page = 'metric 1\n'.repeat(50_000);
    const listener: RequestListener = (request, response) =>
      response.writeHead(request.url === '/metrics' ? 200 : 404).end(page);
    expect((await probeHttp(listener, {}, 'prometheus', '/metrics')).result).toMatchObject({
      outcome: 'report',
      status: 'healthy',
    });
    expect((await probeHttp(listener, { metricsPath: '/metrics' }, 'prometheus')).result).toMatchObject({
      outcome: 'report',
    });
    expect((await probeHttp(listener, {}, 'prometheus', '/other')).result).toMatchObject({
      outcome: 'failure',
      reason: 'http_4xx',
    });
  });

  it('connects for tcp and verifies the certificate for tls', async () => {
    expect(await probeTcp(hang, 'tcp', 'tcp')).toMatchObject({ outcome: 'report', status: 'healthy' });
    expect(await probe(target('tcp', `tcp://127.0.0.1:${await closedPort()}`))).toMatchObject({
      outcome: 'failure',
      reason: 'refused',
    });
    expect(await probeTcp(reply('no tls'), 'tcp', 'tls')).toMatchObject({ outcome: 'failure', reason: 'tls' });
  });

  it('asks for the named gRPC service, over TLS too', async () => {
    const certificate = createCertificate();
    const [plain, secure] = await Promise.all([
      startGrpcServer((service) => ({ serving: service === 'nps.Oracle' ? 1 : 2 })),
      startGrpcServer(() => ({ serving: 1 }), certificate),
    ]);
    expect(await probe(target('grpc', `grpc://127.0.0.1:${plain.port}/nps.Oracle`))).toMatchObject({
      outcome: 'report',
      status: 'healthy',
    });
    expect(await probe(target('grpc', `grpc://127.0.0.1:${plain.port}`))).toMatchObject({
      outcome: 'failure',
      reason: 'not_serving',
    });
    const url = `grpcs://localhost:${secure.port}`;
    expect(await probe(target('grpc', url), { tls: { ca: certificate.cert } })).toMatchObject({ outcome: 'report' });
    expect(await probe(target('grpc', url))).toMatchObject({ outcome: 'failure', reason: 'tls' });
    plain.stop();
    secure.stop();
  });

  it('asks a real PostgreSQL, and calls a read-only one degraded', async () => {
    const database = await createTestDatabase();
    expect(await probe(target('postgres', database.connectionString))).toMatchObject({
      outcome: 'report',
      status: 'healthy',
      health: null,
    });
    const readOnly = `${database.connectionString}?options=-c%20default_transaction_read_only%3Don`;
    expect(await probe(target('postgres', readOnly))).toMatchObject({ outcome: 'report', status: 'degraded' });
    const wrong = new URL(database.connectionString);
    wrong.password = 'wrong';
    expect(await probe(target('postgres', wrong.href))).toMatchObject({
      outcome: 'failure',
      reason: 'auth',
      message: 'access was denied',
    });
    await database.drop();
  });

  const redisIt = redisProgram ? it : it.skip;
  redisIt('asks a real Redis', async () => {
    const server = await startRedis();
    expect(await probe(target('redis', server.url))).toMatchObject({
      outcome: 'report',
      status: 'healthy',
      health: null,
    });
    await server.stop();
    expect(await probe(target('redis', server.url))).toMatchObject({ outcome: 'failure', reason: 'refused' });
  });
});

describe('every probe', () => {
  it('tells no host, user, password or path in a failure', async () => {
    const port = await closedPort();
    const secrets = ['someone', 'secret-word', '127.0.0.1', String(port), '/private'];
    const urls: [TargetKind, string][] = [
      ['service', 'http'],
      ['http', 'https'],
      ['grpc', 'grpc'],
      ['redis', 'redis'],
      ['postgres', 'postgres'],
      ['tcp', 'tcp'],
    ];
    for (const [kind, scheme] of urls) {
      const result = await probe(target(kind, `${scheme}://someone:secret-word@127.0.0.1:${port}/private`));
      expect(result).toMatchObject({ outcome: 'failure', reason: 'refused', message: 'the connection was refused' });
      for (const secret of secrets) expect(JSON.stringify(result)).not.toContain(secret);
    }
  });

  it.each<[string, string]>([
    ['http', '::::'],
    ['ftp', 'ftp://x'],
    ['toString', 'http://x'],
    ['tcp', 'tcp://127.0.0.1:99999'],
    ['grpc', 'grpc://x'],
    ['redis', 'redis:///0'],
  ])('says that a %s target at %s cannot be visited', async (kind, url) => {
    expect(await probe(target(kind as TargetKind, url))).toMatchObject({
      outcome: 'failure',
      reason: 'unreachable',
      message: 'the kind or url of the target cannot be used',
    });
  });

  it('resolves with an outcome whatever the target answers', async () => {
    let bytes: Uint8Array = new Uint8Array();
    const peer = await startTcpPeer((socket) => socket.once('data', () => socket.end(bytes)));
    const kinds: [TargetKind, string][] = [
      ['service', 'http'],
      ['grpc', 'grpc'],
      ['redis', 'redis'],
      ['postgres', 'postgres'],
    ];
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), fc.constantFrom(...kinds), async (random, [kind, scheme]) => {
        bytes = random;
        const result = await probe(target(kind, `${scheme}://u:p@127.0.0.1:${peer.port}`));
        expect(result.outcome).toBe('failure');
      }),
      { numRuns: 200 },
    );
    await peer.stop();
  }, 60_000);
});

describe('createProber', () => {
  let resolved: string[];
  let peer: Awaited<ReturnType<typeof startTcpPeer>>;

  beforeAll(async () => {
    peer = await startTcpPeer(hang);
  });

  afterAll(() => peer.stop());

  it('asks its one resolver for every probe', async () => {
    resolved = [];
    const resolver = { resolve: async (host: string) => (resolved.push(host), ['127.0.0.1']) };
    const prober = createProber({ resolver });
    const results = await Promise.all(
      ['a.example', 'b.example'].map((host) => prober.probe(target('tcp', `tcp://${host}:${peer.port}`))),
    );
    expect(results.map(({ outcome }) => outcome)).toEqual(['report', 'report']);
    expect(resolved).toEqual(['a.example', 'b.example']);
    expect(await createProber().probe(target('tcp', `tcp://localhost:${peer.port}`))).toMatchObject({
      outcome: 'report',
    });
  });
});
