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

const beatMs = 20;

/**
 * The longest delay of the event loop since the last run; before `health.start()`, of one turn.
 * Called `event_loop`; optional.
 */
export function eventLoopCheck(options: EventLoopCheckOptions = {}): Check {
  const { warningMs = 100, errorMs = 1_000 } = options;
  expectRange('eventLoopCheck', 'warningMs', warningMs, 1, 60_000);
  expectRange('eventLoopCheck', 'errorMs', errorMs, warningMs, 600_000);
  let beatAt = 0;
  let worstMs = 0;
  let isWatched = false;
  // Not perf_hooks' histogram: after a reset it misses its first sample.
  const beat = () => {
    worstMs = Math.max(worstMs, performance.now() - beatAt - beatMs);
    beatAt = performance.now();
  };
  const takeWorstMs = () => {
    beat();
    const value = worstMs;
    worstMs = 0;
    return value;
  };
  return defineCheck({
    ...checkSettings(options, { name: 'event_loop', critical: false }),
    watch() {
      beatAt = performance.now();
      isWatched = true;
      const timer = setInterval(beat, beatMs);
      timer.unref();
      return () => {
        clearInterval(timer);
        isWatched = false;
      };
    },
    async run(signal) {
      const value = Math.round(isWatched ? takeWorstMs() : await measureTurnMs(signal));
      const measured = { value, unit: 'milliseconds', detail: `The event loop stood still for ${value} ms` };
      if (value > errorMs) return { status: 'error', error: 'BLOCKED', ...measured };
      if (value > warningMs) return { status: 'warning', error: 'THRESHOLD', ...measured };
      return { status: 'ok', value, unit: 'milliseconds' };
    },
  });
}

async function measureTurnMs(signal: AbortSignal): Promise<number> {
  const startedAt = performance.now();
  await sleep(beatMs, undefined, { signal });
  return Math.max(0, performance.now() - startedAt - beatMs);
}
