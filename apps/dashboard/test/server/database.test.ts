import { expect, it } from '@jest/globals';
import { createTestDatabase, waitFor } from '@nps/testing';
import { createDatabase } from '../../src/server/database.js';

it('outlives a connection that the server ends between two statements of its holder, and goes on with another', async () => {
  const server = await createTestDatabase();
  const database = createDatabase(server.connectionString, () => undefined);
  const client = await database.pool.connect();
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  let isEnded = false;
  client.once('end', () => {
    isEnded = true;
  });
  await database.pool.query('SELECT pg_terminate_backend($1)', [rows[0]?.pid]);
  // Without a listener of ours this process would have died by now.
  await waitFor(() => isEnded);
  await expect(client.query('SELECT 1')).rejects.toThrow();
  client.release(true);
  expect((await database.measure()).connections).toBeGreaterThan(0);
  await database.stop();
  await server.drop();
}, 60_000);
