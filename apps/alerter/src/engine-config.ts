import {
  createAcknowledgeSigner,
  type EngineConfig,
  type Notifier,
  type Rule,
  type ServiceFacts,
  type SignAcknowledgement,
} from '@nps/oracle-alerts';
import type { AlerterConfig } from './config.js';
import { createLogNotifier, type LineLog, withSendLog } from './log-notifier.js';
import { type JudgedSignals, STALE_AFTER_MS } from './observe.js';
import { JOBS_SERVICE } from './observe-jobs.js';
import type { Settings } from './settings.js';
import { serviceFacts } from './visit.js';

/** What the engine is told of the configuration. Pure. */
export function engineConfig(config: AlerterConfig, settings: Settings): EngineConfig {
  const { rules, routes, maintenance } = settings;
  return {
    services: watchedServices(settings),
    rules,
    ...(routes.length > 0 ? { routes } : {}),
    maintenance,
    ...(config.name === null ? {} : { owner: config.name }),
    checkIntervalMs: config.checkIntervalMs,
    cooldownMs: config.cooldownMs,
    ...(config.dashboardUrl === null ? {} : { dashboardUrl: config.dashboardUrl }),
  };
}

/** Links that acknowledge lead to the dashboard and need a secret it shares; without both there are none. */
export function acknowledgeSigner({ dashboardUrl, ackLinkSecret }: AlerterConfig): SignAcknowledgement | undefined {
  return dashboardUrl === null || ackLinkSecret === null ? undefined : createAcknowledgeSigner(ackLinkSecret);
}

/** The targets, and the jobs that belong to none of them. */
function watchedServices({ targets }: Settings): readonly ServiceFacts[] {
  const own = targets.map(serviceFacts);
  return own.some(({ name }) => name === JOBS_SERVICE.name) ? own : [...own, JOBS_SERVICE];
}

/** The channels as the engine uses them: each writes what it sent to the log; without any, the log itself is the channel. */
export function tellingChannels(settings: Settings, log: LineLog): Readonly<Record<string, Notifier>> {
  const channels = Object.entries(settings.notifiers);
  if (channels.length === 0) return { log: createLogNotifier(log) };
  return Object.fromEntries(channels.map(([name, notifier]) => [name, withSendLog(name, notifier, log)]));
}

const judged = new WeakMap<readonly Rule[], JudgedSignals>();

/** The signals that some rule judges. Asked at every scrape: found once per list of rules. */
export function judgedSignals(rules: readonly Rule[]): JudgedSignals {
  const known = judged.get(rules);
  if (known !== undefined) return known;
  const signals = new Map<string, number>();
  for (const rule of rules) {
    const staleAfterMs = rule.staleAfterSeconds === undefined ? STALE_AFTER_MS : rule.staleAfterSeconds * 1000;
    for (const name of [rule.signal, rule.over, rule.orSignal]) {
      if (name !== undefined) signals.set(name, Math.max(signals.get(name) ?? 0, staleAfterMs));
    }
  }
  judged.set(rules, signals);
  return signals;
}
