import type { Clock, Timer } from '../clock.js';

/** Repeats things on a handed-in clock until it is stopped. */
export class Loops {
  readonly #clock: Clock;
  readonly #timers = new Set<Timer>();
  #isStopped = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Runs `fn` again and again, `delayMs()` after the last run is over: what is slow does not pile up. */
  every(delayMs: () => number, fn: () => Promise<void>): void {
    if (this.#isStopped) return;
    const timer = this.#clock.setTimer(delayMs(), () => {
      this.#timers.delete(timer);
      void fn().finally(() => this.every(delayMs, fn));
    });
    this.#timers.add(timer);
  }

  stop(): void {
    this.#isStopped = true;
    for (const timer of this.#timers) this.#clock.clearTimer(timer);
    this.#timers.clear();
  }
}
