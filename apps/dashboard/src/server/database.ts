import { type Client, Pool, type PoolClient } from 'pg';
import type { DatabaseState } from '../contract/status.js';

/** The dashboard's way into PostgreSQL: few connections, and nothing that can hang. */
export interface Database {
  readonly pool: Pool;
  /** Measures it; rejects when it is away. */
  measure(): Promise<Omit<DatabaseState, 'state' | 'since'>>;
  stop(): Promise<void>;
}

const CONNECTIONS = 6;
const CONNECT_TIMEOUT_MS = 2000;
const STATEMENT_TIMEOUT_MS = 3000;
/** Longer than a statement may take; nobody runs more than a few short ones in a row. */
const MOST_HELD_MS = 4000;

/** The two measures, each under both of its names. */
export function measures(
  sizeBytes: number | null,
  latencyMs: number | null,
): Pick<DatabaseState, 'size_bytes' | 'size' | 'latency_ms' | 'latency'> {
  return { size_bytes: sizeBytes, size: sizeBytes, latency_ms: latencyMs, latency: latencyMs };
}

/** @param onError told when an idle connection breaks; the pool replaces it */
export function createDatabase(connectionString: string, onError: (error: unknown) => void): Database {
  const pool = new Pool({
    connectionString,
    max: CONNECTIONS,
    application_name: 'nps-dashboard',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    keepAlive: true,
  });
  pool.on('error', onError);
  endVanished(pool);
  // One that breaks between two statements of its holder must not end the process either: the next statement fails.
  pool.on('connect', (client) => client.on('error', () => undefined));
  let stopped: Promise<void> | undefined;
  return {
    pool,
    async measure() {
      const client = await pool.connect();
      try {
        const startedAt = performance.now();
        await client.query('select 1');
        const latencyMs = Math.round((performance.now() - startedAt) * 100) / 100;
        const { rows } = await client.query<{ connections: number; max_connections: number; size_bytes: string }>(
          MEASURE,
        );
        const row = rows[0];
        return {
          connections: row?.connections ?? null,
          max_connections: row?.max_connections ?? null,
          ...measures(row === undefined ? null : Number(row.size_bytes), latencyMs),
        };
      } finally {
        client.release();
      }
    },
    stop() {
      stopped ??= pool.end();
      return stopped;
    },
  };
}

/**
 * A server that vanished without a word must not hold anybody for ever. Not the driver's `query_timeout`: with it V8 keeps
 * every result past two collections, and half the time of a chart goes into collecting them.
 */
function endVanished(pool: Pool): void {
  const timers = new WeakMap<PoolClient, NodeJS.Timeout>();
  pool.on('acquire', (client) => {
    // Ending what waits for an answer cuts it off, and the statement under way fails.
    timers.set(
      client,
      setTimeout(() => void (client as unknown as Client).end(), MOST_HELD_MS),
    );
  });
  pool.on('release', (_error, client) => clearTimeout(timers.get(client)));
}

const MEASURE = `
  select (select count(*)::int from pg_stat_activity where datname = current_database()) as connections,
         current_setting('max_connections')::int as max_connections,
         pg_database_size(current_database())::text as size_bytes`;
