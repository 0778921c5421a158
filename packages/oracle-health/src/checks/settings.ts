import type { ConnectionOptions } from 'node:tls';
import { type CheckSettings, expectRange } from '../check.js';
import { createResolver, type Resolver } from '../connection/resolver.js';
import type { ConnectionContext } from '../connection/socket.js';
import { HealthError } from '../errors.js';

/** What every check that opens a connection can be told besides. */
export interface NetworkSettings extends CheckSettings {
  /** Share one resolver (and its cache) among checks. Default: one of its own. */
  readonly resolver?: Resolver;
  /** Certificate authorities, client certificate … where TLS is spoken. */
  readonly tls?: ConnectionOptions;
}

/** @throws HealthError `INVALID_OPTION` unless there is a host, and a port from 1 to 65535 */
export function expectEndpoint(
  owner: string,
  { host, port }: { readonly host: unknown; readonly port: unknown },
): void {
  if (typeof host !== 'string' || host === '') throw new HealthError('INVALID_OPTION', `${owner}: expected a host`);
  expectRange(owner, 'port', Number(port), 1, 65_535);
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
