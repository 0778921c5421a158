import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { startPostgres, waitFor } from '@nps/testing';
import { Pool } from 'pg';
import { createJobMonitor, createMetrics, type JobMonitor } from '../../src/index.js';
import { migrations } from '../../src/postgres/index.js';
import { createMigratedPool, type MigratedPool } from '../postgres/migrated-pool.js';

let database: MigratedPool;
const monitors: JobMonitor[] = [];
const children: ChildProcess[] = [];

function monitorOf(options: Partial<Parameters<typeof createJobMonitor>[0]> = {}): JobMonitor {
  const monitor = createJobMonitor({ pool: database.pool, ...options });
  monitors.push(monitor);
  return monitor;
}

beforeAll(async () => {
  database = await createMigratedPool();
});

afterEach(async () => {
  for (const monitor of monitors.splice(0)) await monitor.stop(100);
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await database.pool.query('delete from job_runs');
});

afterAll(() => database.close());

describe('monitorJob', () => {
  it('records a run that went well and hands on its result', async () => {
    const monitor = monitorOf();
    expect(await monitor.monitorJob('cleanup', { metadata: { day: 8 } }, () => 42)).toBe(42);
    expect(await monitor.status()).toEqual([
      {
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        job_name: 'cleanup',
        started_at: expect.stringMatching(/Z$/),
        finished_at: expect.stringMatching(/Z$/),
        status: 'success',
        duration_seconds: expect.any(Number),
        error_message: null,
        metadata: { day: 8 },
      },
    ]);
  });

  it('records a run that failed and lets the very error through', async () => {
    const monitor = monitorOf();
    const error = new Error('no ink left');
    await expect(monitor.monitorJob('report', {}, () => Promise.reject(error))).rejects.toBe(error);
    expect(await monitor.status({ jobName: 'report' })).toMatchObject([
      { status: 'failed', error_message: 'no ink left' },
    ]);
  });

  it('shows a run as running while it works', async () => {
    const monitor = monitorOf();
    let finish: () => void = () => undefined;
    const run = monitor.monitorJob('long', {}, () => new Promise<void>((resolve) => (finish = resolve)));
    await waitFor(async () => (await monitor.status())[0]?.status === 'running', { timeoutMs: 5000 });
    finish();
    await run;
    expect((await monitor.status())[0]?.status).toBe('success');
  });

  it('keeps overlapping runs of one job apart', async () => {
    const monitor = monitorOf();
    const finish: (() => void)[] = [];
    const runs = [1, 2, 3].map((run) =>
      monitor.monitorJob('sync', { metadata: { run } }, () => new Promise<void>((resolve) => finish.push(resolve))),
    );
    await waitFor(() => finish.length === 3, { timeoutMs: 5000 });
    for (const one of finish) one();
    await Promise.all(runs);
    const stored = await monitor.status({ jobName: 'sync' });
    expect(stored.map(({ metadata }) => Number(metadata.run)).sort((a, b) => a - b)).toEqual([1, 2, 3]);
    expect(new Set(stored.map(({ id }) => id)).size).toBe(3);
  });

  it.each([
    ['a cycle', () => Object.assign({}, { self: {} }), '{"unreadable":true}'],
    ['a book', () => ({ text: 'x'.repeat(100_000) }), '{"truncated":true}'],
    ['a character 0', () => ({ text: '\u0000' }), '{"text":"\\u0000"}'],
  ])('stores a note in place of metadata that are %s, or the metadata if it can', async (_name, make, stored) => {
    const metadata: Record<string, unknown> = make();
    if ('self' in metadata) metadata.self = metadata;
    const monitor = monitorOf();
    await monitor.monitorJob('odd', { metadata }, () => undefined);
    expect((await monitor.status())[0]?.metadata).toEqual(JSON.parse(stored));
  });

  it('does not let a hostile error take the place of the error', async () => {
    const hostile = new Proxy(new Error('x'), {
      get() {
        throw new TypeError('gotcha');
      },
    });
    const monitor = monitorOf();
    await expect(monitor.monitorJob('odd', {}, () => Promise.reject(hostile))).rejects.toBe(hostile);
    expect(await monitor.status()).toMatchObject([{ status: 'failed', error_message: 'unknown error' }]);
  });

  it('counts runs in the scheduler metrics', async () => {
    const metrics = createMetrics({ service: 'oracle' });
    const monitor = monitorOf({ metrics });
    await monitor.monitorJob('cleanup', {}, () => undefined);
    await expect(monitor.monitorJob('cleanup', {}, () => Promise.reject(new Error('x')))).rejects.toThrow('x');
    const text = metrics.toPrometheus();
    expect(text).toContain('scheduler_jobs_total{job_name="cleanup",status="success"} 1\n');
    expect(text).toContain('scheduler_jobs_total{job_name="cleanup",status="failed"} 1\n');
    expect(text).toContain('scheduler_jobs_in_progress{job_name="cleanup"} 0\n');
    expect(text).toContain('scheduler_job_duration_seconds_count{job_name="cleanup"} 2\n');
  });

  it('refuses a lease or a limit that cannot be', async () => {
    expect(() => monitorOf({ leaseMs: 5 })).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
    await expect((async () => monitorOf().status({ limit: 0 }))()).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  });
});

describe('stats', () => {
  it('answers to the letter', async () => {
    const monitor = monitorOf();
    for (let run = 0; run < 2; run++) await monitor.monitorJob('report', {}, () => undefined);
    await expect(monitor.monitorJob('report', {}, () => Promise.reject(new Error('x')))).rejects.toThrow('x');
    expect(await monitor.stats('report')).toEqual({
      job_name: 'report',
      total_runs: 3,
      successful_runs: 2,
      failed_runs: 1,
      success_rate: 66.7,
      avg_duration_seconds: expect.any(Number),
      last_run: expect.stringMatching(/Z$/),
      last_status: 'failed',
    });
  });

  it('answers null where a job never ran', async () => {
    expect(await monitorOf().stats("never'; drop table job_runs; --")).toMatchObject({
      total_runs: 0,
      success_rate: null,
      avg_duration_seconds: null,
      last_run: null,
      last_status: null,
    });
  });
});

describe('a job in a process of its own', () => {
  async function startJob(ending: string): Promise<ChildProcess> {
    const child = fork('test/jobs/job-process.mjs', [database.connectionString, ending], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    children.push(child);
    const [message] = await once(child, 'message');
    expect(message).toBe('working');
    return child;
  }

  it.each([
    ['finish', { result: 'done' }, { status: 'success', error_message: null }],
    ['fail', { error: 'no ink left' }, { status: 'failed', error_message: 'no ink left' }],
  ])('told to %s is recorded so', async (command, told, stored) => {
    const child = await startJob(command);
    child.send(command);
    const [message] = await once(child, 'message');
    expect(message).toEqual(told);
    await once(child, 'exit');
    expect(await monitorOf().status()).toMatchObject([{ job_name: 'night-report', ...stored }]);
  });

  it('is lost when it was killed, and is so in the table once another monitor looks', async () => {
    const child = await startJob('kill');
    const watcher = monitorOf({ leaseMs: 1000 });
    expect((await watcher.status())[0]?.status).toBe('running');
    child.kill('SIGKILL');
    await once(child, 'exit');
    watcher.start();
    await waitFor(async () => (await watcher.status())[0]?.status === 'lost', { timeoutMs: 10_000 });
    expect(await watcher.stats('night-report')).toMatchObject({ total_runs: 1, failed_runs: 1, last_status: 'lost' });
    await waitFor(
      async () => (await database.pool.query("select 1 from job_runs where status = 'lost'")).rowCount === 1,
      { timeoutMs: 10_000 },
    );
    expect((await watcher.status())[0]?.error_message).toMatch(/process died/);
  });

  it('is kept apart from a run of the same job in another process, whichever of them dies', async () => {
    const [doomed, healthy] = [await startJob('kill'), await startJob('finish')];
    const watcher = monitorOf({ leaseMs: 1000 });
    expect((await watcher.status()).map(({ status }) => status)).toEqual(['running', 'running']);
    doomed.kill('SIGKILL');
    await once(doomed, 'exit');
    await waitFor(async () => (await watcher.stats('night-report')).failed_runs === 1, { timeoutMs: 10_000 });
    healthy.send('finish');
    await once(healthy, 'exit');
    const { rows } = await database.pool.query<{ worker: string }>('select distinct worker from job_runs');
    expect(rows).toHaveLength(2);
    expect((await watcher.status()).map(({ status, metadata }) => [metadata.ending, status])).toEqual([
      ['finish', 'success'],
      ['kill', 'lost'],
    ]);
    expect(await watcher.stats('night-report')).toMatchObject({
      total_runs: 2,
      successful_runs: 1,
      failed_runs: 1,
      success_rate: 50,
      last_status: 'success',
    });
  });

  it('keeps its lease while it works longer than the lease', async () => {
    const child = await startJob('finish');
    const watcher = monitorOf({ leaseMs: 1000 });
    const { rows } = await database.pool.query<{ lease_until: Date }>('select lease_until from job_runs');
    const first = rows[0]?.lease_until.getTime() ?? 0;
    await waitFor(
      async () => {
        const { rows: now } = await database.pool.query<{ lease_until: Date }>('select lease_until from job_runs');
        return (now[0]?.lease_until.getTime() ?? 0) > first + 1000;
      },
      { timeoutMs: 10_000 },
    );
    expect((await watcher.status())[0]?.status).toBe('running');
    child.send('finish');
    await once(child, 'exit');
  });
});

describe('a job while the database is away', () => {
  it('runs all the same, says so to onError, and is in the table once the database is back', async () => {
    const postgres = await startPostgres();
    const connectionString = postgres.connectionString();
    const port = Number(new URL(connectionString).port);
    const pool = new Pool({ connectionString, connectionTimeoutMillis: 500 });
    pool.on('error', () => undefined);
    try {
      for (const { sql } of migrations) await pool.query(sql);
      await postgres.stop('immediate');
      const errors: unknown[] = [];
      const monitor = monitorOf({ pool, onError: (error) => errors.push(error) });
      expect(await monitor.monitorJob('cleanup', {}, () => 'done')).toBe('done');
      await expect(monitor.monitorJob('report', {}, () => Promise.reject(new Error('own')))).rejects.toThrow('own');
      expect(errors.length).toBeGreaterThan(0);
      const again = await startPostgres(postgres.directory, port);
      try {
        await waitFor(async () => (await monitor.status().catch(() => [])).length === 2, { timeoutMs: 20_000 });
        await waitFor(async () => (await monitor.stats('report')).failed_runs === 1, { timeoutMs: 20_000 });
        expect((await monitor.stats('cleanup')).successful_runs).toBe(1);
      } finally {
        await again.stop('immediate');
      }
    } finally {
      await pool.end();
      await postgres.remove();
    }
  }, 60_000);

  it('waits a second at most for a database that does not answer', async () => {
    const sockets: Socket[] = [];
    const silent = createServer((socket) => void sockets.push(socket.on('error', () => undefined)));
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as { port: number };
    const pool = new Pool({ connectionString: `postgres://u@127.0.0.1:${port}/d` });
    const monitor = monitorOf({ pool });
    const startedAtMs = performance.now();
    await monitor.monitorJob('cleanup', {}, () => undefined);
    expect(performance.now() - startedAtMs).toBeLessThan(4000);
    const stopped = monitor.stop(10);
    for (const socket of sockets) socket.destroy();
    await Promise.all([stopped, new Promise((resolve) => silent.close(resolve))]);
    await pool.end();
  }, 20_000);
});
