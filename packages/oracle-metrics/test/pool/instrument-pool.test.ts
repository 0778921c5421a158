import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@nps/testing';
import { Pool, Query } from 'pg';
import { createMetrics, instrumentPool, type OracleMetrics } from '../../src/index.js';
import { queryTypeOf } from '../../src/pool/query-type.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

async function withPool(work: (pool: Pool, metrics: OracleMetrics) => Promise<void>): Promise<void> {
  const pool = new Pool({ connectionString: database.connectionString });
  const metrics = createMetrics({ service: 'oracle' });
  instrumentPool(metrics, pool);
  try {
    await work(pool, metrics);
  } finally {
    await pool.end();
  }
}

describe('instrumentPool', () => {
  it('times queries of the pool and of a checked-out client, by kind of statement', () =>
    withPool(async (pool, metrics) => {
      expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
      const client = await pool.connect();
      await client.query('begin');
      await client.query({ text: 'create table t (n int)' });
      await client.query('insert into t values ($1)', [1]);
      await client.query('commit');
      client.release();
      const text = metrics.toPrometheus();
      for (const kind of ['select', 'begin', 'create', 'insert', 'commit']) {
        expect(text).toContain(`db_query_duration_seconds_count{query_type="${kind}"} 1\n`);
      }
      expect(metrics.getMetrics().performance.db_query_time.count).toBe(5);
    }));

  it('times queries with a callback and leaves queries that stream alone', () =>
    withPool(async (pool, metrics) => {
      const rows = await new Promise((resolve, reject) => {
        pool.query('select 2 as two', (error, result) => (error ? reject(error) : resolve(result.rows)));
      });
      expect(rows).toEqual([{ two: 2 }]);
      const client = await pool.connect();
      const stream = client.query(new Query('select 3 as three'));
      await new Promise((resolve) => stream.on('end', () => resolve(null)));
      client.release();
      expect(metrics.getMetrics().performance.db_query_time.count).toBe(1);
    }));

  it('counts a failed query as an error of the database and lets it through', () =>
    withPool(async (pool, metrics) => {
      await expect(pool.query('select * from missing')).rejects.toMatchObject({ code: '42P01' });
      expect(metrics.toPrometheus()).toContain('errors_total{error_type="error",component="database"} 1\n');
    }));

  it('shows how many connections are busy, and counts once when called twice', () =>
    withPool(async (pool, metrics) => {
      instrumentPool(metrics, pool);
      const client = await pool.connect();
      expect(metrics.toPrometheus()).toContain('db_connections_active 1\n');
      client.release();
      const text = metrics.toPrometheus();
      expect(text).toContain('db_connections_active 0\n');
      expect(text).toContain('db_connections_idle 1\n');
      expect(text.match(/# TYPE db_connections_active/g)).toHaveLength(1);
    }));
});

describe('several instrumented pools', () => {
  it('are shown as their sum, each metric once', () =>
    withPool(async (pool, metrics) => {
      const second = new Pool({ connectionString: database.connectionString });
      instrumentPool(metrics, second);
      const clients = [await pool.connect(), await second.connect(), await second.connect()];
      expect(metrics.toPrometheus()).toContain('db_connections_active 3\n');
      for (const client of clients) client.release();
      const text = metrics.toPrometheus();
      expect(text).toContain('db_connections_idle 3\n');
      expect(text.match(/^# TYPE db_connections_idle/gm)).toHaveLength(1);
      await second.end();
    }));
});

describe('queryTypeOf', () => {
  it.each([
    ['SELECT 1', 'select'],
    ['  \n-- why\n/* and */ update t set a = 1', 'update'],
    ['with x as (select 1) select * from x', 'select'],
    ['vacuum', 'other'],
    ['', 'other'],
    [undefined, 'other'],
  ])('calls %j %s', (sql, type) => {
    expect(queryTypeOf(sql)).toBe(type);
  });

  it('takes no longer for a hostile comment', () => {
    const startedAtMs = performance.now();
    expect(queryTypeOf('/*'.repeat(500_000))).toBe('other');
    // Quadratic work on a million characters would take minutes.
    expect(performance.now() - startedAtMs).toBeLessThan(5_000);
  });
});
