import type { Clock } from '@nps/oracle-alerts';

/** Tells whether this process itself stood still (blocked event loop, SIGSTOP, suspended machine). */
export interface StallWatch {
  start(): void;
  stop(): void;
  /** True when the process stood still at any moment since `monotonicMs`; what was measured across it says nothing. */
  stalledSince(monotonicMs: number): boolean;
}

/** How often the watch looks at the clock, and how late it may be before that counts as standing still. */
const BEAT_MS = 1000;
const TOLERANCE_MS = 1000;

/** Builds a watch; nothing runs before `start()`. */
export function createStallWatch(clock: Clock): StallWatch {
  let lastBeatMs = 0;
  let stalledAtMs = Number.NEGATIVE_INFINITY;
  let timer: ReturnType<Clock['setTimer']> | null = null;

  const look = (): void => {
    const nowMs = clock.monotonicMs();
    if (nowMs - lastBeatMs > BEAT_MS + TOLERANCE_MS) stalledAtMs = nowMs;
  };
  const beat = (): void => {
    look();
    lastBeatMs = clock.monotonicMs();
    timer = clock.setTimer(BEAT_MS, beat);
  };
  return {
    start: () => {
      if (timer !== null) return;
      lastBeatMs = clock.monotonicMs();
      timer = clock.setTimer(BEAT_MS, beat);
    },
    stop: () => {
      if (timer !== null) clock.clearTimer(timer);
      timer = null;
    },
    // After a wake-up the answers of old probes may be handled before the next beat, hence the look.
    stalledSince: (monotonicMs) => {
      look();
      return stalledAtMs >= monotonicMs;
    },
  };
}
