import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';

/** What the machine's own files say about names. c-ares' queries read neither the hosts file nor the search list. */
export interface NameFiles {
  /** Addresses by lower-case name, from the hosts file. */
  readonly hosts: ReadonlyMap<string, readonly string[]>;
  /** Suffixes to try, from `search` (or `domain`) in resolv.conf. */
  readonly search: readonly string[];
  /** Names with at least this many dots are tried as they are first. */
  readonly ndots: number;
}

const hostsPath = process.platform === 'win32' ? 'C:\\Windows\\System32\\drivers\\etc\\hosts' : '/etc/hosts';
const resolvPath = '/etc/resolv.conf';

/** Reads the hosts file and resolv.conf; a missing file is an empty one. */
export async function readNameFiles(paths: { hosts?: string; resolv?: string } = {}): Promise<NameFiles> {
  const [hosts, resolv] = await Promise.all([
    readFile(paths.hosts ?? hostsPath, 'utf8').catch(() => ''),
    readFile(paths.resolv ?? resolvPath, 'utf8').catch(() => ''),
  ]);
  return { hosts: parseHosts(hosts), ...parseResolvConf(resolv) };
}

/** hosts(5): an address, then its names; `#` starts a comment. */
export function parseHosts(text: string): Map<string, string[]> {
  const hosts = new Map<string, string[]>();
  for (const line of text.split(/\r?\n/)) {
    const [address, ...names] = line.replace(/#.*/, '').trim().split(/\s+/);
    if (address === undefined || isIP(address) === 0) continue;
    for (const name of names) {
      const key = name.toLowerCase();
      hosts.set(key, [...(hosts.get(key) ?? []), address]);
    }
  }
  return hosts;
}

/** resolv.conf(5): the last `search` or `domain` line counts; `options ndots:n`, 1 by default, at most 15. */
export function parseResolvConf(text: string): { search: string[]; ndots: number } {
  let search: string[] = [];
  let ndots = 1;
  for (const line of text.split(/\r?\n/)) {
    const [word, ...rest] = line
      .replace(/[#;].*/, '')
      .trim()
      .split(/\s+/);
    if (word === 'search' || word === 'domain') search = rest.filter((suffix) => suffix !== '.');
    if (word !== 'options') continue;
    for (const option of rest) {
      const match = /^ndots:(\d+)$/.exec(option);
      if (match) ndots = Math.min(15, Number(match[1]));
    }
  }
  return { search, ndots };
}

/** The absolute names to ask for, in order, as resolv.conf(5) orders them. */
export function candidateNames(name: string, { search, ndots }: Pick<NameFiles, 'search' | 'ndots'>): string[] {
  if (name.endsWith('.')) return [name.slice(0, -1)];
  const dots = name.split('.').length - 1;
  const suffixed = search.map((suffix) => `${name}.${suffix.replace(/\.$/, '')}`);
  return dots >= ndots ? [name, ...suffixed] : [...suffixed, name];
}
