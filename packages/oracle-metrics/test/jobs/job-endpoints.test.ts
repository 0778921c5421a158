import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createJobMonitor, type JobMonitor, jobEndpoints } from '../../src/index.js';
import { createMigratedPool, type MigratedPool } from '../postgres/migrated-pool.js';

const HOSTILE_NAME = `"'; drop table job_runs; --\u0000%/../<b>é😀`;

describe('the job endpoints over a real table', () => {
  let database: MigratedPool;
  let monitor: JobMonitor;
  let server: Server;
  let base: string;

  beforeAll(async () => {
    database = await createMigratedPool();
    monitor = createJobMonitor({ pool: database.pool });
    for (let run = 0; run < 25; run++) await monitor.monitorJob('daily', { metadata: { run } }, () => undefined);
    await monitor.monitorJob('daily', {}, () => Promise.reject(new Error('no ink left'))).catch(() => undefined);
    await monitor.monitorJob(HOSTILE_NAME, {}, () => undefined);
    server = createServer(jobEndpoints(monitor)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    base = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  });

  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await monitor.stop();
    await database.close();
  });

  const get = async (path: string): Promise<{ status: number; body: unknown }> => {
    const answer = await fetch(base + path);
    return { status: answer.status, body: await answer.json() };
  };

  it('answers /jobs/stats/:job_name with exactly the agreed fields', async () => {
    const { status, body } = await get('/jobs/stats/daily');
    expect(status).toBe(200);
    expect(body).toEqual({
      job_name: 'daily',
      total_runs: 26,
      successful_runs: 25,
      failed_runs: 1,
      success_rate: 96.2,
      avg_duration_seconds: expect.any(Number),
      last_run: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/),
      last_status: 'failed',
    });
  });

  it.each([
    ['', 20],
    ['?job_name=daily', 20],
    ['?job_name=&limit=', 20],
    ['?job_name=daily&limit=3', 3],
    ['?limit=500', 27],
    ['?job_name=nobody', 0],
    ['?job_name=daily%27%20or%20%271%27=%271', 0],
    ['?job_name=%00', 0],
    ['?job_name[]=daily&limit=1', 1],
  ])('answers /jobs/status%s with %d runs, the newest first', async (query, count) => {
    const { status, body } = await get(`/jobs/status${query}`);
    expect([status, (body as unknown[]).length]).toEqual([200, count]);
    const starts = (body as { started_at: string }[]).map(({ started_at }) => started_at);
    expect(starts).toEqual(starts.toSorted().toReversed());
  });

  it.each(['0', '-1', '501', '1.5', '1e2', '0x10', ' 5', 'all', 'NaN', '9'.repeat(400), '١'])(
    'refuses a limit of %j with 400 and says what it wants',
    async (limit) => {
      const { status, body } = await get(`/jobs/status?limit=${encodeURIComponent(limit)}`);
      expect([status, body]).toEqual([400, expect.objectContaining({ detail: expect.stringContaining('1 to 500') })]);
    },
  );

  it('finds a job whatever its name, and nobody’s runs under another', async () => {
    const encoded = encodeURIComponent(HOSTILE_NAME);
    expect((await get(`/jobs/stats/${encoded}`)).body).toMatchObject({ total_runs: 1, success_rate: 100 });
    expect((await get(`/jobs/status?job_name=${encoded}`)).body).toHaveLength(1);
    expect((await get('/jobs/stats/__proto__')).body).toMatchObject({ job_name: '__proto__', total_runs: 0 });
    expect((await get(`/jobs/stats/${'x'.repeat(5000)}`)).status).toBe(200);
  });

  it('answers HEAD like GET, and no other method', async () => {
    const head = await fetch(`${base}/jobs/status`, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
    for (const method of ['POST', 'DELETE', 'PUT'])
      expect((await fetch(`${base}/jobs/status`, { method })).status).toBe(404);
  });
});
