import { constants, PerformanceObserver } from 'node:perf_hooks';
import type { Registry } from '../registry/registry.js';
import type { DefaultMetric } from './default-metric.js';

const kinds: ReadonlyMap<number, string> = new Map([
  [constants.NODE_PERFORMANCE_GC_MINOR, 'minor'],
  [constants.NODE_PERFORMANCE_GC_MAJOR, 'major'],
  [constants.NODE_PERFORMANCE_GC_INCREMENTAL, 'incremental'],
  [constants.NODE_PERFORMANCE_GC_WEAKCB, 'weak_callback'],
]);

/** How long garbage collection stops the program, once started. */
export function garbageCollection(registry: Registry): DefaultMetric {
  const pauses = registry.histogram({
    name: 'nodejs_gc_duration_seconds',
    help: 'Pauses of garbage collection.',
    labels: ['kind'],
  });
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      const { kind = 0 } = (entry as { readonly detail?: { readonly kind?: number } }).detail ?? {};
      pauses.observe(entry.duration / 1000, { kind: kinds.get(kind) ?? 'other' });
    }
  });
  return {
    start: () => observer.observe({ entryTypes: ['gc'] }),
    stop: () => observer.disconnect(),
  };
}
