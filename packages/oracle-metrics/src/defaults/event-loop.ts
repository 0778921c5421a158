import { performance } from 'node:perf_hooks';
import { labelled, type Registry } from '../registry/registry.js';
import type { DefaultMetric } from './default-metric.js';

/** How often the loop is asked whether it is late. */
const INTERVAL_MS = 20;

/**
 * How busy the event loop is and, once started, how late it is. A timer of our own, not `monitorEventLoopDelay`: that
 * one forgets the interval in which it is reset, so a block that follows a scrape would not be seen.
 */
export function eventLoop(registry: Registry): DefaultMetric {
  const delays = registry.histogram({
    name: 'nodejs_eventloop_delay_seconds',
    help: 'How late the event loop was, asked every 20 ms.',
  });
  let before = performance.eventLoopUtilization();
  registry.collect(() => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, before);
    before = now;
    return [
      {
        name: 'nodejs_eventloop_utilization_ratio',
        help: 'Busy share of the event loop since the last scrape.',
        type: 'gauge',
        series: [labelled({}, utilization)],
      },
    ];
  });
  let timer: NodeJS.Timeout | undefined;
  return {
    start() {
      if (timer !== undefined) return;
      let lastMs = performance.now();
      timer = setInterval(() => {
        const nowMs = performance.now();
        delays.observe(Math.max(0, nowMs - lastMs - INTERVAL_MS) / 1000);
        lastMs = nowMs;
      }, INTERVAL_MS).unref();
    },
    stop() {
      clearInterval(timer);
      timer = undefined;
    },
  };
}
