import { promises as dns } from 'node:dns';
import { isIP } from 'node:net';

import { HealthError } from '../errors.js';
import { createAddressPolicy } from './address-policy.js';
import { candidateNames, type NameFiles, readNameFiles } from './name-files.js';

/** Settings of a resolver. */
export interface ResolverOptions {
  /** DNS servers as `address` or `address:port`. Default: the system's. */
  readonly servers?: readonly string[];
  /** Time for one query to one server, in milliseconds. Default 500. */
  readonly timeoutMs?: number;
  /** Longest an answer is kept, in milliseconds, whatever its TTL. Default 30000. */
  readonly maxCacheMs?: number;
  /** How long an answer past its time still serves when DNS is silent, in milliseconds. Default 60000. */
  readonly staleMs?: number;
  /** Names kept; the oldest goes first. Default 1000. */
  readonly maxNames?: number;
  /** Other places of the hosts file and resolv.conf. */
  readonly files?: { readonly hosts?: string; readonly resolv?: string };
  /** Monotonic milliseconds. Default `performance.now`. */
  readonly now?: () => number;
}

/** Turns host names into addresses. */
export interface Resolver {
  /**
   * All addresses of a host (IPv4 first), or a `HealthError`: `DNS` when there are none or DNS is silent,
   * `UNREACHABLE` when policy refuses every one of them.
   */
  resolve(host: string, signal?: AbortSignal): Promise<readonly string[]>;
}

interface Answer {
  readonly addresses: readonly string[];
  readonly ttlMs: number;
}

interface Entry extends Answer {
  readonly at: number;
}

// A name that does not exist is asked for again this soon.
const negativeMs = 2_000;
const minCacheMs = 1_000;

/**
 * A resolver of our own on c-ares: `dns.lookup` runs on four shared threads, so two dead names there delay every
 * other lookup of the process by ten seconds. One query per name is in flight, whoever asks.
 */
export function createResolver(options: ResolverOptions = {}): Resolver {
  const { maxNames = 1_000, staleMs = 60_000, now = () => performance.now() } = options;
  const cache = new Map<string, Entry>();
  const pending = new Map<string, Promise<readonly string[]>>();
  const allowed = createAddressPolicy();
  const query = createQuery(options);

  async function refresh(name: string): Promise<readonly string[]> {
    try {
      const answer = await query(name);
      if (cache.size >= maxNames) cache.delete(cache.keys().next().value ?? '');
      cache.delete(name);
      cache.set(name, { ...answer, at: now() });
      return answer.addresses;
    } catch (error) {
      const last = cache.get(name);
      if (last && last.addresses.length > 0 && now() - last.at < last.ttlMs + staleMs) return last.addresses;
      throw new HealthError('DNS', `The name ${name} got no answer from DNS`, error);
    }
  }

  function addressesOf(name: string): Promise<readonly string[]> {
    const entry = cache.get(name);
    if (entry && now() - entry.at < entry.ttlMs) return Promise.resolve(entry.addresses);
    const running = pending.get(name) ?? refresh(name).finally(() => pending.delete(name));
    pending.set(name, running);
    return running;
  }

  return {
    async resolve(host, signal) {
      const name = host.toLowerCase().replace(/^\[(.*)\]$/, '$1');
      const addresses = isIP(name) === 0 ? await abortable(addressesOf(name), signal) : [name];
      if (addresses.length === 0) throw new HealthError('DNS', `The name ${name} has no address`);
      const usable = addresses.filter(allowed);
      if (usable.length > 0) return usable;
      throw new HealthError('UNREACHABLE', `Link-local and metadata addresses are refused: ${name}`);
    },
  };
}

function createQuery({ servers, timeoutMs = 500, maxCacheMs = 30_000, files }: ResolverOptions) {
  return async (name: string): Promise<Answer> => {
    const local: NameFiles = await readNameFiles(files);
    const listed = local.hosts.get(name) ?? (isLocalhost(name) ? ['127.0.0.1', '::1'] : undefined);
    if (listed !== undefined) return { addresses: listed, ttlMs: minCacheMs };
    const resolver = new dns.Resolver({ timeout: timeoutMs, tries: 2 });
    if (servers) resolver.setServers([...servers]);
    for (const candidate of candidateNames(name, local)) {
      const answer = await queryBoth(resolver, candidate);
      if (answer.length === 0) continue;
      const ttlMs = Math.min(...answer.map(({ ttl }) => ttl)) * 1_000;
      const addresses = answer.map(({ address }) => address);
      return { addresses, ttlMs: Math.min(maxCacheMs, Math.max(minCacheMs, ttlMs)) };
    }
    return { addresses: [], ttlMs: negativeMs };
  };
}

// RFC 6761: these names never reach DNS.
function isLocalhost(name: string): boolean {
  return name === 'localhost' || name.endsWith('.localhost');
}

async function queryBoth(resolver: dns.Resolver, name: string) {
  const settled = await Promise.allSettled([
    resolver.resolve4(name, { ttl: true }),
    resolver.resolve6(name, { ttl: true }),
  ]);
  const found = settled.flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
  if (found.length > 0) return found;
  for (const one of settled) {
    if (one.status === 'rejected' && !isAbsence(one.reason)) throw one.reason;
  }
  return [];
}

// ENOTFOUND: no such name; ENODATA: the name has no record of this type; EBADNAME: not a name at all.
function isAbsence(error: unknown): boolean {
  const code = (error as { code?: unknown }).code;
  return code === 'ENOTFOUND' || code === 'ENODATA' || code === 'EBADNAME';
}

/** The promise, or a `DNS` fault as soon as the signal aborts. The promise itself runs on: others may share it. */
function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(new HealthError('DNS', 'DNS gave no answer in time', signal.reason));
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
