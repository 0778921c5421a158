import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { createSystemClock } from '@nps/oracle-alerts';
import { createTestDatabase, startPostgres, waitFor } from '@nps/testing';
import { Client } from 'pg';
import { createDatabase, createPool } from '../src/database.js';
import { MIGRATION_LOCK } from '../src/migrate.js';
import { allMigrations } from '../src/migrations.js';

describe('the alerter’s database', () => {
  it('may be away at the start and is brought up as soon as it comes; its end is survived', async () => {
    const server = await startPostgres();
    await server.stop('immediate');
    const errors: unknown[] = [];
    const applied: string[] = [];
    const database = createDatabase(server.connectionString(), {
      clock: createSystemClock(),
      migrations: allMigrations,
      onReady: (ids) => applied.push(...ids),
      onError: (error) => errors.push(error),
    });
    await database.start();
    expect(database.state()).toBe('away');
    expect(errors).toHaveLength(1);
    const again = await startPostgres(server.directory, server.port);
    await waitFor(() => database.state() === 'ready', { timeoutMs: 15_000 });
    expect(applied).toEqual(allMigrations.map(({ id }) => id));
    await database.pool.query('SELECT 1');
    await again.stop('immediate');
    await expect(database.pool.query('SELECT 1')).rejects.toBeDefined();
    await database.stop();
    await database.stop();
    await again.remove();
  }, 60_000);

  it('is survived when it ends a connection in the midst of a transaction', async () => {
    const { connectionString, drop } = await createTestDatabase();
    const errors: unknown[] = [];
    const pool = createPool(connectionString, 2, 4000, (error) => errors.push(error));
    const client = await pool.connect();
    await client.query('BEGIN');
    await pool.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE state = 'idle in transaction'`);
    await waitFor(() => errors.length > 0, { timeoutMs: 5000 });
    await expect(client.query('COMMIT')).rejects.toBeDefined();
    client.release(true);
    await pool.end();
    await drop();
  }, 30_000);

  it('is not taken for lost when this process stood still while it connected, but is when nobody answers', async () => {
    const { connectionString, drop } = await createTestDatabase();
    const pool = createPool(connectionString, 2, 4000, () => undefined);
    const answers = Promise.all([pool.query('SELECT 1 AS one'), pool.connect()]);
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    // Longer than a connection may take: its timer goes first, and only then what the server said long ago.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 4500);
    const [{ rows }, client] = await answers;
    expect(rows).toEqual([{ one: 1 }]);
    client.release();
    await pool.end();
    await drop();
    const silent = createServer(() => undefined);
    await new Promise<void>((resolve) => void silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as AddressInfo;
    const lost = createPool(`postgres://nobody@127.0.0.1:${port}/nothing`, 1, 4000, () => undefined);
    await Promise.all([
      expect(lost.connect()).rejects.toThrow(/timeout/),
      expect(lost.query('SELECT 1')).rejects.toThrow(/timeout/),
    ]);
    silent.close();
    await lost.end();
  }, 30_000);

  it('does not keep a start waiting while another alerter migrates, and is used when that one is done', async () => {
    const { connectionString, drop } = await createTestDatabase();
    const other = new Client({ connectionString });
    await other.connect();
    await other.query('BEGIN');
    await other.query('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
    const errors: unknown[] = [];
    const database = createDatabase(connectionString, {
      clock: createSystemClock(),
      migrations: allMigrations,
      onReady: () => undefined,
      onError: (error) => errors.push(error),
    });
    const startedMs = performance.now();
    await database.start();
    expect(performance.now() - startedMs).toBeLessThan(8000);
    expect(database.state()).toBe('away');
    expect(errors).toMatchObject([{ code: 'DATABASE_SLOW', message: expect.stringContaining('another alerter') }]);
    await other.query('COMMIT');
    await waitFor(() => database.state() === 'ready', { timeoutMs: 15_000 });
    await Promise.all([other.end(), database.stop()]);
    await drop();
  }, 40_000);
});
