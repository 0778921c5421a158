import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
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
  return { connectionString: url.href, drop: () => dropDatabase(server, name) };
}

/** How long clients that say good-bye are given before they are cut off: pools without a listener crash on being cut. */
const GOODBYE_MS = 2_000;

async function dropDatabase(server: string, name: string): Promise<void> {
  const deadline = performance.now() + GOODBYE_MS;
  while (performance.now() < deadline) {
    const rows = await runSql(server, `select from pg_stat_activity where datname = '${name}'`);
    if (rows.length === 0) break;
    await delay(20);
  }
  await runSql(server, `drop database if exists ${name} with (force)`);
}

/** A server of the test's own, to be stopped, killed and started again on the same directory. */
export async function startPostgres(
  directory: string = mkdtempSync(join(tmpdir(), 'test-postgres-')),
  port = 0,
): Promise<EmbeddedPostgres & { readonly directory: string; remove(): Promise<void> }> {
  const postgres = await startEmbeddedPostgres({ directory, port, durability: 'none' });
  const release = endWithThisProcess(postgres.pid);
  const stop: EmbeddedPostgres['stop'] = (mode) => {
    release();
    return postgres.stop(mode);
  };
  const remove = async (): Promise<void> => {
    await stop('immediate');
    rmSync(directory, { recursive: true, force: true });
  };
  return { ...postgres, stop, directory, remove };
}

/** A test run that is killed leaves no server behind: a shell waits for the end of our pipe and then ends it. */
function endWithThisProcess(pid: number): () => void {
  const watcher = spawn('sh', ['-c', 'cat >/dev/null; kill -QUIT "$0" 2>/dev/null', String(pid)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  watcher.unref();
  (watcher.stdin as Socket).unref();
  return () => void watcher.kill('SIGKILL');
}

async function runSql(connectionString: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}
