import { promises as dns } from 'node:dns';
import { once } from 'node:events';
import { promises as files } from 'node:fs';
import { get as getHttp } from 'node:http';
import { connect as connectHttp2 } from 'node:http2';
import { get as getHttps } from 'node:https';
import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { credentials, Client as GrpcClient } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase } from '@nps/testing';
import { Client, Pool } from 'pg';
import { answerHealth, plainQuestion } from '../src/endpoints/answer.js';
import { dependencyExposition } from '../src/exposition.js';
import { createHealth, defineCheck, type ErrorClass } from '../src/index.js';
import { startDnsServer } from './peers/dns-server.js';
import { postgresRefusal } from './peers/postgres-peer.js';
import { closedPort, hang, reply, reset, startTcpPeer, type TcpPeer } from './peers/tcp-peer.js';

// What every call below is made with, and no public answer may hold.
const user = 'visible_user';
const password = ['hunter', 'two', 'hunter'].join('-');
const path = '/srv/private/reading.sock';
const host = 'db.internal.example';

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let names: Awaited<ReturnType<typeof startDnsServer>>;
let peers: Record<'hanging' | 'resetting' | 'chatting' | 'ending', TcpPeer>;
let closed: number;

beforeAll(async () => {
  database = await createTestDatabase();
  names = await startDnsServer({});
  closed = await closedPort();
  peers = {
    hanging: await startTcpPeer(hang),
    resetting: await startTcpPeer(reset),
    chatting: await startTcpPeer(reply(`SSH-2.0 ${user}@${host}:${path} ${password}\r\n`)),
    ending: await startTcpPeer((socket) => socket.end()),
  };
});

afterAll(async () => {
  await Promise.all(Object.values(peers).map((peer) => peer.stop()));
  await names.stop();
  await database.drop();
});

const http = (port: number, get: typeof getHttp = getHttp) =>
  new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, path, auth: `${user}:${password}`, agent: false as const };
    get(options, (response) => response.resume().on('end', resolve).on('error', reject)).on('error', reject);
  });
const page = (port: number, scheme = 'http') =>
  fetch(`${scheme}://127.0.0.1:${port}${path}?token=${password}`, { redirect: 'error' }).then((answer) =>
    answer.text(),
  );
const tcp = async (port: number) => {
  const socket = connect(port, '127.0.0.1');
  socket.write(`${user}:${password}@${host}`);
  await once(socket, 'data');
  socket.destroy();
};
const tls = (port: number) => once(connectTls({ port, host: '127.0.0.1', servername: host }), 'secureConnect');
const http2 = (port: number) =>
  new Promise((_resolve, reject) => {
    const session = connectHttp2(`http://127.0.0.1:${port}`);
    session.on('error', reject).on('close', () => reject(new Error(`closed: ${path}`)));
    session
      .request({ ':path': path })
      .on('error', () => undefined)
      .end();
  });
const grpc = (port: number, deadlineMs = 300) =>
  new Promise((resolve, reject) => {
    const client = new GrpcClient(`127.0.0.1:${port}`, credentials.createInsecure());
    const bytes = (buffer: Buffer) => buffer;
    const end = (error: Error | null) => (client.close(), error ? reject(error) : resolve(undefined));
    const deadline = Date.now() + deadlineMs;
    client.makeUnaryRequest(path, bytes, bytes, Buffer.from(password), { deadline }, (error) => end(error));
  });
const resolveName = () => {
  const resolver = new dns.Resolver({ timeout: 100, tries: 1 });
  resolver.setServers([names.address]);
  return resolver.resolve4(host);
};
const sql = async (text: string, change: (url: URL) => void = () => undefined, values?: unknown[]) => {
  const url = new URL(database.connectionString);
  change(url);
  const client = new Client({ connectionString: url.href, connectionTimeoutMillis: 300 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query(text, values);
  } finally {
    await client.end().catch(() => undefined);
  }
};
const at = (port: number) => (url: URL) => {
  Object.assign(url, { username: user, password, port: String(port) });
};
const exhaustedPool = async () => {
  const pool = new Pool({ connectionString: database.connectionString, max: 1, connectionTimeoutMillis: 50 });
  const client = await pool.connect();
  try {
    await pool.query('SELECT 1');
  } finally {
    client.release();
    await pool.end();
  }
};
const refusing = async (code: string) => {
  const peer = await startTcpPeer(reply(postgresRefusal(code, `refused ${user} from ${host} at ${path}`)));
  await sql('SELECT 1', at(peer.port)).finally(() => peer.stop());
};

const rows: readonly (readonly [what: string, expected: ErrorClass, call: () => Promise<unknown>])[] = [
  ['pg: wrong password', 'AUTH', () => sql('', (url) => (url.password = password))],
  ['pg: unknown role', 'AUTH', () => sql('', (url) => (url.username = user))],
  ['pg: unknown database', 'NOT_FOUND', () => sql('', (url) => (url.pathname = path))],
  ['pg: refused', 'REFUSED', () => sql('', at(closed))],
  ['pg: reset', 'RESET', () => sql('', at(peers.resetting.port))],
  ['pg: connection time over', 'UNKNOWN', () => sql('', at(peers.hanging.port))],
  ['pg: TLS wanted, none there', 'UNKNOWN', () => sql('', (url) => url.searchParams.set('sslmode', 'require'))],
  ['pg: unknown table', 'UNKNOWN', () => sql(`SELECT * FROM "${path}"`)],
  ['pg: syntax', 'UNKNOWN', () => sql(`SELEC '${password}'`)],
  ['pg: not a number', 'UNKNOWN', () => sql('SELECT $1::int', undefined, [password])],
  ['pg: division by zero', 'UNKNOWN', () => sql(`SELECT 1/0 AS "${host}"`)],
  ['pg: statement time over', 'TIMEOUT', () => sql("SET statement_timeout = '20ms'; SELECT pg_sleep(5)")],
  ['pg: lock time over', 'TIMEOUT', () => sql(`DO $$ BEGIN RAISE '${path}' USING ERRCODE = '55P03'; END $$`)],
  ['pg: read-only', 'READ_ONLY', () => sql('BEGIN READ ONLY; CREATE TABLE t ()')],
  ['pg: permission', 'AUTH', () => sql(`DO $$ BEGIN RAISE '${user}' USING ERRCODE = '42501'; END $$`)],
  ['pg: disk full', 'EXHAUSTED', () => sql(`DO $$ BEGIN RAISE '${path}' USING ERRCODE = '53100'; END $$`)],
  ['pg: pool without a free connection', 'UNKNOWN', exhaustedPool],
  ['pg: starting up', 'LOADING', () => refusing('57P03')],
  ['pg: too many clients', 'EXHAUSTED', () => refusing('53300')],
  ['pg: shutting down', 'NOT_SERVING', () => refusing('57P01')],
  ['pg: no entry in pg_hba.conf', 'AUTH', () => refusing('28000')],
  ['fetch: refused', 'REFUSED', () => page(closed)],
  ['fetch: reset', 'RESET', () => page(peers.resetting.port)],
  ['fetch: not HTTP', 'MALFORMED', () => page(peers.chatting.port)],
  ['fetch: ended', 'RESET', () => page(peers.ending.port)],
  ['fetch: no TLS', 'TLS', () => page(peers.chatting.port, 'https')],
  ['fetch: unknown name', 'DNS', () => fetch(`http://${user}.invalid${path}`)],
  [
    'fetch: time over',
    'TIMEOUT',
    () => fetch(`http://127.0.0.1:${peers.hanging.port}${path}`, { signal: AbortSignal.timeout(50) }),
  ],
  ['fetch: not a url', 'UNKNOWN', () => fetch(`${user}:${password}@${host}`)],
  ['http: refused', 'REFUSED', () => http(closed)],
  ['http: reset', 'RESET', () => http(peers.resetting.port)],
  ['http: not HTTP', 'MALFORMED', () => http(peers.chatting.port)],
  ['http: ended', 'RESET', () => http(peers.ending.port)],
  ['https: no TLS', 'TLS', () => http(peers.chatting.port, getHttps)],
  ['net: refused', 'REFUSED', () => tcp(closed)],
  ['net: reset', 'RESET', () => tcp(peers.resetting.port)],
  ['net: no such unix socket', 'NOT_FOUND', () => once(connect(path), 'connect')],
  ['tls: not TLS', 'TLS', () => tls(peers.chatting.port)],
  ['tls: refused', 'REFUSED', () => tls(closed)],
  ['http2: not HTTP/2', 'MALFORMED', () => http2(peers.chatting.port)],
  ['http2: refused', 'REFUSED', () => http2(closed)],
  ['grpc: refused', 'NOT_SERVING', () => grpc(closed)],
  ['grpc: time over', 'TIMEOUT', () => grpc(peers.hanging.port)],
  ['dns: no such name', 'DNS', resolveName],
  ['fs: no such file', 'NOT_FOUND', () => files.readFile(path)],
  ['fs: a folder instead of a file', 'UNKNOWN', () => files.readFile('/tmp')],
  ['JSON: not JSON', 'UNKNOWN', async () => JSON.parse(`${user}:${password}`) as unknown],
];

describe('the error of a real driver', () => {
  it('is told by a class alone, without host, user, path or password', async () => {
    const seen: string[] = [];
    for (const [what, expected, call] of rows) {
      const check = defineCheck({ name: 'driver', timeoutMs: 1_000, run: async () => void (await call()) });
      const report = await createHealth({ service: 'x', version: '1', checks: [check] }).check();
      const { error, detail = '' } = report.checks['driver'] ?? {};
      expect(`${what}: ${error}${error === expected ? '' : ` (${detail})`}`).toBe(`${what}: ${expected}`);
      const forms = ['application/health+json', '*/*'].map(
        (accept) => answerHealth(report, { ...plainQuestion('/health'), accept }, {}).body,
      );
      const verbose = answerHealth(
        report,
        { ...plainQuestion('/health'), query: new URLSearchParams('verbose') },
        {},
      ).body;
      const shown = [
        ...forms,
        verbose,
        answerHealth(report, plainQuestion('/healthz'), {}).body,
        dependencyExposition(report),
      ].join();
      for (const secret of [user, password, path, host, '127.0.0.1', 'invalid', '/tmp'])
        expect(shown).not.toContain(secret);
      seen.push(`${what} → ${error}`);
    }
    expect(seen.length).toBeGreaterThanOrEqual(40);
    process.stdout.write(`${seen.length} real driver errors told by their class alone:\n  ${seen.join('\n  ')}\n`);
  }, 60_000);
});
