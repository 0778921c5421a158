/** A clock that jumps from timer to timer: hours pass in seconds. What each timer sets off is finished before the next. */
export function createFastClock() {
  let nowMs = 0;
  const timers = new Set();
  const settle = async () => {
    for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  };
  const earliest = () => {
    let first = null;
    for (const timer of timers) if (first === null || timer.dueMs < first.dueMs) first = timer;
    return first;
  };
  return {
    wallMs: () => 1_800_000_000_000 + nowMs,
    monotonicMs: () => nowMs,
    setTimer: (delayMs, run) => {
      const timer = { dueMs: nowMs + delayMs, run };
      timers.add(timer);
      return timer;
    },
    clearTimer: (timer) => void timers.delete(timer),
    /** Lets so much time pass. */
    pass: async (ms) => {
      const untilMs = nowMs + ms;
      for (let next = earliest(); next !== null && next.dueMs <= untilMs; next = earliest()) {
        timers.delete(next);
        nowMs = Math.max(nowMs, next.dueMs);
        next.run();
        await settle();
      }
      nowMs = untilMs;
    },
  };
}
