import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startPostgres, waitFor } from '@nps/testing';
import { Pool } from 'pg';
import { scrape } from '../../src/client/index.js';
import { lostMinutes } from '../../src/contract/index.js';
import { createMetrics, metricsEndpoint } from '../../src/index.js';
import { createMetricsHistory, type MetricsHistory, migrations } from '../../src/postgres/index.js';
import { createFakeClock, HOUR, MINUTE } from '../fake-clock.js';
import { createMigratedPool, type MigratedPool } from './migrated-pool.js';

describe('the history', () => {
  let database: MigratedPool;

  beforeAll(async () => {
    database = await createMigratedPool();
  });

  afterAll(() => database.close());

  it('has every acknowledged row after its writer was killed in the middle of its work, five times', async () => {
    for (let kill = 0; kill < 5; kill++) {
      const service = `writer-${kill}`;
      const child = fork('test/postgres/writer-process.mjs', [database.connectionString, service], {
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      });
      const acknowledged: string[] = [];
      child.on('message', (minute: string) => acknowledged.push(minute));
      await waitFor(() => acknowledged.length > 20 + kill * 7, { timeoutMs: 20_000 });
      child.kill('SIGKILL');
      await once(child, 'exit');
      const { rows } = await database.pool.query<{ at: Date }>('select at from metric_minutes where service = $1', [
        service,
      ]);
      const stored = new Set(rows.map(({ at }) => at.toISOString()));
      expect(acknowledged.filter((minute) => !stored.has(minute))).toEqual([]);
    }
  }, 60_000);
});

describe('a collector whose database is away', () => {
  /** A service under steady load, and a collector that asks it for the minutes that are not stored yet. */
  async function setUp() {
    const postgres = await startPostgres();
    const port = postgres.port;
    const pool = new Pool({ connectionString: postgres.connectionString(), connectionTimeoutMillis: 1000 });
    pool.on('error', () => undefined);
    for (const { sql } of migrations) await pool.query(sql);
    const clock = createFakeClock();
    const metrics = createMetrics({ service: 'oracle', now: clock.now });
    const server = createServer(metricsEndpoint(metrics)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as { port: number }).port}/metrics`;
    const history: MetricsHistory = createMetricsHistory({ pool, now: clock.now });
    let since = new Date(clock.now() - MINUTE).toISOString();
    let lost = 0;

    async function collect(): Promise<void> {
      const result = await scrape({ url, kind: 'service', timeoutMs: 10_000 }, { minutesSince: since });
      if (result.outcome !== 'report') throw new Error(`expected a report, got ${result.outcome}`);
      const rows = (result.report.minutes ?? []).flatMap(({ minute, operations }) =>
        Object.entries(operations).map(([operation, { count, errors, sketch }]) => ({
          service: 'oracle',
          operation,
          minute,
          count,
          errors,
          sketch: Buffer.from(sketch, 'base64'),
        })),
      );
      await history.store(rows);
      lost += lostMinutes(since, result.report);
      since = rows.at(-1)?.minute ?? since;
    }

    async function pass(minutes: number): Promise<void> {
      for (let minute = 0; minute < minutes; minute++) {
        for (let reading = 0; reading < 5; reading++) metrics.recordReadingTime(100 + reading);
        clock.advance(MINUTE);
        await collect().catch(() => undefined);
      }
    }

    return {
      pass,
      stopDatabase: () => postgres.stop('immediate'),
      startDatabase: () => startPostgres(postgres.directory, port),
      lost: () => lost,
      stored: async () =>
        (await pool.query<{ n: number }>('select sum(count)::int as n from metric_minutes')).rows[0]?.n,
      charted: async () => {
        const query = {
          service: 'oracle',
          operation: 'reading',
          from: new Date(clock.now() - 6 * HOUR).toISOString(),
          to: new Date(clock.now()).toISOString(),
        };
        return (await history.series({ ...query, points: 1 })).reduce((sum, { count }) => sum + count, 0);
      },
      async close() {
        await pool.end();
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
        await postgres.remove();
      },
    };
  }

  it('loses nothing in two minutes, and says how many minutes it lost in two and a half hours', async () => {
    const world = await setUp();
    try {
      await world.pass(3);
      await world.stopDatabase();
      await world.pass(2);
      const second = await world.startDatabase();
      await world.pass(1);
      expect([await world.stored(), await world.charted(), world.lost()]).toEqual([30, 30, 0]);
      await second.stop('immediate');
      await world.pass(150);
      const third = await world.startDatabase();
      await world.pass(1);
      expect([await world.stored(), world.lost()]).toEqual([30 + 120 * 5, 31]);
      await third.stop('immediate');
    } finally {
      await world.close();
    }
  }, 120_000);
});
