import { mkdtempSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { status } from '@grpc/grpc-js';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { createTestDatabase, startPostgres, type TestDatabase, waitFor } from '@nps/testing';
import { Pool } from 'pg';
import { OracleError } from '../../src/errors.js';
import { isAway } from '../../src/store/database.js';
import { migrate } from '../../src/store/migrate.js';
import { migrations } from '../../src/store/migrations.js';
import { type OracleUnderTest, startOracleUnderTest } from '../oracle-under-test.js';

const READING = { user_id: 'u-1', name: 'Ada', birth_date: '1815-12-10' };

describe('migrations', () => {
  let database: TestDatabase;
  let pool: Pool;

  beforeEach(async () => {
    database = await createTestDatabase();
    pool = new Pool({ connectionString: database.connectionString });
  });

  afterEach(async () => {
    await pool.end();
    await database.drop();
  });

  it('are applied once, in order', async () => {
    expect(await migrate(pool, migrations)).toEqual(['oracle-0001', 'oracle-0002']);
    expect(await migrate(pool, migrations)).toEqual([]);
    const { rows } = await pool.query('SELECT count(*)::int AS n FROM insights');
    expect(rows).toEqual([{ n: 0 }]);
  });

  it('are applied once when four Oracles start at the same time', async () => {
    const applied = await Promise.all([1, 2, 3, 4].map(() => migrate(pool, migrations)));
    expect(applied.flat().sort()).toEqual(['oracle-0001', 'oracle-0002']);
  });

  it('leave nothing behind when one fails half-way', async () => {
    const broken = { id: 'oracle-9999', sql: 'CREATE TABLE half (id int); SELECT nonsense' };
    await expect(migrate(pool, [broken])).rejects.toThrow('nonsense');
    const { rows } = await pool.query("SELECT to_regclass('half') AS half");
    expect(rows).toEqual([{ half: null }]);
  });

  it('refuse to go on when an applied one was edited', async () => {
    await migrate(pool, migrations);
    const edited = migrations.map(({ id, sql }) => ({ id, sql: `${sql} -- edited` }));
    await expect(migrate(pool, edited)).rejects.toMatchObject({ code: 'MIGRATION_CHANGED' });
  });
});

describe('an Oracle on a database with an edited migration', () => {
  it('says so in its log and gives readings without storing them', async () => {
    const database = await createTestDatabase();
    const pool = new Pool({ connectionString: database.connectionString });
    await migrate(pool, [{ id: 'oracle-0001', sql: 'SELECT 1' }]);
    await pool.end();
    const running = await startOracleUnderTest({ databaseUrl: database.connectionString });
    try {
      expect(await running.call('GetReading', READING)).toMatchObject({ is_stored: false });
      await waitFor(() => running.logText().includes('a released migration is never edited'));
    } finally {
      await running.stop();
      await database.drop();
    }
  });
});

describe('a database that is away', () => {
  jest.setTimeout(60_000);
  const directory = mkdtempSync(join(tmpdir(), 'oracle-postgres-'));
  let postgres: Awaited<ReturnType<typeof startPostgres>>;
  let running: OracleUnderTest;

  beforeAll(async () => {
    postgres = await startPostgres(directory);
    running = await startOracleUnderTest({ databaseUrl: postgres.connectionString() });
    await waitFor(async () => (await running.get('/health')).status === 200);
    await postgres.stop('immediate');
  });

  afterAll(async () => {
    await running.stop();
    await postgres.remove();
  });

  it('makes the Oracle degraded, not down, and /health names the database', async () => {
    const health = await waitFor(async () => {
      const { body } = await running.get('/health');
      return body['checks'].database.status === 'error' ? body : null;
    });
    expect(health).toMatchObject({
      status: 'degraded',
      checks: { database: { error: 'REFUSED' }, service: { status: 'ok' } },
    });
  });

  it('does not keep readings from being given; they say that they were not stored', async () => {
    const { status: code, body } = await running.post(READING);
    expect([code, body['is_stored'], body['insight_id']]).toEqual([200, false, '']);
    const text = await (await fetch(`${running.sidecarUrl}/metrics/prometheus`)).text();
    expect(text).toMatch(/oracle_insights_unstored_total 1\b/);
    await waitFor(() => running.logLines().some((line) => String(line['message']).startsWith('insight not stored')));
  });

  it.each([
    ['AnalyzePatterns', {}],
    ['SuggestRange', { space_start: '1', space_end: '100' }],
    ['GetDailyInsight', {}],
  ])('fails %s clearly and counts it as failed', async (method, request) => {
    const failed = async () => (await running.get('/metrics')).body['counters'].errors as number;
    const before = await failed();
    await expect(running.call(method, request)).rejects.toMatchObject({
      code: status.UNAVAILABLE,
      details: 'the database does not answer; try again when /health says it is ok',
    });
    expect(await failed()).toBe(before + 1);
  });

  it('is used again by itself when it is back', async () => {
    postgres = await startPostgres(directory, Number(new URL(postgres.connectionString()).port));
    await waitFor(async () => (await running.call('GetReading', READING))['is_stored'] === true, { timeoutMs: 20_000 });
    await waitFor(async () => (await running.get('/health')).status === 200, { timeoutMs: 20_000 });
  });
});

describe('a database that accepts connections and never answers', () => {
  it('costs a reading two seconds at most, shows as TIMEOUT, and does not hold up a stop', async () => {
    const sockets = new Set<Socket>();
    const silent = createServer((socket) => sockets.add(socket.on('error', () => undefined)));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as AddressInfo;
    const running = await startOracleUnderTest({ databaseUrl: `postgres://nps@127.0.0.1:${port}/nps` });
    try {
      const askedAt = performance.now();
      expect(await running.call('GetReading', READING)).toMatchObject({ is_stored: false });
      expect(performance.now() - askedAt).toBeLessThan(4000);
      const health = await waitFor(async () => {
        const { body } = await running.get('/health');
        return body['checks'].database?.status === 'error' ? body : null;
      });
      expect(health).toMatchObject({ status: 'degraded', checks: { database: { error: 'TIMEOUT' } } });
      const stoppedAt = performance.now();
      await running.oracle.stop();
      expect(performance.now() - stoppedAt).toBeLessThan(9000);
    } finally {
      await running.stop();
      for (const socket of sockets) socket.destroy();
      silent.close();
    }
  }, 60_000);
});

describe('an Oracle that starts before its database', () => {
  jest.setTimeout(60_000);

  it('gives readings at once, and builds its tables and runs its job when the database comes', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'oracle-late-postgres-'));
    const first = await startPostgres(directory);
    await first.stop('fast');
    const running = await startOracleUnderTest({ databaseUrl: first.connectionString() });
    try {
      expect(await running.call('GetReading', READING)).toMatchObject({ is_stored: false });
      const postgres = await startPostgres(directory, Number(new URL(first.connectionString()).port));
      await waitFor(async () => (await running.call('GetReading', READING))['is_stored'] === true, {
        timeoutMs: 30_000,
      });
      await waitFor(async () => (await running.get('/jobs/stats/daily-insight')).body['last_status'] === 'success');
      await postgres.stop('fast');
    } finally {
      await running.stop();
      await first.remove();
    }
  });
});

describe('isAway', () => {
  it.each([
    ['connect', 'ECONNREFUSED', true],
    ['no such name', 'ENOTFOUND', true],
    ['terminating connection', '57P01', true],
    ['too many clients', '53300', true],
    ['no such table', '42P01', true],
    ['read-only', '25006', true],
    ['timeout exceeded when trying to connect', null, true],
    ['Connection terminated unexpectedly', null, true],
    ['syntax', '42601', false],
    ['check', '23514', false],
    ['a bug', null, false],
  ])('judges "%s" with code %s: %s', (message, code, expected) => {
    expect(isAway(Object.assign(new Error(message), code === null ? {} : { code }))).toBe(expected);
  });

  it('leaves errors of our own as they are', () => {
    expect(isAway(new OracleError('MIGRATION_CHANGED', 'timeout'))).toBe(false);
    expect(isAway(null)).toBe(false);
  });
});
