import { randomUUID } from 'node:crypto';
import { type Clock, createMemoryStore, createSystemClock, type EngineRole } from '@nps/oracle-alerts';
import { createPostgresStore } from '@nps/oracle-alerts/postgres';
import { createProber } from '@nps/oracle-health/client';
import type { ProbeResult, Target } from '@nps/oracle-health/contract';
import { createMetrics, type OracleMetrics } from '@nps/oracle-metrics';
import type { Collector } from './collect.js';
import type { AlerterConfig } from './config.js';
import { createConnectivity, defaultWitnesses } from './connectivity.js';
import { createDatabase, type Database } from './database.js';
import { judgedSignals } from './engine-config.js';
import { createHeartbeat, type Heartbeat, isSound, sendBeat } from './heartbeat.js';
import { createJobWatch } from './job-watch.js';
import { createJudging, type Judging } from './judging.js';
import type { LineLog } from './log-notifier.js';
import { allMigrations } from './migrations.js';
import { createRecording, type Recording } from './recording.js';
import type { Repeat } from './repeat.js';
import { createReplicas, ownAddress, REPLICA_PATH, type Replicas } from './replicas.js';
import { createServing, type Serving } from './serving.js';
import type { Settings } from './settings.js';
import { createSettingsWatch, type SettingsSource, type SettingsWatch } from './settings-watch.js';
import { shownList } from './shown-list.js';
import { createTroubleLog, type TroubleLog } from './trouble-log.js';
import { createWatch } from './watch.js';

/** What an alerter is handed. */
export interface AlerterDeps {
  readonly settings: Settings;
  /** The files the settings came from, to be watched for changes. */
  readonly source: SettingsSource;
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
  /** Takes the configuration file as it is now. */
  reload(): Promise<void>;
}

/** In the order in which they start. */
interface Parts {
  readonly serving: Serving;
  readonly database: Database | null;
  readonly recording: Recording | null;
  readonly replicas: Replicas | null;
  readonly judging: Judging;
  readonly watch: Collector;
  readonly jobWatch: Repeat | null;
  readonly heartbeat: Heartbeat | null;
  readonly settingsWatch: SettingsWatch;
}

/** Builds an alerter out of its configuration. */
export function createAlerter(config: AlerterConfig, deps: AlerterDeps): Alerter {
  const ground = createGround(config, deps);
  const parts = createParts(ground);
  let stopping: Promise<void> | null = null;
  return {
    start: () => {
      const addressAt = (port: number): string => config.advertiseUrl ?? ownAddress(config.host, port);
      return start(parts, addressAt, () => ground.phase === 'stopping');
    },
    stop: () => {
      ground.phase = 'stopping';
      stopping ??= stop(parts);
      return stopping;
    },
    reload: async () => {
      await parts.settingsWatch.reload();
    },
  };
}

async function start(
  parts: Parts,
  addressAt: (port: number) => string,
  isStopping: () => boolean,
): Promise<{ readonly port: number }> {
  const { serving, database, recording, replicas, judging, jobWatch, heartbeat, settingsWatch } = parts;
  // First, so that a taken port ends the start before anything else is touched.
  const { port } = await serving.start();
  await database?.start();
  // A signal may come while the database is waited for.
  if (isStopping()) return { port };
  recording?.start();
  await replicas?.start(addressAt(port));
  // It starts the watch when it leads.
  await judging.start();
  jobWatch?.start();
  heartbeat?.start();
  settingsWatch.start();
  return { port };
}

async function stop(parts: Parts): Promise<void> {
  const { serving, database, recording, replicas, judging, watch, jobWatch, heartbeat, settingsWatch } = parts;
  serving.drain();
  // A database that hangs holds these; what is on its way to people must not wait for them.
  const background = Promise.allSettled([settingsWatch.stop(), heartbeat?.stop(), jobWatch?.stop()]);
  await watch.stop();
  await judging.stop();
  await background;
  await Promise.all([recording?.stop(), replicas?.stop()]);
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
  /** The settings in use; replaced by a reload. */
  settings: Settings;
  phase: 'running' | 'stopping';
}

function createParts(ground: Ground): Parts {
  const { config, deps, clock, trouble, probe, database, recording } = ground;
  const connectivity = createConnectivity(defaultWitnesses(config), { clock, probe });
  // Stable while this process lives, whatever engine it builds.
  const name = config.name ?? randomUUID();
  const replicas =
    database === null
      ? null
      : meetReplicas(database, name, ground, {
          replica: () => judging.replica(),
          yieldTo: (epoch) => judging.yieldTo(epoch),
        });
  const judging = createJudging({ ...config, name }, deps.settings, {
    ...deps,
    ...(replicas === null ? {} : { askReplicas: replicas.ask }),
    clock,
    store: database === null ? createMemoryStore() : createPostgresStore({ pool: database.pool }),
    connectivity: connectivity.check,
    onError: (error) => trouble('alerts', error),
    onRole: (role) => takeRole(role, ground, watch),
  });
  const watch = createWatch(deps.settings.targets, config.collectIntervalMs, {
    clock,
    probe,
    engine: judging,
    connectivity,
    recorder: recording?.recorder ?? null,
    judgedSignals: () => judgedSignals(ground.settings.rules),
    onError: (error) => trouble('collect', error),
  });
  const jobWatch = database === null ? null : watchJobs(database, ground, judging);
  const heartbeat = createOutwardHeartbeat(ground, judging);
  const settingsWatch = watchSettings(deps.source, ground, judging, watch);
  const serving = createOwnPort(ground, { replicas, judging, watch, heartbeat, settingsWatch });
  return { serving, database, recording, replicas, judging, watch, jobWatch, heartbeat, settingsWatch };
}

function createGround(config: AlerterConfig, deps: AlerterDeps): Ground {
  const clock = deps.clock ?? createSystemClock();
  const trouble = createTroubleLog(deps.log, clock);
  const metrics = createMetrics({ service: 'alerter', version: deps.version });
  const prober = createProber();
  const probe: Ground['probe'] = (target, signal) => metrics.track('probe', () => prober.probe(target, { signal }));
  const database = config.databaseUrl === null ? null : openDatabase(config.databaseUrl, clock, deps.log, trouble);
  const recording = createRecording(database, config.remoteWrite, { clock, trouble });
  return {
    config,
    deps,
    clock,
    trouble,
    metrics,
    probe,
    database,
    recording,
    settings: deps.settings,
    phase: 'running',
  };
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

/** Only the leader looks at the targets and records what it saw. */
function takeRole(role: EngineRole, { deps, recording, phase }: Ground, watch: Collector): void {
  if (phase === 'stopping') return;
  const isLeader = role === 'leader';
  deps.log.info(isLeader ? 'leading: watching all targets' : 'standing by: another alerter leads', {
    action: 'role',
    role,
  });
  if (isLeader) return watch.start();
  recording?.recorder.discard();
  void watch.stop();
}

function meetReplicas(
  database: Database,
  name: string,
  ground: Ground,
  engine: Pick<Judging, 'replica' | 'yieldTo'>,
): Replicas {
  return createReplicas({
    clock: ground.clock,
    database,
    name,
    engine,
    onError: (error) => ground.trouble('replicas', error),
  });
}

function watchJobs(database: Database, ground: Ground, judging: Judging): Repeat {
  return createJobWatch(database, {
    clock: ground.clock,
    engine: judging,
    services: () => new Set(ground.settings.targets.map(({ name }) => name)),
    everyMs: ground.config.checkIntervalMs,
    onError: (error) => ground.trouble('jobs', error),
  });
}

function createOutwardHeartbeat({ config, clock, trouble }: Ground, judging: Judging): Heartbeat | null {
  if (config.heartbeat === null) return null;
  return createHeartbeat(config.heartbeat, {
    clock,
    send: sendBeat,
    isSound: () => isSound(judging.status(), config.checkIntervalMs, clock.wallMs()),
    onError: (error) => trouble('heartbeat', error),
  });
}

function watchSettings(source: SettingsSource, ground: Ground, judging: Judging, watch: Collector): SettingsWatch {
  const { log } = ground.deps;
  return createSettingsWatch(source, {
    clock: ground.clock,
    apply: async (settings) => {
      await watch.retarget(settings.targets);
      await judging.apply(settings);
      ground.settings = settings;
    },
    onApplied: ({ targets, rules }) =>
      log.info(`configuration and secret files taken: ${targets.length} targets, ${rules.length} rules`, {
        action: 'reload',
      }),
    onRefused: (faults) =>
      log.warn(`the changed configuration is not used, the old one holds: ${shownList(faults).join('; ')}`, {
        action: 'reload',
      }),
  });
}

function createOwnPort(
  ground: Ground,
  parts: Pick<Parts, 'replicas' | 'judging' | 'watch' | 'heartbeat' | 'settingsWatch'>,
): Serving {
  const { config, deps, clock, trouble, metrics, database, recording } = ground;
  const { replicas, judging, watch, heartbeat, settingsWatch } = parts;
  return createServing(config, {
    routes:
      replicas === null ? {} : { [`GET ${REPLICA_PATH}`]: replicas.answer, [`POST ${REPLICA_PATH}`]: replicas.yield },
    metrics,
    redact: deps.redact,
    version: deps.version,
    onError: (error) => trouble('health', error),
    own: {
      databaseUrl: config.databaseUrl,
      collectIntervalMs: config.collectIntervalMs,
      checkIntervalMs: config.checkIntervalMs,
      now: clock.wallMs,
      engine: judging.status,
      collect: watch.status,
      channels: () => Object.keys(ground.settings.notifiers),
      settings: settingsWatch.state,
    },
    figures: () => ({
      engine: judging.status(),
      collect: watch.status(),
      record: recording?.status().database ?? null,
      remote: recording?.status().remote ?? null,
      database: database?.state() ?? 'none',
      lastHeartbeatAt: heartbeat?.lastBeatAt() ?? null,
    }),
  });
}
