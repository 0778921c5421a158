import { describe, expect, it } from '@jest/globals';
import { createSystemClock } from '@nps/oracle-alerts';
import { startPostgres, waitFor } from '@nps/testing';
import { createDatabase } from '../src/database.js';
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
});
