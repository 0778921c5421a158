import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { createTestDatabase, type TestDatabase, waitFor } from '@nps/testing';
import { Client } from 'pg';

jest.setTimeout(60_000);

const DIST = fileURLToPath(new URL('../dist/', import.meta.url));
const READING = JSON.stringify({ user_id: 'u-1', name: 'Ada', birth_date: '1815-12-10' });
const children: ChildProcess[] = [];
const logs = mkdtempSync(join(tmpdir(), 'oracle-process-'));
let database: TestDatabase;

interface Started {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly errors: () => string;
  /** Exit code, or the signal that ended it. */
  readonly ended: Promise<number | string | null>;
}

function start(entry: 'main.js' | 'load.js', env: Readonly<Record<string, string>>): Started {
  const ports = { ORACLE_GRPC_PORT: '0', ORACLE_API_PORT: '0', ORACLE_HTTP_PORT: '0' };
  const child = spawn(process.execPath, [join(DIST, entry)], {
    env: {
      PATH: process.env['PATH'] ?? '',
      LOG_DIR: logs,
      DATABASE_URL: database.connectionString,
      ...(entry === 'main.js' ? ports : {}),
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  let [output, errors] = ['', ''];
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const ended = once(child, 'exit').then(([code, signal]) => (code ?? signal) as number | string | null);
  return { child, output: () => output, errors: () => errors, ended };
}

async function listening({ output }: Started): Promise<Readonly<Record<string, number>>> {
  const line = await waitFor(
    () =>
      output()
        .split('\n')
        .find((text) => text.includes('"listening"')),
    { timeoutMs: 20_000 },
  );
  return JSON.parse(line) as Readonly<Record<string, number>>;
}

beforeAll(async () => {
  database = await createTestDatabase();
});

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

afterAll(async () => {
  await database.drop();
  rmSync(logs, { recursive: true, force: true });
});

describe('the process', () => {
  it('says "listening" with its real ports in one JSON line, and serves on them', async () => {
    const oracle = start('main.js', {});
    const ports = await listening(oracle);
    expect(ports).toMatchObject({ level: 'INFO', service: 'oracle', message: 'listening' });
    const health = await fetch(`http://127.0.0.1:${ports['sidecar_port']}/livez`);
    expect(health.status).toBe(200);
    const reading = await post(ports['api_port'], READING);
    expect(reading.status).toBe(200);
    expect(ports['grpc_port']).toBeGreaterThan(0);
  });

  it('on SIGTERM is not ready first, finishes what is in flight, takes nothing new, and exits with 0 within 10 s', async () => {
    const oracle = start('main.js', { ORACLE_FAULTS: 'on', ORACLE_DRAIN_MS: '1500' });
    const ports = await listening(oracle);
    const sidecar = `http://127.0.0.1:${ports['sidecar_port']}`;
    await waitFor(async () => (await fetch(`${sidecar}/readyz`)).status === 200);
    await fetch(`${sidecar}/faults`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"fault":"slow","delay_ms":60000}',
    });
    const inFlight = post(ports['api_port'], READING);
    await waitFor(
      async () =>
        ((await (await fetch(`${sidecar}/metrics.json`)).json()) as { in_flight: unknown[] }).in_flight.length > 0,
    );
    const stopAt = performance.now();
    oracle.child.kill('SIGTERM');
    await waitFor(async () => (await fetch(`${sidecar}/readyz`)).status === 503, { timeoutMs: 1500 });
    expect((await inFlight).status).toBe(200);
    expect(await oracle.ended).toBe(0);
    expect(performance.now() - stopAt).toBeLessThan(10_000);
    await expect(post(ports['api_port'], READING)).rejects.toThrow();
    expect(oracle.output()).toContain('"stopped"');
  });

  it('survives in its database what SIGKILL ends: the rows are there, and the next start goes on', async () => {
    const first = start('main.js', {});
    const { api_port: api } = await listening(first);
    expect(await (await post(api, READING)).json()).toMatchObject({ is_stored: true });
    first.child.kill('SIGKILL');
    expect(await first.ended).toBe('SIGKILL');
    const second = start('main.js', {});
    const ports = await listening(second);
    expect(await (await post(ports['api_port'], READING)).json()).toMatchObject({ is_stored: true });
    const client = new Client({ connectionString: database.connectionString });
    await client.connect();
    const { rows } = await client.query("SELECT count(*)::int AS n FROM insights WHERE user_id = 'u-1'");
    await client.end();
    expect(rows[0].n).toBeGreaterThanOrEqual(2);
  });

  it('ends with one sentence and code 1 when a port is taken', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    taken.unref();
    const { port } = taken.address() as { readonly port: number };
    for (const variable of ['ORACLE_API_PORT', 'ORACLE_GRPC_PORT', 'ORACLE_HTTP_PORT']) {
      const oracle = start('main.js', { [variable]: String(port) });
      expect(await oracle.ended).toBe(1);
      const sentence = `Cannot listen on 127.0.0.1:${port}: another process listens there. Set ${variable} to a free port`;
      expect(oracle.errors()).toContain(sentence);
      expect(oracle.errors().trim().split('\n')).toHaveLength(1);
    }
    taken.close();
  });

  it('ends with one sentence and code 1 when its environment is wrong', async () => {
    const oracle = start('main.js', { DATABASE_URL: '', ORACLE_API_PORT: 'x' });
    expect(await oracle.ended).toBe(1);
    expect(oracle.errors().trim()).toBe(
      'DATABASE_URL: expected a URL that begins with postgres:// or postgresql://, got nothing; ORACLE_API_PORT: expected a whole number from 0 to 65535 (default 8000), got "x"',
    );
  });
});

describe('the load generator', () => {
  it('drives an Oracle, goes on while it is away and when it is back, and stops on SIGTERM with its counts', async () => {
    const first = start('main.js', {});
    const ports = await listening(first);
    const fixed = { ORACLE_API_PORT: String(ports['api_port']), ORACLE_GRPC_PORT: String(ports['grpc_port']) };
    const load = start('load.js', {
      ORACLE_API_URL: `http://127.0.0.1:${ports['api_port']}`,
      ORACLE_GRPC_ADDRESS: `127.0.0.1:${ports['grpc_port']}`,
      LOAD_PER_MINUTE: '1200',
      LOAD_SEED: '5',
    });
    await waitFor(async () => (await operationsOf(ports['sidecar_port'])) >= 10, { timeoutMs: 20_000 });
    first.child.kill('SIGKILL');
    await waitFor(() => load.output().includes('does not answer'), { timeoutMs: 20_000 });
    const second = start('main.js', fixed);
    const again = await listening(second);
    await waitFor(() => load.output().includes('answers again'), { timeoutMs: 20_000 });
    await waitFor(async () => (await operationsOf(again['sidecar_port'])) >= 10, { timeoutMs: 20_000 });
    load.child.kill('SIGTERM');
    expect(await load.ended).toBe(0);
    const last = JSON.parse(load.output().trim().split('\n').at(-1) ?? '{}') as Readonly<Record<string, unknown>>;
    expect(last).toMatchObject({ message: 'load ends', failed: 0 });
    expect(last['answered']).toBeGreaterThanOrEqual(5);
  });
});

function post(port: number | undefined, body: string): Promise<Response> {
  return fetch(`http://127.0.0.1:${port}/api/oracle/reading`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
}

async function operationsOf(sidecarPort: number | undefined): Promise<number> {
  const report = (await (await fetch(`http://127.0.0.1:${sidecarPort}/metrics.json`)).json()) as {
    counters: { operations: number };
  };
  return report.counters.operations;
}
