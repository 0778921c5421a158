import { randomUUID } from 'node:crypto';
import type { EngineConfig } from '../engine-types.js';

/** A configuration with every default filled in. */
export type EngineSettings = Required<Omit<EngineConfig, 'routes'>> & Pick<EngineConfig, 'routes'>;

/** Fills the defaults in. */
export function settingsOf(config: EngineConfig): EngineSettings {
  return {
    services: config.services,
    rules: config.rules,
    ...(config.routes === undefined ? {} : { routes: config.routes }),
    maintenance: config.maintenance ?? [],
    dashboardUrl: (config.dashboardUrl ?? 'http://127.0.0.1:9000').replace(/\/+$/, ''),
    owner: config.owner ?? randomUUID(),
    checkIntervalMs: config.checkIntervalMs ?? 10_000,
    cooldownMs: config.cooldownMs ?? 300_000,
    groupWaitMs: config.groupWaitMs ?? 2000,
    groupThreshold: config.groupThreshold ?? 5,
    sendTimeoutMs: config.sendTimeoutMs ?? 10_000,
    fallbackAfterMs: config.fallbackAfterMs ?? 12_000,
    leaseMs: config.leaseMs ?? 10_000,
    stopTimeoutMs: config.stopTimeoutMs ?? 4000,
  };
}
