import {
  type AlertEngine,
  type AlertStore,
  type Clock,
  createAlertEngine,
  createMemoryStore,
  type DrillResult,
} from '@nps/oracle-alerts';
import { createPostgresStore } from '@nps/oracle-alerts/postgres';
import type { AlerterConfig } from '../config.js';
import { createDatabase, type Database } from '../database.js';
import { engineConfig } from '../engine-config.js';
import { messageOf } from '../errors.js';
import { allMigrations } from '../migrations.js';
import type { Settings } from '../settings.js';

/** What `--test` works with. */
export interface DrillDeps {
  readonly clock: Clock;
  readonly redact: (text: string) => string;
}

/** What `--test` prints and exits with. */
export interface DrillReport {
  readonly lines: readonly string[];
  readonly exitCode: 0 | 1;
}

/** Longest time a channel may take in a fire drill: a 429 may ask for half a minute. */
const DRILL_TIMEOUT_MS = 45_000;

const NO_CHANNEL =
  'FAILED: no channel is configured, nobody would be told; set NPS_BOT_TOKEN and NPS_CHAT_ID, or add channels to the configuration file';

/** Sends a [TEST] notice through the outbox to every channel and says how each took it. */
export async function runDrill(config: AlerterConfig, settings: Settings, deps: DrillDeps): Promise<DrillReport> {
  if (Object.keys(settings.notifiers).length === 0) return { lines: [NO_CHANNEL], exitCode: 1 };
  const troubles: string[] = [];
  const onError = (error: unknown): void => void troubles.push(messageOf(error));
  const database = await openDatabase(config, deps.clock, onError);
  try {
    const { engine, outbox } = await startEngine(config, settings, deps, database, onError);
    const results = await engine.drill(DRILL_TIMEOUT_MS).finally(() => engine.stop());
    const { lines, exitCode } = drillReport(results);
    const why = exitCode === 0 ? [] : [...new Set(troubles)];
    return { lines: [`outbox: ${outbox}`, ...lines, ...why].map(deps.redact), exitCode };
  } finally {
    await database?.stop();
  }
}

/** What each channel did, and the verdict. Pure. */
export function drillReport(results: readonly DrillResult[]): DrillReport {
  const failed = results.filter(({ result }) => result === 'failed').length;
  const verdict =
    failed === 0
      ? 'every channel took the test notice'
      : `FAILED: ${failed} of ${results.length} channels did not take the test notice`;
  return { lines: [...results.map(drillLine), verdict], exitCode: failed === 0 ? 0 : 1 };
}

function drillLine({ channel, result, latencyMs, messageId, reason }: DrillResult): string {
  const id = messageId === undefined ? 'the channel gives no message id' : `message id ${messageId}`;
  const outcome = result === 'delivered' ? `delivered, ${id}` : `FAILED: ${reason ?? 'no answer in time'}`;
  return `${channel.padEnd(14)} ${`${Math.round(latencyMs)} ms`.padStart(9)}  ${outcome}`;
}

async function openDatabase(
  { databaseUrl }: AlerterConfig,
  clock: Clock,
  onError: (error: unknown) => void,
): Promise<Database | null> {
  if (databaseUrl === null) return null;
  const database = createDatabase(databaseUrl, { clock, migrations: allMigrations, onReady: () => undefined, onError });
  await database.start();
  return database;
}

/** An engine on the real outbox; on one in memory when the database is away or a running alerter holds the real one. */
async function startEngine(
  config: AlerterConfig,
  settings: Settings,
  deps: DrillDeps,
  database: Database | null,
  onError: (error: unknown) => void,
): Promise<{ readonly engine: AlertEngine; readonly outbox: string }> {
  const build = (store: AlertStore): AlertEngine =>
    createAlertEngine(engineConfig(config, settings), { ...deps, store, notifiers: settings.notifiers, onError });
  if (database?.state() === 'ready') {
    const engine = build(createPostgresStore({ pool: database.pool }));
    await engine.start();
    if (engine.status().role === 'leader') return { engine, outbox: 'PostgreSQL' };
    await engine.stop();
  }
  const engine = build(createMemoryStore());
  await engine.start();
  const why =
    database === null
      ? 'DATABASE_URL is not set'
      : database.state() === 'away'
        ? 'the database is away'
        : 'a running alerter holds the one in PostgreSQL';
  return { engine, outbox: `in memory, since ${why}` };
}
