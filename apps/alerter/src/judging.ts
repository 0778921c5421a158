import {
  type AlertEngine,
  type AlertStore,
  type Clock,
  createAlertEngine,
  type EngineDeps,
  type EngineRole,
} from '@nps/oracle-alerts';
import type { AlerterConfig } from './config.js';
import { acknowledgeSigner, engineConfig, tellingChannels } from './engine-config.js';
import type { LineLog } from './log-notifier.js';
import type { Settings } from './settings.js';

/** The engine behind settings that may change. */
export interface Judging extends Pick<AlertEngine, 'start' | 'stop' | 'observe' | 'status' | 'replica' | 'yieldTo'> {
  /** Takes new rules, routes and services; other channels need a new engine on the same store. */
  apply(settings: Settings): Promise<void>;
}

/** What engines are built from. */
export interface JudgingDeps {
  readonly clock: Clock;
  readonly store: AlertStore;
  readonly log: LineLog;
  readonly redact: (text: string) => string;
  readonly connectivity: () => Promise<boolean>;
  readonly askReplicas?: NonNullable<EngineDeps['askReplicas']>;
  readonly onRole: (role: EngineRole) => void;
  readonly onError: (error: unknown) => void;
}

/** Builds the engine of these settings; nothing runs before `start()`. */
export function createJudging(config: AlerterConfig, initial: Settings, deps: JudgingDeps): Judging {
  const build = (settings: Settings): AlertEngine =>
    createAlertEngine(engineConfig(config, settings), {
      ...deps,
      notifiers: tellingChannels(settings, deps.log),
      signAcknowledgement: acknowledgeSigner(config),
    });
  let settings = initial;
  let engine = build(settings);
  return {
    start: () => engine.start(),
    stop: () => engine.stop(),
    observe: (observations) => engine.observe(observations),
    status: () => engine.status(),
    replica: () => engine.replica(),
    yieldTo: (epoch) => engine.yieldTo(epoch),
    apply: async (next) => {
      const hasSameChannels = next.channelsFingerprint === settings.channelsFingerprint;
      settings = next;
      if (hasSameChannels) return engine.reconfigure(engineConfig(config, next));
      await engine.stop();
      engine = build(next);
      await engine.start();
    },
  };
}
