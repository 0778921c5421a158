import { readFile } from 'node:fs/promises';
import { freemem, totalmem } from 'node:os';

/** Memory in use and the most there can be, in bytes. */
export interface MemoryUsage {
  readonly usedBytes: number;
  readonly limitBytes: number;
}

/** Reads the text of a file, or `undefined` if there is none. */
export type ReadText = (path: string) => Promise<string | undefined>;

const readText: ReadText = (path) => readFile(path, 'utf8').catch(() => undefined);

/**
 * What the container may use, or the machine has: cgroup v2 before v1 before /proc/meminfo before the OS's counts.
 * The page cache that can be dropped (`inactive_file`) does not count as used, as in kubelet's working set.
 */
export async function readMemoryUsage(read: ReadText = readText): Promise<MemoryUsage> {
  const machine = (await readMeminfo(read)) ?? { usedBytes: totalmem() - freemem(), limitBytes: totalmem() };
  const v2 = await readCgroup(read, '/sys/fs/cgroup', 'memory.max', 'memory.current', 'inactive_file');
  const v1 =
    v2 ??
    (await readCgroup(
      read,
      '/sys/fs/cgroup/memory',
      'memory.limit_in_bytes',
      'memory.usage_in_bytes',
      'total_inactive_file',
    ));
  // v1 says "no limit" with a number near 2^63.
  return v1 && v1.limitBytes <= machine.limitBytes ? v1 : machine;
}

async function readCgroup(read: ReadText, folder: string, limit: string, usage: string, cacheKey: string) {
  const texts = await Promise.all([limit, usage, 'memory.stat'].map((file) => read(`${folder}/${file}`)));
  const [limitBytes, currentBytes] = texts.slice(0, 2).map((text) => Number(text?.trim() || Number.NaN));
  if (limitBytes === undefined || currentBytes === undefined) return undefined;
  if (!(limitBytes > 0) || !(currentBytes >= 0)) return undefined;
  const cacheBytes = Number(new RegExp(`^${cacheKey} (\\d+)$`, 'm').exec(texts[2] ?? '')?.[1] ?? 0);
  return { usedBytes: Math.max(0, currentBytes - cacheBytes), limitBytes };
}

async function readMeminfo(read: ReadText): Promise<MemoryUsage | undefined> {
  const text = (await read('/proc/meminfo')) ?? '';
  const [total, available] = ['MemTotal', 'MemAvailable'].map((key) => {
    const match = new RegExp(`^${key}:\\s+(\\d+) kB$`, 'm').exec(text);
    return match ? Number(match[1]) * 1024 : undefined;
  });
  if (!total || available === undefined) return undefined;
  return { usedBytes: Math.max(0, total - available), limitBytes: total };
}
