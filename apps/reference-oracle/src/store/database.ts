import { setTimeout as delay } from 'node:timers/promises';
import type { Pool, QueryResultRow } from 'pg';
import { messageOf, OracleError } from '../errors.js';
import { migrate } from './migrate.js';
import type { Migration } from './migrations.js';

/** Pause before the first and before every later attempt to bring the schema up. */
const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 10_000;

/** SQLSTATE classes that say "not now" and not "wrong statement": connection, resources, operator, system. */
const AWAY_CLASSES: ReadonlySet<string> = new Set(['08', '53', '57', '58']);
/** An undefined table: the schema is not up yet; and a standby that does not take writes. */
const AWAY_STATES: ReadonlySet<string> = new Set(['42P01', '25006']);

/** The pool as the stores see it. */
export interface Database {
  /** @throws OracleError DATABASE_AWAY when PostgreSQL does not answer or its schema is not up; SQL errors as they are */
  query<Row extends QueryResultRow>(sql: string, values: unknown[]): Promise<readonly Row[]>;
}

/** A database that brings its own schema up in the background. */
export interface MigratedDatabase extends Database {
  /** Starts applying the migrations and tries again until they stand; returns at once. */
  start(): void;
  /** Resolves when the schema stands; rejects when a migration was edited, and when `stop` came first. */
  readonly ready: Promise<void>;
  stop(): Promise<void>;
}

export interface DatabaseDeps {
  readonly pool: Pool;
  readonly migrations: readonly Migration[];
  /** Told of each failed attempt; the app works on without the database meanwhile. */
  onError(error: unknown): void;
}

/** Puts the stores on a pool; see {@link MigratedDatabase}. */
export function createDatabase({ pool, migrations, onError }: DatabaseDeps): MigratedDatabase {
  const stopping = new AbortController();
  let settle: { readonly resolve: () => void; readonly reject: (error: unknown) => void } | undefined;
  const ready = new Promise<void>((resolve, reject) => {
    settle = { resolve, reject };
  });
  // Nobody has to wait for it.
  ready.catch(() => undefined);
  let work: Promise<void> = Promise.resolve();
  return {
    ready,
    start: () => {
      work = bringUp(pool, migrations, onError, stopping.signal).then(settle?.resolve, settle?.reject);
    },
    stop: async () => {
      stopping.abort();
      settle?.reject(new OracleError('DATABASE_AWAY', 'the Oracle was stopped before its tables stood'));
      await work;
      await pool.end();
    },
    query: async <Row extends QueryResultRow>(sql: string, values: unknown[]) => {
      try {
        return (await pool.query<Row>(sql, values)).rows;
      } catch (error) {
        if (!isAway(error)) throw error;
        throw new OracleError('DATABASE_AWAY', 'the database does not answer; try again when /health says it is ok', {
          cause: error,
        });
      }
    },
  };
}

async function bringUp(
  pool: Pool,
  migrations: readonly Migration[],
  onError: (error: unknown) => void,
  signal: AbortSignal,
): Promise<void> {
  for (let pauseMs = FIRST_RETRY_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_RETRY_MS)) {
    try {
      await migrate(pool, migrations);
      return;
    } catch (error) {
      onError(error);
      if (!isAway(error)) throw error;
      await delay(pauseMs, undefined, { signal });
    }
  }
}

/** Whether the failure is the database's absence: no SQLSTATE at all (network, timeout) or one that says "not now". */
export function isAway(error: unknown): boolean {
  const code = (error as { readonly code?: unknown } | null)?.code;
  if (error instanceof OracleError) return false;
  if (typeof code !== 'string') return /timeout|terminated|closed|end/i.test(messageOf(error));
  const isSqlState = /^[0-9A-Z]{5}$/.test(code) && /\d/.test(code);
  return !isSqlState || AWAY_STATES.has(code) || AWAY_CLASSES.has(code.slice(0, 2));
}
