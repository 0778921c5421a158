import { createHealth, type Health } from '@nps/oracle-health';
import { startSidecar } from '@nps/oracle-health/sidecar';
import { type OracleLogger, redact } from '@nps/oracle-logger';
import { createJobMonitor, createMetrics, instrumentPool, type OracleMetrics } from '@nps/oracle-metrics';
import { migrations as metricsMigrations } from '@nps/oracle-metrics/postgres';
import { Pool } from 'pg';
import { createApi } from './api.js';
import { createCalls } from './calls.js';
import { exposeChecks } from './check-metrics.js';
import type { OracleConfig } from './config.js';
import { createDailyJob } from './daily-job.js';
import { messageOf } from './errors.js';
import { blockEventLoop, createFaults, type Faults } from './faults.js';
import { createGrpcServer } from './grpc/grpc-server.js';
import { healthChecks } from './health-checks.js';
import { createInterpreter } from './interpreter.js';
import { createLifecycle, type Lifecycle } from './lifecycle.js';
import { type CalendarDate, fromInstant } from './numerology/calendar-date.js';
import type { OperationDeps } from './operations/operation.js';
import { sidecarRoutes } from './sidecar-routes.js';
import { createDatabase, type Database } from './store/database.js';
import { createInsightStore } from './store/insights.js';
import { migrations } from './store/migrations.js';
import { createSuggestionStore } from './store/suggestions.js';
import { VERSION } from './version.js';

/** A built Oracle. */
export interface Oracle extends Lifecycle {
  readonly metrics: OracleMetrics;
  readonly health: Health;
  readonly faults: Faults;
}

/** What an Oracle is given; tests give a clock and a die of their own. */
export interface OracleDeps {
  readonly logger: OracleLogger;
  /** Milliseconds since 1970: the day of a reading. Default: the clock. */
  readonly now?: () => number;
  /** 0 … 1; decides which calls the fault `errors` hits. Default: Math.random. */
  readonly random?: () => number;
}

const SERVICE = 'oracle';

/** Builds the Oracle without starting anything. */
export function createOracle(
  config: OracleConfig,
  { logger, now = Date.now, random = Math.random }: OracleDeps,
): Oracle {
  const today = () => fromInstant(now());
  const metrics = createMetrics({ service: SERVICE, version: VERSION, environment: config.environment });
  const faults = createFaults({ now, random, block: blockEventLoop });
  const pool = createPool(config, logger);
  instrumentPool(metrics, pool);
  const checks = healthChecks({ config, faults, metrics, pool });
  const health = createHealth({ service: SERVICE, version: VERSION, checks });
  exposeChecks(metrics.registry, () => health.report());
  const jobs = createJobMonitor({
    pool,
    metrics,
    onError: (error) => logger.warn(`job run not recorded: ${messageOf(error)}`),
  });
  const database = createDatabase({
    pool,
    migrations: [...migrations, ...metricsMigrations],
    onError: (error) => logger.warn(`the tables are not up yet: ${messageOf(error)}`),
  });
  const operationDeps = createOperationDeps(config, { database, metrics, logger, now, today });
  const calls = createCalls({ metrics, logger, faults, operationDeps });
  const routes = sidecarRoutes(config, { faults, health, logger, jobs, metrics });
  const token = config.healthToken === null ? {} : { token: config.healthToken };
  const { insights } = operationDeps;
  const lifecycle = createLifecycle(config, {
    health,
    database,
    faults,
    jobs,
    api: createApi({ calls, logger, metrics }),
    grpc: createGrpcServer({ calls, health, logger, metrics }),
    job: createDailyJob({ jobs, insights, logger, intervalMs: config.jobIntervalMs, today }),
    openSidecar: ({ host, sidecarPort: port }) =>
      startSidecar({ health, metrics, jobs, host, port, routes, redact, ...token }),
  });
  return { ...lifecycle, metrics, health, faults };
}

interface OperationSources {
  readonly database: Database;
  readonly metrics: OracleMetrics;
  readonly logger: OracleLogger;
  now(): number;
  today(): CalendarDate;
}

function createOperationDeps(config: OracleConfig, sources: OperationSources): OperationDeps {
  const { database, metrics, logger, now, today } = sources;
  // A metric of one's own: the registry takes any.
  const unstored = metrics.registry.counter({
    name: 'oracle_insights_unstored_total',
    help: 'Insights that were given but not stored, because the database was away.',
  });
  return {
    today,
    insights: createInsightStore(database),
    suggestions: createSuggestionStore(database),
    interpreter: createInterpreter(config.ai, {
      metrics,
      now,
      onAiFailed: (error) =>
        logger.warn(`reading worded without the AI: ${messageOf(error)}`, { error_type: 'AI_FAILED' }),
    }),
    onStoreFailed: (error) => {
      unstored.inc();
      logger.warn(`insight not stored: ${messageOf(error)}`, { error_type: 'DATABASE_AWAY' });
    },
  };
}

/** Ten connections, none waited for longer than a caller would: an absent database is an answer, not a queue. */
function createPool({ databaseUrl }: OracleConfig, logger: OracleLogger): Pool {
  const pool = new Pool({
    connectionString: databaseUrl,
    max: 10,
    connectionTimeoutMillis: 2000,
    query_timeout: 5000,
    statement_timeout: 5000,
    application_name: SERVICE,
  });
  // An idle connection that breaks is told here; unheard it would end the process.
  pool.on('error', (error) =>
    logger.warn(`a database connection broke: ${messageOf(error)}`, { error_type: 'DATABASE_AWAY' }),
  );
  // One that breaks between two statements of its holder must not end the process either: the next statement fails.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}
