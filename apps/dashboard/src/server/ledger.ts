import { createHash } from 'node:crypto';
import type { Pool, PoolClient } from 'pg';
import { DashboardError } from './errors.js';

/** One step of a schema; its text never changes once released. */
export interface Migration {
  readonly id: string;
  readonly sql: string;
}

/** The alerter's lock and ledger: whoever changes the schema of this database takes the one and writes into the other. */
const MIGRATION_LOCK = 0x4e505331;
const LEDGER = `create table if not exists schema_migrations (
  id text primary key, checksum text not null, applied_at timestamptz not null default now()
)`;

/**
 * Applies what the ledger does not have yet, in one transaction under the lock.
 * @throws DashboardError INTERNAL when an applied step reads differently now
 */
export async function applyMigrations(pool: Pool, migrations: readonly Migration[]): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query('select pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
    await client.query(LEDGER);
    for (const migration of migrations) await applyOnce(client, migration);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  } finally {
    client.release();
  }
}

async function applyOnce(client: PoolClient, { id, sql }: Migration): Promise<void> {
  const checksum = createHash('sha256').update(sql).digest('hex');
  const { rows } = await client.query<{ checksum: string }>('select checksum from schema_migrations where id = $1', [
    id,
  ]);
  const known = rows[0]?.checksum;
  if (known !== undefined && known !== checksum)
    throw new DashboardError('INTERNAL', `Migration ${id} was applied in another form than this release has it.`);
  if (known !== undefined) return;
  await client.query(sql);
  await client.query('insert into schema_migrations (id, checksum) values ($1, $2)', [id, checksum]);
}
