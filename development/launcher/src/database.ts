import { join } from 'node:path';
import { startEmbeddedPostgres } from '@nps/embedded-postgres';
import { Client } from 'pg';
import type { LauncherConfig } from './config.js';
import { LauncherError } from './errors.js';

export interface Database {
  readonly url: string;
  /** One sentence for the terminal: which database this is. */
  readonly description: string;
  readonly pid: number | null;
  stop(): Promise<void>;
}

const DATABASE_NAME = 'nps';

/** The user's PostgreSQL when DATABASE_URL names one, else our own from npm, kept in the data directory. */
export async function openDatabase(config: LauncherConfig): Promise<Database> {
  return config.databaseUrl === undefined ? startOwn(config) : useTheirs(config.databaseUrl);
}

async function startOwn(config: LauncherConfig): Promise<Database> {
  const directory = join(config.dataDirectory, 'postgres');
  const postgres = await startEmbeddedPostgres({ directory });
  const { rows } = await run(postgres.connectionString(), `select from pg_database where datname = '${DATABASE_NAME}'`);
  if (rows.length === 0) await run(postgres.connectionString(), `create database ${DATABASE_NAME}`);
  const note = postgres.recovered ? ' (an earlier run was killed; its data are intact)' : '';
  return {
    url: postgres.connectionString(DATABASE_NAME),
    description: `PostgreSQL on port ${postgres.port}, data in ${directory}${note}`,
    pid: postgres.pid,
    stop: () => postgres.stop(),
  };
}

async function useTheirs(url: string): Promise<Database> {
  try {
    await run(url, 'select 1');
  } catch (cause) {
    throw new LauncherError(
      'DATABASE_UNREACHABLE',
      `DATABASE_URL does not answer (${(cause as Error).message || (cause as NodeJS.ErrnoException).code}): start that PostgreSQL, correct the URL, or unset it to use the embedded one.`,
      { cause },
    );
  }
  const { hostname, port, pathname } = new URL(url);
  const description = `PostgreSQL of DATABASE_URL at ${hostname}:${port || 5432}${pathname}`;
  return { url, description, pid: null, stop: () => Promise.resolve() };
}

async function run(connectionString: string, sql: string): Promise<{ rows: unknown[] }> {
  const client = new Client({ connectionString, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined); // the query's own error says it
  await client.connect();
  try {
    return await client.query(sql);
  } finally {
    await client.end();
  }
}
