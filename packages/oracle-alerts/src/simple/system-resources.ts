import { statfs } from 'node:fs/promises';
import { freemem, totalmem } from 'node:os';
import { formatValue } from '../messages/format-value.js';

/** When disk and memory are worth an alert. Ratios 0–1. */
export interface ResourceLimits {
  /** Default 0.9. */
  readonly diskRatio?: number;
  /** Default 0.9. */
  readonly memoryRatio?: number;
  /** Where the disk is looked at; default `/`. */
  readonly path?: string;
}

/** How full disk and memory are, 0–1. */
export interface CheckableResources {
  readonly diskUsedRatio: number;
  readonly memoryUsedRatio: number;
}

/** Looks at the disk of a path (as `df` counts it) and at the machine's memory. */
export async function systemResources(path: string): Promise<CheckableResources> {
  const disk = await statfs(path);
  const used = disk.blocks - disk.bfree;
  const usable = used + disk.bavail;
  return { diskUsedRatio: usable === 0 ? 0 : used / usable, memoryUsedRatio: 1 - freemem() / totalmem() };
}

/** What is beyond its limit: exactly 90 % is not. Pure. */
export function checkResources(
  resources: CheckableResources,
  limits: ResourceLimits,
): readonly { readonly key: string; readonly text: string }[] {
  return [
    ...beyond('disk_space_low', 'Disk space low', resources.diskUsedRatio, limits.diskRatio ?? 0.9),
    ...beyond('memory_high', 'Memory high', resources.memoryUsedRatio, limits.memoryRatio ?? 0.9),
  ];
}

function beyond(
  key: string,
  what: string,
  value: number,
  threshold: number,
): readonly { readonly key: string; readonly text: string }[] {
  if (!(value > threshold)) return [];
  const text = `${what}: ${formatValue(value, 'ratio', threshold)} used (threshold: ${formatValue(threshold, 'ratio')})`;
  return [{ key, text }];
}
