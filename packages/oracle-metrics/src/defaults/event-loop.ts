import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import type { Family } from '../registry/family.js';
import { labelled, type Registry } from '../registry/registry.js';
import type { DefaultMetric } from './default-metric.js';

/** How often the loop is asked whether it is late; also the grain of what can be seen. */
const RESOLUTION_MS = 10;
const NANOSECONDS = 1e9;

/** How busy the event loop is and, once started, how late it is. The delay is that since the last scrape. */
export function eventLoop(registry: Registry): DefaultMetric {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  let before = performance.eventLoopUtilization();
  let watching = false;
  registry.collect(() => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, before);
    before = now;
    const families = [
      gauge('nodejs_eventloop_utilization_ratio', 'Busy share of the event loop since the last scrape.', utilization),
    ];
    if (!watching || delay.count === 0) return families;
    families.push(
      gauge(
        'nodejs_eventloop_delay_p50_seconds',
        'Median delay of the event loop since the last scrape.',
        delay.percentile(50) / NANOSECONDS,
      ),
      gauge(
        'nodejs_eventloop_delay_p99_seconds',
        'p99 of the delay of the event loop since the last scrape.',
        delay.percentile(99) / NANOSECONDS,
      ),
      gauge(
        'nodejs_eventloop_delay_max_seconds',
        'Longest delay of the event loop since the last scrape.',
        delay.max / NANOSECONDS,
      ),
    );
    delay.reset();
    return families;
  });
  return {
    start() {
      watching = true;
      delay.enable();
    },
    stop() {
      watching = false;
      delay.disable();
    },
  };
}

function gauge(name: string, help: string, value: number): Family {
  return { name, help, type: 'gauge', series: [labelled({}, value)] };
}
