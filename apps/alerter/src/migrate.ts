import { createHash } from 'node:crypto';
import type { Pool, PoolClient } from 'pg';
import { AlerterError, messageOf } from './errors.js';

/** One step of a schema: immutable once released, identified for ever by `id`. */
export interface Migration {
  readonly id: string;
  readonly sql: string;
}

/** The table that says which migrations a database has; the dashboard reads it to know whether it may serve. */
export const LEDGER_TABLE = 'schema_migrations';

/** One lock for all alerters of a database; the number is the letters "NPS1". */
export const MIGRATION_LOCK = 0x4e505331;

/**
 * Brings the database up to `migrations`, in order, each in its own transaction under one advisory lock, so that two
 * alerters may start at once. The lock belongs to the transaction and therefore also holds behind a connection pooler.
 * @returns the ids applied by this call
 * @throws AlerterError MIGRATION_CHANGED when an applied migration reads differently now, MIGRATION_FAILED when SQL fails
 */
export async function migrate(pool: Pool, migrations: readonly Migration[]): Promise<readonly string[]> {
  const applied: string[] = [];
  const client = await pool.connect();
  try {
    for (const migration of [CREATE_LEDGER, ...migrations]) {
      if (await applyOnce(client, migration)) applied.push(migration.id);
    }
  } finally {
    client.release();
  }
  return applied.filter((id) => id !== CREATE_LEDGER.id);
}

const CREATE_LEDGER: Migration = {
  id: 'ledger-0001',
  sql: `CREATE TABLE IF NOT EXISTS ${LEDGER_TABLE} (
    id text PRIMARY KEY,
    checksum text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
  )`,
};

async function applyOnce(client: PoolClient, migration: Migration): Promise<boolean> {
  await client.query('BEGIN');
  try {
    await client.query('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
    const isPending = !(await isApplied(client, migration));
    if (isPending) {
      await client.query(migration.sql);
      await client.query(`INSERT INTO ${LEDGER_TABLE} (id, checksum) VALUES ($1, $2)`, [
        migration.id,
        checksum(migration),
      ]);
    }
    await client.query('COMMIT');
    return isPending;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    if (error instanceof AlerterError) throw error;
    throw new AlerterError('MIGRATION_FAILED', `migration ${migration.id} was not applied: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

async function isApplied(client: PoolClient, migration: Migration): Promise<boolean> {
  if (migration.id === CREATE_LEDGER.id) {
    const { rows } = await client.query('SELECT to_regclass($1) IS NOT NULL AS found', [LEDGER_TABLE]);
    if (rows[0]?.found !== true) return false;
  }
  const { rows } = await client.query<{ checksum: string }>(`SELECT checksum FROM ${LEDGER_TABLE} WHERE id = $1`, [
    migration.id,
  ]);
  const known = rows[0]?.checksum;
  if (known !== undefined && known !== checksum(migration)) {
    throw new AlerterError(
      'MIGRATION_CHANGED',
      `migration ${migration.id} was applied in another form than this release has it; a released migration is never edited, add a new one`,
    );
  }
  return known !== undefined;
}

function checksum(migration: Migration): string {
  return createHash('sha256').update(migration.sql).digest('hex');
}
