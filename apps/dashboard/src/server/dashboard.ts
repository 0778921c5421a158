import type { Server } from 'node:http';
import { createPrometheusHistory } from '@nps/oracle-metrics/prometheus-history';
import { createAlertBook } from './alert-book.js';
import { createAlerterWatch } from './alerter-watch.js';
import type { DashboardConfig } from './config.js';
import { type Configuration, createConfiguration } from './configuration.js';
import { createDatabase, type Database } from './database.js';
import { createDeployBook } from './deploy-book.js';
import { createElasticsearchLogs } from './elasticsearch-logs.js';
import { createGuard } from './guard.js';
import type { Books } from './handler-deps.js';
import { createHandlers } from './handlers/index.js';
import { createHttp } from './http.js';
import { createHttpServer, listen } from './http-server.js';
import { createJobBook } from './job-book.js';
import { createLiveLook } from './live.js';
import { createLogFiles } from './log-files.js';
import type { LogSource } from './log-source.js';
import type { Loop } from './loop.js';
import { createPage } from './page.js';
import { createRecorded } from './recorded.js';
import { maintenanceOf } from './rules-in-force.js';
import type { SeriesSource } from './series-source.js';
import { createSessions } from './sessions.js';
import { createSurvey, type SurveySources } from './survey.js';
import { checkWholeFile, findFile, type TargetsFile } from './targets-file.js';
import { createTries } from './tries.js';

export interface DashboardDeps {
  /** What NPS_CONFIG says at the start; a changed file is taken up while running. */
  readonly file: TargetsFile;
  /** Where vite put the page. */
  readonly pageDirectory: string;
  /** Hides secrets in texts from outside. */
  redact(text: string): string;
  /** Default: the wall clock. */
  readonly nowMs?: () => number;
  /** Told everything that went wrong without stopping anything. */
  onError(error: unknown): void;
}

export interface Dashboard {
  /**
   * Listens, and looks around once.
   * @throws DashboardError UNAVAILABLE when the port is taken or may not be used
   */
  start(): Promise<{ readonly port: number }>;
  /** Refuses new requests, finishes those under way (5 s at most), lets go of the database. Idempotent. */
  stop(): Promise<void>;
}

const STOP_MS = 5000;

/** Builds the dashboard without starting it. */
export function createDashboard(config: DashboardConfig, deps: DashboardDeps): Dashboard {
  const { file, onError, nowMs = Date.now } = deps;
  const database = config.databaseUrl === null ? null : createDatabase(config.databaseUrl, onError);
  const configuration = createConfiguration(file, {
    source: config.configPath === null ? 'environment' : 'file',
    find: () => findFile(config.configPath ?? ''),
    check: (found) => checkWholeFile(found, config),
    nowMs,
    onError,
  });
  const books = database === null ? null : createBooks(database, deps, configuration, nowMs);
  const series = books === null ? null : createSeries(config, books);
  const stored = database === null || books === null || series === null ? null : { database, series, ...books };
  const survey = createSurvey(surveySources(config, deps, stored, configuration, nowMs));
  const sessions = createSessions(nowMs);
  const guard = createGuard(config, sessions, createTries(nowMs));
  let phase: 'running' | 'stopping' = 'running';
  let changes = 0;
  const handlers = createHandlers({
    config,
    configuration,
    survey,
    books,
    series,
    logs: createLogs(config, deps),
    guard,
    sessions,
    nowMs,
    onError,
    phase: () => phase,
    changes: () => changes,
    isDatabaseUp: () => survey.isDatabaseUp(),
    redact: (text) => deps.redact(text),
  });
  const onChange = () => {
    changes += 1;
  };
  const app = createHttp({ handlers, guard, page: createPage(deps.pageDirectory), nowMs, onChange, onError });
  const server = createHttpServer(app);
  let stopped: Promise<void> | undefined;
  return {
    async start() {
      const port = await listen(server, config);
      await configuration.start();
      await survey.start();
      return { port };
    },
    stop() {
      phase = 'stopping';
      stopped ??= stopAll(server, [survey, configuration], database);
      return stopped;
    },
  };
}

function createSeries({ engines: { prometheus } }: DashboardConfig, books: Books): SeriesSource {
  if (prometheus === null) return books.recorded.series;
  return createPrometheusHistory({ url: prometheus.url, token: prometheus.token ?? undefined });
}

function createLogs({ engines: { elasticsearch }, logDirectory }: DashboardConfig, deps: DashboardDeps): LogSource {
  const redact = (text: string): string => deps.redact(text);
  return elasticsearch === null ? createLogFiles(logDirectory, redact) : createElasticsearchLogs(elasticsearch, redact);
}

function createBooks(
  { pool }: Database,
  { redact }: DashboardDeps,
  configuration: Configuration,
  nowMs: () => number,
): Books {
  return {
    recorded: createRecorded(pool, redact),
    alerts: createAlertBook(pool, { redact, nowMs, weekly: () => maintenanceOf(configuration.file().document) }),
    deploys: createDeployBook(pool),
    jobs: createJobBook(pool, redact),
  };
}

function surveySources(
  config: DashboardConfig,
  deps: DashboardDeps,
  stored: SurveySources['stored'],
  configuration: Configuration,
  nowMs: () => number,
): SurveySources {
  return {
    targets: () => configuration.file().targets,
    configuration: () => configuration.state(),
    stored,
    live: createLiveLook(deps.redact),
    alerter: createAlerterWatch(config.alerterUrl),
    collectIntervalMs: config.collectIntervalMs,
    nowMs,
    onError: deps.onError,
  };
}

async function stopAll(server: Server, loops: readonly Loop[], database: Database | null): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), STOP_MS);
  await Promise.all([closed, ...loops.map((loop) => loop.stop())]);
  clearTimeout(timer);
  await database?.stop();
}
