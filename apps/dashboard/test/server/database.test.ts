import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
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

it('gives up on a server that falls silent in the middle of a statement, and goes on when it speaks again', async () => {
  const server = await createTestDatabase();
  const { hostname, port, pathname, username, password } = new URL(server.connectionString);
  const sockets: Socket[] = [];
  let isSilent = false;
  const between = createServer((near) => {
    const far = connect(Number(port), hostname);
    sockets.push(near, far);
    for (const socket of [near, far]) socket.on('error', () => undefined);
    near.pipe(far);
    far.on('data', (bytes) => isSilent || near.write(bytes));
  }).listen(0, '127.0.0.1');
  await once(between, 'listening');
  const url = new URL(`postgresql://127.0.0.1:${(between.address() as AddressInfo).port}${pathname}`);
  Object.assign(url, { username, password });
  const database = createDatabase(url.href, () => undefined);
  expect((await database.measure()).connections).toBeGreaterThan(0);
  isSilent = true;
  const askedAt = performance.now();
  await expect(database.pool.query('SELECT 1')).rejects.toThrow();
  expect(performance.now() - askedAt).toBeLessThan(8000);
  isSilent = false;
  expect((await database.measure()).connections).toBeGreaterThan(0);
  await database.stop();
  for (const socket of sockets) socket.destroy();
  between.close();
  await server.drop();
}, 60_000);
