import {
  type AlertEngine,
  type Clock,
  createAlertEngine,
  createMemoryStore,
  createSystemClock,
  type EngineRole,
} from '@nps/oracle-alerts';
import { createPostgresAlertStore } from '@nps/oracle-alerts/postgres';
import { createProber } from '@nps/oracle-health/client';
import type { ProbeResult, Target } from '@nps/oracle-health/contract';
import { createMetrics, type OracleMetrics } from '@nps/oracle-metrics';
import type { Collector } from './collect.js';
import type { AlerterConfig } from './config.js';
import { type Connectivity, createConnectivity, defaultWitnesses } from './connectivity.js';
import { createDatabase, type Database } from './database.js';
import { engineConfig, tellingChannels, wantedSignals } from './engine-config.js';
import { createHeartbeat, type Heartbeat, isSound, sendBeat } from './heartbeat.js';
import type { LineLog } from './log-notifier.js';
import { allMigrations } from './migrations.js';
import { createRecording, type Recording } from './recording.js';
import { createServing, type Serving } from './serving.js';
import type { Settings } from './settings.js';
import { createTroubleLog, type TroubleLog } from './trouble-log.js';
import { createWatch } from './watch.js';

/** What an alerter is handed. */
export interface AlerterDeps {
  readonly settings: Settings;
  readonly log: LineLog;
  /** Takes secrets out of text; oracle-logger's. */
  readonly redact: (text: string) => string;
  readonly version: string;
  /** Default: the machine's. */
  readonly clock?: Clock;
}

/** A whole alerter. Nothing runs before `start()`. */
export interface Alerter {
  /** @throws AlerterError LISTEN_FAILED when the port is taken */
  start(): Promise<{ readonly port: number }>;
  /** In reverse order; what waits is written first. Idempotent. */
  stop(): Promise<void>;
  readonly engine: AlertEngine;
}

/** In the order in which they start. */
interface Parts {
  readonly serving: Serving;
  readonly database: Database | null;
  readonly recording: Recording | null;
  readonly engine: AlertEngine;
  readonly watch: Collector;
  readonly heartbeat: Heartbeat | null;
}

/** Builds an alerter out of its configuration. */
export function createAlerter(config: AlerterConfig, deps: AlerterDeps): Alerter {
  const parts = createParts(config, deps);
  let stopping: Promise<void> | null = null;
  return {
    engine: parts.engine,
    start: () => start(parts),
    stop: () => {
      stopping ??= stop(parts);
      return stopping;
    },
  };
}

async function start({ serving, database, recording, engine, heartbeat }: Parts): Promise<{ readonly port: number }> {
  // First, so that a taken port ends the start before anything else is touched.
  const { port } = await serving.start();
  await database?.start();
  recording?.start();
  // The engine starts the watch when it leads.
  await engine.start();
  heartbeat?.start();
  return { port };
}

async function stop({ serving, database, recording, engine, watch, heartbeat }: Parts): Promise<void> {
  serving.drain();
  await heartbeat?.stop();
  await watch.stop();
  await engine.stop();
  await recording?.stop();
  await database?.stop();
  await serving.stop();
}

/** What all parts stand on. */
interface Ground {
  readonly config: AlerterConfig;
  readonly deps: AlerterDeps;
  readonly clock: Clock;
  readonly trouble: TroubleLog;
  readonly metrics: OracleMetrics;
  readonly probe: (target: Target, signal?: AbortSignal) => Promise<ProbeResult>;
  readonly database: Database | null;
  readonly recording: Recording | null;
}

function createParts(config: AlerterConfig, deps: AlerterDeps): Parts {
  const ground = createGround(config, deps);
  const connectivity = createConnectivity(defaultWitnesses(config), ground);
  const engine = createEngine(ground, connectivity, (role) => {
    const lead = role === 'leader';
    deps.log.info(lead ? 'leading: watching all targets' : 'standing by: another alerter leads', {
      action: 'role',
      role,
    });
    if (lead) return watch.start();
    ground.recording?.recorder.discard();
    void watch.stop();
  });
  const wanted = wantedSignals(deps.settings.rules);
  const watch = createWatch(deps.settings.targets, config.collectIntervalMs, {
    ...ground,
    engine,
    connectivity,
    recorder: ground.recording?.recorder ?? null,
    wantedSignals: () => wanted,
    onError: (error) => ground.trouble('collect', error),
  });
  return {
    database: ground.database,
    recording: ground.recording,
    engine,
    watch,
    ...createFront(ground, engine, watch),
  };
}

function createGround(config: AlerterConfig, deps: AlerterDeps): Ground {
  const clock = deps.clock ?? createSystemClock();
  const trouble = createTroubleLog(deps.log, clock);
  const metrics = createMetrics({ service: 'alerter', version: deps.version });
  const prober = createProber();
  const probe: Ground['probe'] = (target, signal) => metrics.track('probe', () => prober.probe(target, { signal }));
  const database = config.databaseUrl === null ? null : openDatabase(config.databaseUrl, clock, deps.log, trouble);
  const recording = database === null ? null : createRecording(database, { clock, trouble });
  return { config, deps, clock, trouble, metrics, probe, database, recording };
}

function openDatabase(url: string, clock: Clock, log: LineLog, trouble: TroubleLog): Database {
  return createDatabase(url, {
    clock,
    migrations: allMigrations,
    onReady: (applied) =>
      log.info(`database ready, ${applied.length} migrations applied`, { action: 'database', applied }),
    onError: (error) => trouble('database', error),
  });
}

function createEngine(
  { config, deps, clock, database, trouble }: Ground,
  connectivity: Connectivity,
  onRole: (role: EngineRole) => void,
): AlertEngine {
  return createAlertEngine(engineConfig(config, deps.settings), {
    clock,
    store: database === null ? createMemoryStore() : createPostgresAlertStore({ pool: database.pool }),
    notifiers: tellingChannels(deps.settings, deps.log),
    redact: deps.redact,
    connectivity: connectivity.check,
    onError: (error) => trouble('alerts', error),
    onRole,
  });
}

/** What faces the outside: the port and the heartbeat. */
function createFront(ground: Ground, engine: AlertEngine, watch: Collector): Pick<Parts, 'serving' | 'heartbeat'> {
  const { config, deps, clock, trouble, metrics, database, recording } = ground;
  const heartbeat =
    config.heartbeat === null
      ? null
      : createHeartbeat(config.heartbeat, {
          clock,
          send: sendBeat,
          isSound: () => isSound(engine.status(), config.checkIntervalMs, clock.wallMs()),
          onError: (error) => trouble('heartbeat', error),
        });
  const serving = createServing(config, {
    metrics,
    redact: deps.redact,
    version: deps.version,
    onError: (error) => trouble('health', error),
    own: {
      databaseUrl: config.databaseUrl,
      collectIntervalMs: config.collectIntervalMs,
      checkIntervalMs: config.checkIntervalMs,
      now: clock.wallMs,
      engine: engine.status,
      collect: watch.status,
      channels: () => Object.keys(deps.settings.notifiers),
      settings: () => ({ faults: [] }),
    },
    figures: () => ({
      engine: engine.status(),
      collect: watch.status(),
      record: recording?.recorder.status() ?? null,
      database: database?.state() ?? 'none',
      lastHeartbeatAt: heartbeat?.lastBeatAt() ?? null,
    }),
  });
  return { serving, heartbeat };
}
