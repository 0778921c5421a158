import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { api } from '../../src/contract/api.js';
import type { AnyEndpoint } from '../../src/contract/endpoint.js';
import { type Chance, createChance } from './chance.js';
import { alertView, seedAlert, seedService } from './seeded-database.js';
import { createWorld, type World } from './world.js';

const TURNS = 5000;
const AT_ONCE = 16;
const token = 'correct-'.repeat(4);
const endpoints: readonly AnyEndpoint[] = Object.values(api);

/** Texts that have broken servers before. */
const nasty = [
  '',
  '\u0000',
  '%00',
  '../../etc/passwd',
  '..%2f..%2f..%2fetc%2fpasswd',
  '%2e%2e/%2e%2e/etc/passwd',
  '..\\..\\windows\\win.ini',
  '/etc/passwd',
  'file:///etc/passwd',
  "' or '1'='1",
  "'; drop table alerts; --",
  '1; select pg_sleep(10)',
  '$1',
  '{{7*7}}',
  '<script>alert(1)</script>',
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  '\ud800',
  '\u202e\u2066',
  '👩‍👩‍👧‍👦',
  'NaN',
  '-1',
  '1e309',
  '99999999999999999999',
  '0x10',
  'null',
  'undefined',
  '[object Object]',
  '2026-02-30T99:99:99Z',
  '9999-12-31T23:59:59Z',
  '0000-01-01T00:00:00Z',
  '2026-02-08T14:30:00+99:99',
  '%',
  '%E0%A4%A',
  '%ff%fe',
  ' ',
  '\t',
  'a'.repeat(300),
  'ü'.repeat(2000),
] as const;
const methods = [
  'GET',
  'HEAD',
  'POST',
  'DELETE',
  'PUT',
  'PATCH',
  'OPTIONS',
  'TRACE',
  'PROPFIND',
  'CONNECT',
  'get',
  'XYZZY',
];
const mediaTypes = [
  'application/json',
  'application/json; charset=utf-8',
  'application/json; charset=utf-7',
  'APPLICATION/JSON',
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/problem+json',
  ';;;',
  '',
];
const headerNames = [
  'accept-encoding',
  'if-none-match',
  'range',
  'content-encoding',
  'cookie',
  'authorization',
  'origin',
  'sec-fetch-site',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-http-method-override',
  'transfer-encoding',
  'expect',
  'host',
  'accept',
  'referer',
];

interface Outcome {
  readonly sent: string;
  readonly status: number;
  readonly head: string;
  readonly body: string;
}

describe('five thousand hostile requests', () => {
  let world: World;
  let directory: string;
  beforeAll(async () => {
    const nowMs = Date.now();
    directory = mkdtempSync(join(tmpdir(), 'fuzz-'));
    writeFileSync(join(directory, 'oracle.log'), '{"level":"INFO","message":"x"}\nnot json\n\u0000\n');
    writeFileSync(join(directory, 'index.html'), '<!doctype html><title>page</title>');
    world = await createWorld({
      env: {
        ALERT_COLLECT_INTERVAL: '300',
        DASHBOARD_TOKEN: token,
        ACK_LINK_SECRET: 'links-'.repeat(6),
        LOG_DIR: directory,
      },
      pageDirectory: directory,
      seed: async (pool) => {
        await seedService(pool, { name: 'oracle', status: 'healthy', past: [], readingMs: null, report: null }, nowMs);
        await seedAlert(pool, alertView('oracle', nowMs));
      },
    });
  });
  afterAll(async () => {
    await world?.remove();
    rmSync(directory, { recursive: true, force: true });
  });

  it('are never answered by 500, nor by a path, a statement or a stack of this server', async () => {
    const seed = Number(process.env['FUZZ_SEED'] ?? 20260208);
    const requests = Array.from({ length: TURNS }, (_, turn) => hostileRequest(createChance(seed * 10_007 + turn)));
    const port = Number(new URL(world.url).port);
    const outcomes: Outcome[] = [];
    const worker = async (): Promise<void> => {
      for (let next = requests.pop(); next !== undefined; next = requests.pop())
        outcomes.push(await exchange(port, next));
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    const statuses = [...new Set(outcomes.map(({ status }) => status))].sort((a, b) => a - b);
    const counts = statuses.map((status) => `${status}: ${outcomes.filter((each) => each.status === status).length}`);
    console.info(`fuzz, seed ${seed}: ${outcomes.length} requests, answers by status ${counts.join(', ')}`);

    expect(outcomes).toHaveLength(TURNS);
    expect(outcomes.filter(({ status }) => status >= 500)).toEqual([]);
    expect(outcomes.filter(({ head, body }) => leaks(head + body))).toEqual([]);
    expect(outcomes.filter(({ head }) => !head.includes("require-trusted-types-for 'script'"))).toEqual([]);
    // The requests are hostile, not hopeless: many of them get past the first check.
    expect(outcomes.filter(({ status }) => status < 300).length).toBeGreaterThan(TURNS / 50);
    expect(world.errors).toEqual([]);
    expect(Object.prototype).not.toHaveProperty('polluted');
    expect((await fetch(`${world.url}/api/status`)).status).toBe(200);
  }, 180_000);
});

/** What must stay inside: file names of the server, SQL, stacks, names of its parts. */
function leaks(text: string): boolean {
  return /node_modules|\/apps\/|\/work\/|\/tmp\/|\bat \S+ \(|\.[jt]s:\d+|root:x:|syntax error at|relation "|alert_events|health_latest|SELECT .* FROM|pg_catalog|ECONN|ENOENT|TypeError|RangeError|SyntaxError|express/i.test(
    text,
  );
}

function hostileRequest(chance: Chance): Buffer {
  const endpoint = chance.one(endpoints);
  const method = chance.often(0.5) ? endpoint.method : chance.one(methods);
  const path = chance.often(0.12) ? `/${chance.one(nasty)}` : hostilePath(chance, endpoint);
  const query = chance.often(0.5) ? `?${hostileQuery(chance, endpoint)}` : '';
  const body = method === 'GET' && chance.often(0.9) ? '' : hostileBody(chance, endpoint);
  const headers = new Map<string, string>([
    ['host', '127.0.0.1'],
    ['connection', 'close'],
    ...(chance.often(0.7) ? [['authorization', `Bearer ${token}`] as const] : []),
    ...(body === ''
      ? []
      : [['content-type', chance.often(0.7) ? 'application/json' : chance.one(mediaTypes)] as const]),
    ...(body === '' && chance.often(0.9) ? [] : [['content-length', String(Buffer.byteLength(body))] as const]),
  ]);
  for (let extra = chance.whole(0, 3); extra > 0; extra -= 1)
    if (chance.often(0.3)) headers.set(chance.one(headerNames), headerText(chance));
  // A signed-in fuzzer must not sign itself out of the count of tries.
  const lines = [...headers].map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return Buffer.from(`${method} ${rawPath(path + query)} HTTP/1.1\r\n${lines}\r\n${body}`, 'utf8');
}

function hostilePath(chance: Chance, { path }: AnyEndpoint): string {
  const filled = path.replaceAll(/:\w+/g, () =>
    chance.often(0.5)
      ? encodeURIComponent(wellFormed(chance.one(nasty)))
      : chance.often(0.5)
        ? 'oracle'
        : chance.one(nasty),
  );
  return chance.often(0.1) ? `${filled}/${chance.one(nasty)}` : filled;
}

function hostileQuery(chance: Chance, { input }: AnyEndpoint): string {
  const names = [...Object.keys(input), '__proto__', 'constructor[prototype][polluted]', 'a[b]', 'polluted'];
  return Array.from({ length: chance.whole(1, 4) }, () => {
    const value = wellFormed(chance.one(nasty));
    return `${chance.one(names)}=${chance.often(0.7) ? encodeURIComponent(value) : value}`;
  }).join('&');
}

function hostileBody(chance: Chance, { input }: AnyEndpoint): string {
  const kind = chance.whole(0, 9);
  if (kind === 0) return '['.repeat(chance.whole(1, 15_000));
  if (kind === 1) return `{"a":`.repeat(chance.whole(1, 3000));
  if (kind === 2) return `"${'x'.repeat(chance.whole(1, 40_000))}"`;
  if (kind === 3) return wellFormed(chance.one(nasty));
  if (kind === 4) return '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}';
  if (kind === 5) return '{"minutes":1e400,"comment":"\\u0000","service":"\\ud800"}';
  const fields = Object.keys(input).map((name) => [name, hostileValue(chance)] as const);
  return JSON.stringify(Object.fromEntries(fields.filter(() => chance.often(0.8))));
}

function hostileValue(chance: Chance): unknown {
  const kind = chance.whole(0, 8);
  if (kind === 0) return null;
  if (kind === 1) return chance.whole(-10, 100_000) + 0.5;
  if (kind === 2) return [chance.one(nasty)];
  if (kind === 3) return { toString: 'x', valueOf: 1 };
  if (kind === 4) return chance.often(0.5);
  if (kind === 5) return chance.whole(1, 60);
  return chance.one(nasty);
}

/** As UTF-8 carries it: half a surrogate becomes the replacement character. */
function wellFormed(text: string): string {
  return Buffer.from(text).toString();
}

/** Header values cannot hold line ends; everything else is tried. */
function headerText(chance: Chance): string {
  return chance
    .one(nasty)

    .replaceAll(/[\r\n]/g, '')
    .slice(0, 3000);
}

/** A request line holds no blank; bytes beyond ASCII are sent as they are. */
function rawPath(path: string): string {
  return wellFormed(path).replaceAll(/[\r\n ]/g, '+');
}

/** Sends the bytes as they are: an HTTP client would correct half of them. */
function exchange(port: number, request: Buffer): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    const chunks: Buffer[] = [];
    socket.setTimeout(20_000, () => socket.destroy(new Error('no answer')));
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', (error) => {
      // A server may hang up on a body it refused to read; what it said before counts.
      if (chunks.length === 0) reject(new Error(`${String(error)} for ${request.toString('latin1').slice(0, 200)}`));
    });
    socket.on('close', () => {
      const [head = '', ...rest] = Buffer.concat(chunks).toString('latin1').split('\r\n\r\n');
      const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1] ?? 0);
      resolve({ sent: request.toString('latin1').slice(0, 300), status, head, body: rest.join('\r\n\r\n') });
    });
    socket.write(request);
  });
}
