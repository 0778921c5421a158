import { type Check, type CheckOutcome, defineCheck } from '../check.js';
import { type PostgresConnection, postgresSession } from '../connection/postgres-session.js';
import { HealthError } from '../errors.js';
import { checkSettings, contextFor, type NetworkSettings } from './settings.js';

/** The part of a `pg` pool that is looked at. */
export interface PostgresPool {
  query(text: string): Promise<unknown>;
  /** The pool's settings; with them the check opens a connection of its own. */
  readonly options?: object;
  readonly totalCount?: number;
  readonly idleCount?: number;
  readonly waitingCount?: number;
}

/** Settings of {@link postgresCheck}; give `connectionString` or `pool`. */
export interface PostgresCheckOptions extends NetworkSettings {
  readonly connectionString?: string;
  readonly pool?: PostgresPool;
  /** Whether a read-only database is an `error` instead of a `warning`. Default false. */
  readonly requireWritable?: boolean;
}

/**
 * PostgreSQL: connects, asks `SELECT 1`, disconnects. Called `database`; critical.
 * A pool is asked for its settings and its queue, never for one of its connections.
 * @throws HealthError `INVALID_OPTION` without a connection string and a pool
 */
export function postgresCheck(options: PostgresCheckOptions): Check {
  const { pool } = options;
  const connection = readConnection(options);
  const contextOf = contextFor(options);
  const readOnly: CheckOutcome = {
    status: options.requireWritable ? 'error' : 'warning',
    error: 'READ_ONLY',
    detail: 'The database takes no writes: a standby, or read-only by default',
  };
  return defineCheck({
    ...checkSettings(options, { name: 'database' }),
    async run(signal) {
      if (connection) {
        const answer = await postgresSession(connection, contextOf(signal));
        if (answer.readOnly) return readOnly;
      } else {
        await pool?.query('SELECT 1');
      }
      return pool ? judgeQueue(pool) : { status: 'ok' };
    },
  });
}

function readConnection({ connectionString, pool }: PostgresCheckOptions): PostgresConnection | undefined {
  if (typeof connectionString === 'string' && connectionString !== '') return { connectionString };
  if (!pool) throw new HealthError('INVALID_OPTION', 'postgresCheck needs a connectionString or a pool');
  if (!pool.options) return undefined;
  // pg hides the password from enumeration, so a spread alone would lose it.
  const { password } = pool.options as { password?: unknown };
  return { ...pool.options, ...(password === undefined ? {} : { password }) };
}

function judgeQueue({ totalCount = 0, idleCount = 0, waitingCount = 0 }: PostgresPool): CheckOutcome {
  if (waitingCount === 0 || idleCount > 0) return { status: 'ok' };
  const detail = `All ${totalCount} connections of the pool are busy and ${waitingCount} callers wait`;
  return { status: 'warning', error: 'EXHAUSTED', detail };
}
