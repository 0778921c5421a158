import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createTestDatabase } from '@nps/testing';
import fc from 'fast-check';
import { Pool } from 'pg';

import { createHealthHistory, createMemoryHealthHistory, migrations } from '../../src/postgres/index.js';
import { anyVisits, at, testHistory, visits } from '../history/history-battery.js';

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let pool: Pool;

beforeAll(async () => {
  database = await createTestDatabase();
  pool = new Pool({ connectionString: database.connectionString, max: 2 });
  for (const { sql } of migrations) await pool.query(sql);
});

beforeEach(async () => {
  await pool.query('TRUNCATE health_latest, health_spans');
});

afterAll(async () => {
  await pool.end();
  await database.drop();
});

testHistory('PostgreSQL', async () => createHealthHistory({ pool }));

describe('createHealthHistory', () => {
  it('numbers its migrations in order', () => {
    expect(migrations.map(({ id }) => id)).toEqual(
      migrations.map((_, i) => `health-${String(i + 1).padStart(4, '0')}`),
    );
  });

  it('keeps a month of good visits in one row', async () => {
    const history = createHealthHistory({ pool });
    await history.store(visits('h'.repeat(300)));
    const { rows } = await pool.query('SELECT count(*)::int AS n FROM health_spans');
    expect(rows).toEqual([{ n: 1 }]);
  });

  it('stores the visits to many services at once', async () => {
    const history = createHealthHistory({ pool });
    const services = Array.from({ length: 500 }, (_, i) => visits('hx', 10, { service: `s${i}` })).flat();
    await history.store(services);
    expect(await history.latest()).toHaveLength(500);
    expect(await history.uptime('s499', at(0), at(10))).toMatchObject({ ratio: 1 });
  });

  it('agrees with the memory history on any visits and windows', async () => {
    const history = createHealthHistory({ pool });
    await fc.assert(
      fc.asyncProperty(
        anyVisits,
        fc.integer({ min: 0, max: 900 }),
        fc.integer({ min: 1, max: 900 }),
        async (rows, from, length) => {
          await pool.query('TRUNCATE health_latest, health_spans');
          const memory = createMemoryHealthHistory();
          await Promise.all([history.store(rows), memory.store(rows)]);
          const span = ['oracle', at(from), at(from + length)] as const;
          expect(await history.uptime(...span)).toEqual(await memory.uptime(...span));
          expect(await history.outages(...span)).toEqual(await memory.outages(...span));
          expect(await history.strip(...span, 1)).toEqual(await memory.strip(...span, 1));
        },
      ),
      { numRuns: 60 },
    );
  }, 60_000);

  it('says that the history failed, with the cause kept apart', async () => {
    const broken = new Pool({ connectionString: database.connectionString.replace(/\/[^/]*$/, '/nowhere'), max: 1 });
    const failure = createHealthHistory({ pool: broken }).latest();
    await expect(failure).rejects.toMatchObject({ code: 'HISTORY_FAILED', cause: { code: '3D000' } });
    await expect(failure).rejects.not.toThrow(/nowhere/);
    await broken.end();
  });
});
