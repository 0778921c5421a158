import type { Clock, Timer } from '@nps/oracle-alerts';
import { Pool, type PoolClient } from 'pg';
import { AlerterError } from './errors.js';
import { type Migration, migrate } from './migrate.js';
import { within } from './within.js';

/** The alerter's database as the rest of it sees it. */
export interface Database {
  /** For alerts and leadership: a server that hangs is given up within seconds, and alerting goes on without it. */
  readonly pool: Pool;
  /** For history: patient, and never in the way of an alert. */
  readonly historyPool: Pool;
  /** `away` until the schema is there; the alerter works without it. */
  state(): 'away' | 'ready';
  /**
   * Tries to bring the schema up, and goes on trying until it is. Resolves after the first try, whatever came of it, or
   * after 5 s: a lock that another alerter holds or a slow disk must not keep alerting waiting.
   */
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

/** Longest time that a start waits for the schema. */
const START_WAIT_MS = 5000;

const SLOW = new AlerterError(
  'DATABASE_SLOW',
  `the schema is not ready after ${START_WAIT_MS / 1000} s (a slow server, or another alerter is migrating): going on without the database, which is used as soon as it is ready`,
);

/** On a crowded machine a server that works may take seconds to take a connection. */
const CONNECT_TIMEOUT_MS = 4000;
/** An alert should not have to wait for a connection of its own: one for the leadership, two for what is written. */
const WARM_CONNECTIONS = 3;
/** A lost server must cost an alert little of its 30 s; these queries take milliseconds. */
const ALERT_QUERY_TIMEOUT_MS = 6000;
/** Rolling an hour of a thousand services up takes a while. */
const HISTORY_QUERY_TIMEOUT_MS = 60_000;

/** Builds the pools; nothing connects before `start()`. */
export function createDatabase(connectionString: string, deps: DatabaseDeps): Database {
  const pool = createPool(connectionString, 5, ALERT_QUERY_TIMEOUT_MS, deps.onError, WARM_CONNECTIONS);
  const historyPool = createPool(connectionString, 3, HISTORY_QUERY_TIMEOUT_MS, deps.onError);
  let state: 'away' | 'ready' = 'away';
  let stopped = false;
  let timer: Timer | null = null;

  const prepare = async (): Promise<void> => {
    timer = null;
    try {
      const applied = await migrate(historyPool, deps.migrations);
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
    historyPool,
    state: () => state,
    start: () => within(deps.clock, START_WAIT_MS, prepare(), () => deps.onError(SLOW)),
    stop: async () => {
      if (stopped) return;
      stopped = true;
      if (timer !== null) deps.clock.clearTimer(timer);
      await Promise.all([pool.end(), historyPool.end()]);
    },
  };
}

/** A pool whose every statement ends in time, whatever the server does. */
export function createPool(
  connectionString: string,
  max: number,
  timeoutMs: number,
  onError: (error: unknown) => void,
  warm = 0,
): Pool {
  const pool = new Pool({
    connectionString,
    min: warm,
    max,
    application_name: 'nps-alerter',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: timeoutMs,
    // A server that vanished without a word (partition, frozen host) never tells of its own timeout.
    // Later than anybody else's patience: after a stall its timer goes before the answer that lies there.
    query_timeout: timeoutMs + 1000,
    keepAlive: true,
  });
  // Idle connections end with the server; the pool replaces them, and without a listener the process would die.
  pool.on('error', onError);
  // The same between two statements of a transaction, when the pool itself does not listen.
  pool.on('connect', (client) => client.on('error', onError));
  connectTwice(pool);
  return pool;
}

type Connected = (error: Error | undefined, client: PoolClient | undefined, done: (release?: unknown) => void) => void;

/**
 * A connection that was not there in time may have been late through this process alone (its own stall lets the timer go
 * first): it is asked for once more before the server counts as lost.
 */
function connectTwice(pool: Pool): void {
  const connect = pool.connect.bind(pool);
  function again(): Promise<PoolClient>;
  function again(onConnected: Connected): void;
  function again(onConnected?: Connected): Promise<PoolClient> | void {
    if (onConnected === undefined)
      return connect().catch((error: unknown) => {
        if (!isLate(error)) throw error;
        return connect();
      });
    connect((error, client, done) => {
      if (isLate(error)) connect(onConnected);
      else onConnected(error, client, done);
    });
  }
  pool.connect = again;
}

/** The two words of the pool's own deadline; it has no code for them. */
function isLate(error: unknown): boolean {
  return error instanceof Error && /timeout exceeded when trying|due to connection timeout/.test(error.message);
}
