import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';

import { type Check, type CheckSettings, defineCheck, expectRange } from '../check.js';
import { checkSettings } from './settings.js';

/** Settings of {@link eventLoopCheck}, in milliseconds. */
export interface EventLoopCheckOptions extends CheckSettings {
  /** Delay above which it is a `warning`. Default 100. */
  readonly warningMs?: number;
  /** Delay above which it is an `error` (BLOCKED). Default 1000. */
  readonly errorMs?: number;
}

const resolutionMs = 10;
const nsPerMs = 1e6;

/**
 * The longest delay of the event loop since the last run; before `health.start()`, of one turn.
 * Called `event_loop`; optional.
 */
export function eventLoopCheck(options: EventLoopCheckOptions = {}): Check {
  const { warningMs = 100, errorMs = 1_000 } = options;
  expectRange('eventLoopCheck', 'warningMs', warningMs, 1, 60_000);
  expectRange('eventLoopCheck', 'errorMs', errorMs, warningMs, 600_000);
  let histogram: IntervalHistogram | undefined;
  return defineCheck({
    ...checkSettings(options, { name: 'event_loop', critical: false }),
    watch() {
      histogram = monitorEventLoopDelay({ resolution: resolutionMs });
      histogram.enable();
      return () => {
        histogram?.disable();
        histogram = undefined;
      };
    },
    async run(signal) {
      const value = Math.round(histogram ? takeWorstMs(histogram) : await measureTurnMs(signal));
      const measured = { value, unit: 'milliseconds', detail: `The event loop stood still for ${value} ms` };
      if (value > errorMs) return { status: 'error', error: 'BLOCKED', ...measured };
      if (value > warningMs) return { status: 'warning', error: 'THRESHOLD', ...measured };
      return { status: 'ok', value, unit: 'milliseconds' };
    },
  });
}

// The histogram counts whole intervals, its own resolution included.
function takeWorstMs(histogram: IntervalHistogram): number {
  const worstMs = histogram.count > 0 ? histogram.max / nsPerMs - resolutionMs : 0;
  histogram.reset();
  return Math.max(0, worstMs);
}

async function measureTurnMs(signal: AbortSignal): Promise<number> {
  const startedAt = performance.now();
  await sleep(resolutionMs, undefined, { signal });
  return Math.max(0, performance.now() - startedAt - resolutionMs);
}
