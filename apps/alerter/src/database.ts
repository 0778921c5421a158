import type { Clock, Timer } from '@nps/oracle-alerts';
import { Pool } from 'pg';
import { type Migration, migrate } from './migrate.js';

/** The alerter's database as the rest of it sees it. */
export interface Database {
  readonly pool: Pool;
  /** `away` until the schema is there; the alerter works without it. */
  state(): 'away' | 'ready';
  /** Tries to bring the schema up, and goes on trying until it is. Resolves after the first try, whatever came of it. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** What the database needs. */
export interface DatabaseDeps {
  readonly clock: Clock;
  readonly migrations: readonly Migration[];
  readonly onReady: (applied: readonly string[]) => void;
  readonly onError: (error: unknown) => void;
}

/** Time between two tries to bring the schema up. */
const RETRY_MS = 5000;

/** Short enough that a lost server costs no evaluation; the alerter's own queries take milliseconds. */
const CONNECT_TIMEOUT_MS = 2000;
const STATEMENT_TIMEOUT_MS = 10_000;

/** Builds the pool; nothing connects before `start()`. */
export function createDatabase(connectionString: string, deps: DatabaseDeps): Database {
  const pool = new Pool({
    connectionString,
    max: 6,
    application_name: 'nps-alerter',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    // A server that vanished without a word (partition, frozen host) must not hold a query for ever.
    query_timeout: STATEMENT_TIMEOUT_MS,
    keepAlive: true,
  });
  // Idle connections end with the server; the pool replaces them, and without a listener the process would die.
  pool.on('error', deps.onError);
  let state: 'away' | 'ready' = 'away';
  let stopped = false;
  let timer: Timer | null = null;

  const prepare = async (): Promise<void> => {
    timer = null;
    try {
      const applied = await migrate(pool, deps.migrations);
      state = 'ready';
      deps.onReady(applied);
    } catch (error) {
      if (stopped) return;
      deps.onError(error);
      timer = deps.clock.setTimer(RETRY_MS, () => void prepare());
    }
  };

  return {
    pool,
    state: () => state,
    start: prepare,
    stop: async () => {
      if (stopped) return;
      stopped = true;
      if (timer !== null) deps.clock.clearTimer(timer);
      await pool.end();
    },
  };
}
