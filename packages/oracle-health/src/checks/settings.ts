import type { ConnectionOptions } from 'node:tls';
import type { CheckSettings } from '../check.js';
import { createResolver, type Resolver } from '../connection/resolver.js';
import type { ConnectionContext } from '../connection/socket.js';

/** What every check that opens a connection can be told besides. */
export interface NetworkSettings extends CheckSettings {
  /** Share one resolver (and its cache) among checks. Default: one of its own. */
  readonly resolver?: Resolver;
  /** Certificate authorities, client certificate … where TLS is spoken. */
  readonly tls?: ConnectionOptions;
}

/** The settings alone, without what belongs to one check only; `fallback` fills what was left out. */
export function checkSettings(options: CheckSettings, fallback: CheckSettings & { readonly name: string }) {
  const { name, critical, fatal, timeoutMs, intervalMs, minIntervalMs, warnAfterMs } = options;
  const given = { name, critical, fatal, timeoutMs, intervalMs, minIntervalMs, warnAfterMs };
  const set = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return { ...fallback, ...(set as CheckSettings) } as CheckSettings & { readonly name: string };
}

/** A function that gives each run its connection context. */
export function contextFor({ resolver = createResolver(), tls }: NetworkSettings) {
  return (signal: AbortSignal): ConnectionContext => ({ signal, resolver, ...(tls === undefined ? {} : { tls }) });
}
