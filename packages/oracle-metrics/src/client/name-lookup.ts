import { promises as dns, lookup as systemLookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/** Each DNS server is asked once and this long. */
const DNS_TIMEOUT_MS = 1000;

class RefusedAddress extends Error {
  readonly code = 'ADDRESS_REFUSED';
}

export interface NameLookupOptions {
  /** How long an answer is believed. Default 30,000, range 0 … 3,600,000. A failure is believed for a sixth of it. */
  readonly ttlMs?: number;
  /** Addresses of the DNS servers, `ip` or `ip:port`. Default: those of the system. */
  readonly servers?: readonly string[];
}

/** Names remembered at once; beyond it the oldest is forgotten. */
const NAMES_LIMIT = 10_000;

interface Remembered {
  readonly addresses: Promise<readonly string[]>;
  untilMs: number;
}

/**
 * Finds addresses of hosts without the thread pool that `dns.lookup` shares with files and compression: there, two names
 * whose servers are silent delay every other name of the process. Only a name unknown to DNS is looked up by the
 * system, which knows the hosts file and search domains. Link-local addresses (cloud metadata) are refused. Keep one for
 * all scrapes: it remembers what it found, and asks once for askers at the same time.
 */
export function createNameLookup({ ttlMs = 30_000, servers }: NameLookupOptions = {}): LookupFunction {
  const names = new Map<string, Remembered>();

  function remembered(hostname: string): Promise<readonly string[]> {
    const nowMs = performance.now();
    const known = names.get(hostname);
    if (known !== undefined && nowMs < known.untilMs) return known.addresses;
    const found: Remembered = { addresses: resolveName(hostname, servers), untilMs: nowMs + ttlMs };
    found.addresses.catch(() => {
      found.untilMs = performance.now() + ttlMs / 6;
    });
    names.delete(hostname);
    names.set(hostname, found);
    const oldest = names.size > NAMES_LIMIT ? names.keys().next().value : undefined;
    if (oldest !== undefined) names.delete(oldest);
    return found.addresses;
  }

  return (hostname, options, callback) => {
    remembered(hostname)
      .then((addresses) => {
        const allowed = addresses.filter((address) => !isLinkLocal(address));
        const first = allowed[0];
        if (first === undefined) throw new RefusedAddress('The name leads to a link-local address.');
        if (options.all === true)
          callback(
            null,
            allowed.map((address) => ({ address, family: isIP(address) })),
          );
        else callback(null, first, isIP(first));
      })
      .catch((error: unknown) => callback(error as NodeJS.ErrnoException, '', 0));
  };
}

/**
 * Whether an address is one that no metrics come from: link-local ones (169.254.0.0/16, fe80::/10) and the two elsewhere at
 * which clouds hand out credentials (fd00:ec2::254, 100.100.100.200).
 */
export function isLinkLocal(address: string): boolean {
  const family = isIP(address);
  // Asked at every scrape, and a block list is dear to make.
  if (family !== 6) return family === 4 && (address.startsWith('169.254.') || address === '100.100.100.200');
  const refused = new BlockList();
  refused.addSubnet('169.254.0.0', 16, 'ipv4');
  refused.addAddress('100.100.100.200', 'ipv4');
  refused.addSubnet('fe80::', 10, 'ipv6');
  refused.addAddress('fd00:ec2::254', 'ipv6');
  return refused.check(address, 'ipv6');
}

async function resolveName(hostname: string, servers: readonly string[] | undefined): Promise<readonly string[]> {
  if (isIP(hostname) !== 0) return [hostname];
  if (hostname === 'localhost' || hostname.endsWith('.localhost')) return ['127.0.0.1', '::1'];
  const resolver = new dns.Resolver({ timeout: DNS_TIMEOUT_MS, tries: 1 });
  if (servers !== undefined) resolver.setServers(servers);
  const answers = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)]);
  const addresses = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
  if (addresses.length > 0) return addresses;
  const silent = answers.find(
    (answer) => answer.status === 'rejected' && (answer.reason as { code?: string }).code === 'ETIMEOUT',
  );
  if (silent?.status === 'rejected') throw silent.reason;
  return lookupInSystem(hostname);
}

function lookupInSystem(hostname: string): Promise<readonly string[]> {
  return new Promise((resolve, reject) => {
    systemLookup(hostname, { all: true }, (error, found) => {
      if (error === null) resolve(found.map(({ address }) => address));
      else reject(error);
    });
  });
}
