import { parseTargets } from '@nps/oracle-health/client';
import { createTestDatabase } from '@nps/testing';
import type { Pool } from 'pg';
import { type DashboardConfig, type Environment, readConfig } from '../../src/server/config.js';
import { createDashboard, type Dashboard } from '../../src/server/dashboard.js';
import { readTargets, type TargetsFile } from '../../src/server/targets-file.js';
import { openSeeded } from './seeded-database.js';

/** A dashboard really listening, on a database of its own. */
export interface World {
  readonly url: string;
  readonly pool: Pool;
  readonly dashboard: Dashboard;
  /** What went wrong and was survived. */
  readonly errors: readonly unknown[];
  remove(): Promise<void>;
}

export interface WorldOptions {
  readonly env?: Environment;
  readonly targets?: readonly Readonly<Record<string, unknown>>[];
  readonly pageDirectory?: string;
  /** Default: the wall clock. */
  readonly nowMs?: () => number;
  /** Called with the database before the dashboard starts. */
  seed?(pool: Pool): Promise<void>;
}

/** An address nobody listens on. */
export const NOBODY = 'http://127.0.0.1:9';

/** Starts everything on free ports. */
export async function createWorld(options: WorldOptions = {}): Promise<World> {
  const database = await createTestDatabase();
  const pool = await openSeeded(database.connectionString);
  await options.seed?.(pool);
  const errors: unknown[] = [];
  const config = testConfig({ DATABASE_URL: database.connectionString, ...options.env });
  const read = readTargets(config);
  if (read.outcome === 'faults') throw new Error(read.faults.join('; '));
  const dashboard = createDashboard(config, {
    file: options.targets === undefined ? read.file : fileOf(options.targets, config),
    pageDirectory: options.pageDirectory ?? '/nowhere',
    redact: (text) => text,
    ...(options.nowMs === undefined ? {} : { nowMs: options.nowMs }),
    onError: (error) => void errors.push(error),
  });
  const { port } = await dashboard.start();
  return {
    url: `http://127.0.0.1:${port}`,
    pool,
    dashboard,
    errors,
    async remove() {
      await dashboard.stop();
      await pool.end();
      await database.drop();
    },
  };
}

/** A configuration for tests: free port, no other services around. */
export function testConfig(env: Environment): DashboardConfig {
  const parsed = readConfig({ DASHBOARD_PORT: '0', ALERTER_URL: NOBODY, ORACLE_HTTP_URL: NOBODY, ...env });
  if (parsed.outcome === 'faults') throw new Error(parsed.faults.join('; '));
  return parsed.config;
}

function fileOf(targets: readonly Readonly<Record<string, unknown>>[], config: DashboardConfig): TargetsFile {
  const parsed = parseTargets(targets, config.environment);
  if ('faults' in parsed) throw new Error(parsed.faults.join('; '));
  return { targets: parsed.targets, document: { targets }, text: '' };
}
