import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '@nps/embedded-postgres';
import { Client } from 'pg';

export interface TestDatabase {
  readonly connectionString: string;
  /** Ends what is still connected and removes the database. */
  drop(): Promise<void>;
}

/** Where the server of this jest run is; `postgres-setup` sets it, the workers inherit it. */
export const SERVER_VARIABLE = 'TEST_DATABASE_URL';

/** A fresh, empty database on the run's real PostgreSQL. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const server = process.env[SERVER_VARIABLE];
  if (!server) throw new Error(`${SERVER_VARIABLE} is not set: add '@nps/testing/postgres-setup' as jest globalSetup.`);
  const name = `test_${randomBytes(6).toString('hex')}`;
  await runSql(server, `create database ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { connectionString: url.href, drop: () => runSql(server, `drop database if exists ${name} with (force)`) };
}

/** A server of the test's own, to be stopped, killed and started again on the same directory. */
export async function startPostgres(
  directory: string = mkdtempSync(join(tmpdir(), 'test-postgres-')),
  port = 0,
): Promise<EmbeddedPostgres & { readonly directory: string; remove(): Promise<void> }> {
  const postgres = await startEmbeddedPostgres({ directory, port, durability: 'none' });
  const remove = async (): Promise<void> => {
    await postgres.stop('immediate');
    rmSync(directory, { recursive: true, force: true });
  };
  return { ...postgres, directory, remove };
}

async function runSql(connectionString: string, sql: string): Promise<void> {
  const client = new Client({ connectionString });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
