import { readdirSync, readFileSync } from 'node:fs';
import type { Family } from '../registry/family.js';
import { labelled, type Registry } from '../registry/registry.js';
import { type DefaultMetric, nothingToStart } from './default-metric.js';

/** CPU, memory and files of the process, under the names that every Prometheus client uses. */
export function processUsage(registry: Registry): DefaultMetric {
  const startedAtSeconds = Date.now() / 1000 - process.uptime();
  const maxFiles = readMaxFiles();
  registry.collect(() => [...cpuAndMemory(startedAtSeconds), ...openFiles(maxFiles)]);
  return nothingToStart;
}

function cpuAndMemory(startedAtSeconds: number): readonly Family[] {
  const cpu = process.cpuUsage();
  const memory = process.memoryUsage();
  return [
    counter('process_cpu_user_seconds_total', 'CPU time spent in the program.', cpu.user / 1e6),
    counter('process_cpu_system_seconds_total', 'CPU time spent in the kernel.', cpu.system / 1e6),
    counter('process_cpu_seconds_total', 'CPU time spent.', (cpu.user + cpu.system) / 1e6),
    gauge('process_start_time_seconds', 'When the process started, in seconds since 1970.', startedAtSeconds),
    gauge('process_resident_memory_bytes', 'Memory in use.', memory.rss),
    gauge('nodejs_heap_size_bytes', 'Size of the JavaScript heap.', memory.heapTotal),
    gauge('nodejs_heap_used_bytes', 'Used part of the JavaScript heap.', memory.heapUsed),
    gauge('nodejs_external_memory_bytes', 'Memory of objects bound to JavaScript ones.', memory.external),
    {
      name: 'nodejs_version_info',
      help: 'The version of Node.js; always 1.',
      type: 'gauge',
      series: [labelled({ version: process.version }, 1)],
    },
    {
      name: 'nodejs_active_resources',
      help: 'What keeps the event loop alive, by type.',
      type: 'gauge',
      series: countByName(process.getActiveResourcesInfo()).map(([type, count]) => labelled({ type }, count)),
    },
  ];
}

/** Linux only; elsewhere the families are missing. The limit is read once: it is inherited when the process starts. */
function readMaxFiles(): number | null {
  try {
    const limit = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
    return limit === undefined ? null : Number(limit);
  } catch {
    return null;
  }
}

function openFiles(maxFiles: number | null): readonly Family[] {
  try {
    const open = gauge('process_open_fds', 'Open file descriptors.', readdirSync('/proc/self/fd').length);
    if (maxFiles === null) return [open];
    return [open, gauge('process_max_fds', 'Limit of open file descriptors.', maxFiles)];
  } catch {
    return [];
  }
}

function counter(name: string, help: string, value: number): Family {
  return { name, help, type: 'counter', series: [labelled({}, value)] };
}

function gauge(name: string, help: string, value: number): Family {
  return { name, help, type: 'gauge', series: [labelled({}, value)] };
}

function countByName(names: readonly string[]): readonly (readonly [string, number])[] {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts];
}
