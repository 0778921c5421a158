import { createHash } from 'node:crypto';
import type { Pool, PoolClient } from 'pg';
import { OracleError } from '../errors.js';
import type { Migration } from './migrations.js';

/**
 * The ledger and its lock (the letters "NPS1") are those of every NPS app, so that several apps may share a database and
 * start at once: whoever comes first applies a migration, the others find it in the ledger.
 */
const LEDGER_TABLE = 'schema_migrations';
const MIGRATION_LOCK = 0x4e505331;

const CREATE_LEDGER: Migration = {
  id: 'ledger-0001',
  sql: `CREATE TABLE IF NOT EXISTS ${LEDGER_TABLE} (
    id text PRIMARY KEY,
    checksum text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
  )`,
};

/**
 * Applies what the ledger does not have yet, in order, each in its own transaction under the lock. The lock belongs to
 * the transaction and therefore also holds behind a connection pooler.
 * @returns the ids applied by this call
 * @throws OracleError MIGRATION_CHANGED when an applied migration reads differently now; SQL and network errors as they are
 */
export async function migrate(pool: Pool, migrations: readonly Migration[]): Promise<readonly string[]> {
  const client = await pool.connect();
  try {
    await inTransaction(client, () => client.query(CREATE_LEDGER.sql));
    const applied: string[] = [];
    for (const migration of migrations) {
      if (await inTransaction(client, () => applyOnce(client, migration))) applied.push(migration.id);
    }
    return applied;
  } finally {
    client.release();
  }
}

async function applyOnce(client: PoolClient, migration: Migration): Promise<boolean> {
  const checksum = createHash('sha256').update(migration.sql).digest('hex');
  const { rows } = await client.query<{ checksum: string }>(`SELECT checksum FROM ${LEDGER_TABLE} WHERE id = $1`, [
    migration.id,
  ]);
  const known = rows[0]?.checksum;
  if (known !== undefined && known !== checksum) {
    const message = `migration ${migration.id} was applied in another form than this release has it; a released migration is never edited, add a new one`;
    throw new OracleError('MIGRATION_CHANGED', message);
  }
  if (known !== undefined) return false;
  await client.query(migration.sql);
  await client.query(`INSERT INTO ${LEDGER_TABLE} (id, checksum) VALUES ($1, $2)`, [migration.id, checksum]);
  return true;
}

async function inTransaction<T>(client: PoolClient, work: () => Promise<T>): Promise<T> {
  await client.query('BEGIN');
  try {
    await client.query('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
    const result = await work();
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}
