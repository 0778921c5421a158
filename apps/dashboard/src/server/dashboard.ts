import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Target } from '@nps/oracle-health/contract';
import type { HistoryReply } from '../contract/history.js';
import { createAlertBook } from './alert-book.js';
import { createAlerterWatch } from './alerter-watch.js';
import type { DashboardConfig } from './config.js';
import { createDatabase } from './database.js';
import { DashboardError } from './errors.js';
import { createGuard } from './guard.js';
import type { Handlers } from './handler.js';
import { createAlertsHandler } from './handlers/alerts.js';
import { createHistoryHandler } from './handlers/history.js';
import { createProbeHandlers } from './handlers/probes.js';
import { createServiceHandler } from './handlers/service.js';
import { createSessionHandler } from './handlers/session.js';
import { createStatusHandler } from './handlers/status.js';
import { createHttp } from './http.js';
import { createLiveLook } from './live.js';
import { createPage } from './page.js';
import { createRecorded } from './recorded.js';
import { createSessions } from './sessions.js';
import { createSurvey, type Survey, type SurveySources } from './survey.js';
import type { TargetsFile } from './targets-file.js';

export interface DashboardDeps {
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
  const nowMs = deps.nowMs ?? Date.now;
  const stored = createStored(config, deps);
  const survey = createSurvey(surveySources(config, deps, stored, nowMs));
  const guard = createGuard(config, createSessions(nowMs));
  let phase: 'running' | 'stopping' = 'running';
  const shared = {
    recorded: stored?.recorded ?? null,
    book: stored?.book ?? null,
    survey,
    nowMs,
    onError: deps.onError,
  };
  const handlers: Handlers = {
    status: createStatusHandler(survey),
    service: createServiceHandler(shared),
    history: createHistoryHandler({ ...shared, marks: (service, from, to) => readMarks(stored, service, from, to) }),
    alerts: createAlertsHandler(shared),
    session: createSessionHandler(guard),
    ...createProbeHandlers(survey, () => phase),
  };
  const app = createHttp({ handlers, guard, page: createPage(deps.pageDirectory), nowMs, onError: deps.onError });
  const server = createServer(
    { headersTimeout: 10_000, requestTimeout: 15_000, keepAliveTimeout: 65_000, connectionsCheckingInterval: 5000 },
    app,
  );
  let stopped: Promise<void> | undefined;
  return {
    async start() {
      const port = await listen(server, config);
      await survey.start();
      return { port };
    },
    stop() {
      phase = 'stopping';
      stopped ??= stopAll(server, survey, stored);
      return stopped;
    },
  };
}

async function readMarks(
  stored: Stored | null,
  service: string,
  from: string,
  to: string,
): Promise<Pick<HistoryReply, 'alerts' | 'deploys'>> {
  return { alerts: stored === null ? [] : await stored.book.bands(service, from, to), deploys: [] };
}

type Stored = NonNullable<SurveySources['stored']>;

function createStored(config: DashboardConfig, deps: DashboardDeps): Stored | null {
  if (config.databaseUrl === null) return null;
  const database = createDatabase(config.databaseUrl, deps.onError);
  return {
    database,
    recorded: createRecorded(database.pool, deps.redact),
    book: createAlertBook(database.pool, deps.redact),
  };
}

function surveySources(
  config: DashboardConfig,
  deps: DashboardDeps,
  stored: Stored | null,
  nowMs: () => number,
): SurveySources {
  const targets: readonly Target[] = deps.file.targets;
  return {
    targets,
    stored,
    live: createLiveLook(deps.redact),
    alerter: createAlerterWatch(config.alerterUrl),
    collectIntervalMs: config.collectIntervalMs,
    nowMs,
    onError: deps.onError,
  };
}

function listen(server: Server, { host, port }: DashboardConfig): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => {
      const code = 'code' in cause ? String(cause.code) : 'unknown';
      const why =
        code === 'EADDRINUSE'
          ? 'is in use by another program; stop it or set DASHBOARD_PORT'
          : `cannot be listened on (${code})`;
      reject(new DashboardError('UNAVAILABLE', `Port ${port} on ${host} ${why}.`, { cause }));
    });
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
}

async function stopAll(server: Server, survey: Survey, stored: Stored | null): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), STOP_MS);
  await Promise.all([closed, survey.stop()]);
  clearTimeout(timer);
  await stored?.database.stop();
}
