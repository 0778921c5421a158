import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase } from '@nps/testing';
import { Pool } from 'pg';
import { migrate } from '../src/migrate.js';

const STEPS = [
  { id: 'demo-0001', sql: 'CREATE TABLE things (id int PRIMARY KEY); INSERT INTO things VALUES (1)' },
  { id: 'demo-0002', sql: 'ALTER TABLE things ADD COLUMN name text' },
];

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let pools: Pool[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
});
afterEach(async () => {
  await openPool().query('DROP TABLE IF EXISTS things, schema_migrations');
  await Promise.all(pools.map((pool) => pool.end()));
  pools = [];
});
afterAll(() => database.drop());

function openPool(): Pool {
  const pool = new Pool({ connectionString: database.connectionString, max: 2 });
  pools.push(pool);
  return pool;
}

describe('the migration ledger', () => {
  it('applies every step once, in order, and says which', async () => {
    const pool = openPool();
    expect(await migrate(pool, STEPS)).toEqual(['demo-0001', 'demo-0002']);
    expect(await migrate(pool, STEPS)).toEqual([]);
    const { rows } = await pool.query("SELECT id FROM schema_migrations WHERE id LIKE 'demo-%' ORDER BY id");
    expect(rows.map((row) => row.id)).toEqual(['demo-0001', 'demo-0002']);
  });

  it('lets five alerters start at once on an empty database', async () => {
    const applied = await Promise.all(Array.from({ length: 5 }, () => migrate(openPool(), STEPS)));
    expect(applied.flat().sort()).toEqual(['demo-0001', 'demo-0002']);
    const { rows } = await openPool().query('SELECT count(*)::int AS count FROM things');
    expect(rows[0].count).toBe(1);
  });

  it('leaves nothing of a step that fails and goes on from there the next time', async () => {
    const pool = openPool();
    const broken = { id: 'demo-0002', sql: 'ALTER TABLE things ADD COLUMN name text; SELECT nonsense' };
    await expect(migrate(pool, [STEPS[0]!, broken])).rejects.toMatchObject({
      code: 'MIGRATION_FAILED',
      message: expect.stringContaining('demo-0002'),
    });
    expect(await migrate(pool, STEPS)).toEqual(['demo-0002']);
  });

  it('refuses a released step whose text was changed', async () => {
    const pool = openPool();
    await migrate(pool, STEPS);
    const edited = { id: 'demo-0001', sql: 'CREATE TABLE things (id bigint)' };
    await expect(migrate(pool, [edited])).rejects.toMatchObject({ code: 'MIGRATION_CHANGED' });
  });
});
