import { createTestDatabase } from '@nps/testing';
import { Pool } from 'pg';
import { migrations } from '../../src/postgres/index.js';

export interface MigratedPool {
  readonly pool: Pool;
  readonly connectionString: string;
  close(): Promise<void>;
}

/** A pool on a fresh database with this package's tables. */
export async function createMigratedPool(): Promise<MigratedPool> {
  const { connectionString, drop } = await createTestDatabase();
  const pool = new Pool({ connectionString, max: 4 });
  for (const { sql } of migrations) await pool.query(sql);
  return {
    pool,
    connectionString,
    async close() {
      await pool.end();
      await drop();
    },
  };
}
