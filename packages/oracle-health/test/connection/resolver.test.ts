import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { waitFor } from '@nps/testing';

import { createHealth, createResolver, type ResolverOptions, tcpCheck } from '../../src/index.js';
import { startDnsServer, type Zone } from '../peers/dns-server.js';
import { hang, startTcpPeer } from '../peers/tcp-peer.js';

let directory: string;
let server: Awaited<ReturnType<typeof startDnsServer>>;
let nowMs: number;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'health-names-'));
  server = await startDnsServer({});
  nowMs = 1_000;
});

afterEach(async () => {
  await server.stop();
  rmSync(directory, { recursive: true });
});

function create(zone: Zone, options: ResolverOptions = {}, texts: { hosts?: string; resolv?: string } = {}) {
  server.change(zone);
  const files = { hosts: join(directory, 'hosts'), resolv: join(directory, 'resolv.conf') };
  writeFileSync(files.hosts, texts.hosts ?? '');
  writeFileSync(files.resolv, texts.resolv ?? '');
  return createResolver({ servers: [server.address], timeoutMs: 100, files, now: () => nowMs, ...options });
}

describe('createResolver', () => {
  it('asks DNS for both kinds of addresses, once for all who ask at a time, and keeps the answer', async () => {
    const resolver = create({ 'db.example': ['10.0.0.7', '10.0.0.8'] });
    const answers = await Promise.all(Array.from({ length: 50 }, () => resolver.resolve('DB.example')));
    expect(new Set(answers.map(String))).toEqual(new Set(['10.0.0.7,10.0.0.8']));
    await resolver.resolve('db.example');
    expect(server.asked.toSorted()).toEqual(['db.example A', 'db.example AAAA']);
  });

  it('asks again when the answer is too old', async () => {
    const resolver = create({ 'db.example': ['10.0.0.7'] }, { maxCacheMs: 5_000 });
    await resolver.resolve('db.example');
    server.change({ 'db.example': ['10.0.0.9'] });
    nowMs += 4_999;
    expect(await resolver.resolve('db.example')).toEqual(['10.0.0.7']);
    nowMs += 2;
    expect(await resolver.resolve('db.example')).toEqual(['10.0.0.9']);
  });

  it('goes on with an old answer while DNS is silent, but not for ever, and not when the name is gone', async () => {
    const resolver = create({ 'db.example': ['10.0.0.7'] }, { maxCacheMs: 1_000, staleMs: 10_000 });
    await resolver.resolve('db.example');
    server.change({ 'db.example': null });
    nowMs += 5_000;
    expect(await resolver.resolve('db.example')).toEqual(['10.0.0.7']);
    server.change({});
    await expect(resolver.resolve('db.example')).rejects.toMatchObject({ code: 'DNS' });
    server.change({ 'db.example': null });
    nowMs += 20_000;
    await expect(resolver.resolve('db.example')).rejects.toMatchObject({ code: 'DNS' });
  });

  it('stops waiting when its asker does', async () => {
    const resolver = create({ 'dead.example': null }, { timeoutMs: 1_000 });
    const startedAt = performance.now();
    await expect(resolver.resolve('dead.example', AbortSignal.timeout(50))).rejects.toMatchObject({ code: 'DNS' });
    await expect(resolver.resolve('dead.example', AbortSignal.abort())).rejects.toMatchObject({ code: 'DNS' });
    expect(performance.now() - startedAt).toBeLessThan(500);
  });

  it('reads the hosts file and the search list as the system does', async () => {
    const resolver = create(
      { 'oracle.nps.svc': ['10.0.0.1'], 'a.b': ['10.0.0.2'], absolute: ['10.0.0.3'] },
      {},
      {
        hosts: '10.9.9.9 printer Printer2 # comment\n::2 printer\nnonsense line\n',
        resolv: 'nameserver 1.1.1.1\nsearch nps.svc other.\noptions timeout:1 ndots:1\n',
      },
    );
    expect(await resolver.resolve('printer')).toEqual(['10.9.9.9', '::2']);
    expect(await resolver.resolve('printer2')).toEqual(['10.9.9.9']);
    expect(await resolver.resolve('oracle')).toEqual(['10.0.0.1']);
    expect(await resolver.resolve('a.b')).toEqual(['10.0.0.2']);
    expect(await resolver.resolve('absolute.')).toEqual(['10.0.0.3']);
  });

  it('knows localhost and addresses without asking anybody', async () => {
    const resolver = create({});
    expect(await resolver.resolve('localhost')).toEqual(['127.0.0.1', '::1']);
    expect(await resolver.resolve('api.localhost')).toEqual(['127.0.0.1', '::1']);
    expect(await resolver.resolve('10.1.2.3')).toEqual(['10.1.2.3']);
    expect(await resolver.resolve('[::1]')).toEqual(['::1']);
    expect(server.asked).toEqual([]);
  });

  it('refuses names that lead to metadata services, and leaves out single bad addresses', async () => {
    const resolver = create({ 'trap.example': ['169.254.169.254'], 'mixed.example': ['169.254.0.1', '10.0.0.1'] });
    await expect(resolver.resolve('trap.example')).rejects.toMatchObject({ code: 'UNREACHABLE' });
    expect(await resolver.resolve('mixed.example')).toEqual(['10.0.0.1']);
  });

  it('remembers at most maxNames names', async () => {
    const resolver = create({ a: ['10.0.0.1'], b: ['10.0.0.2'] }, { maxNames: 1 });
    await resolver.resolve('a.');
    await resolver.resolve('b.');
    await resolver.resolve('a.');
    expect(server.asked.filter((question) => question === 'a A')).toHaveLength(2);
  });

  it('leaves checks of other names unchanged while one name is a black hole', async () => {
    const peer = await startTcpPeer(hang);
    const resolver = create(
      { 'live.example': ['127.0.0.1'], 'dead1.example': null, 'dead2.example': null },
      { now: () => performance.now() },
    );
    const check = (host: string) =>
      tcpCheck({ name: host.replace('.example', ''), host, port: peer.port, resolver, timeoutMs: 300 });
    const alone = await createHealth({ service: 'x', version: '1', checks: [check('live.example')] }).check();
    const dead = Array.from({ length: 8 }, (_, i) => ({ ...check(`dead${1 + (i % 2)}.example`), name: `dead${i}` }));
    const health = createHealth({
      service: 'x',
      version: '1',
      minIntervalMs: 0,
      checks: [check('live.example'), ...dead],
    });
    const latencies: number[] = [];
    for (let round = 0; round < 5; round += 1) {
      const { checks } = await health.check();
      expect(checks['live']?.status).toBe('ok');
      expect(checks['dead0']).toMatchObject({ status: 'error', error: 'DNS' });
      latencies.push(checks['live']?.latency_ms ?? Number.NaN);
    }
    process.stdout.write(
      `DNS black hole of 2 names, 8 checks: the live check took ${Math.max(...latencies)} ms (alone ${alone.checks['live']?.latency_ms} ms)\n`,
    );
    // The dead names take 100 ms each; on a busy machine one round may be slow, not all five.
    expect(Math.min(...latencies)).toBeLessThan(100);
    await waitFor(() => peer.open() === 0);
    await peer.stop();
  });
});
