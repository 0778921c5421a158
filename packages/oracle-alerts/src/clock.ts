/** A timer that was set; opaque. */
export type Timer = object;

/** Time and timers, handed in so that the engine runs on any clock. */
export interface Clock {
  /** Ms since 1970; may jump. */
  wallMs(): number;
  /** Ms since some fixed instant of this process; never jumps. */
  monotonicMs(): number;
  setTimer(delayMs: number, fn: () => void): Timer;
  clearTimer(timer: Timer): void;
}

/** The clock of the machine. Its timers do not keep the process alive unless that is wanted. */
export function createSystemClock({ keepsAlive = false }: { readonly keepsAlive?: boolean } = {}): Clock {
  return {
    wallMs: () => Date.now(),
    monotonicMs: () => performance.now(),
    setTimer: (delayMs, fn) => {
      const timer = setTimeout(fn, delayMs);
      return keepsAlive ? timer : timer.unref();
    },
    clearTimer: (timer) => clearTimeout(timer as NodeJS.Timeout),
  };
}
