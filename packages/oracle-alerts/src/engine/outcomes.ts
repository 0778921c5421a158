import type { Clock } from '../clock.js';
import type { OutboxNotice } from '../store/alert-store.js';

/** A notice that came to its end. */
export interface Outcome {
  readonly notice: OutboxNotice;
  /** Monotonic ms. */
  readonly finishedMs: number;
}

/** Lets a fire drill wait for what becomes of its notices. */
export class Outcomes {
  readonly #clock: Clock;
  readonly #waiters = new Map<string, (outcome: Outcome) => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Resolves with the end of a notice, or undefined after `timeoutMs`. */
  of(noticeId: string, timeoutMs: number): Promise<Outcome | undefined> {
    return new Promise((resolve) => {
      const timer = this.#clock.setTimer(timeoutMs, () => {
        this.#waiters.delete(noticeId);
        resolve(undefined);
      });
      this.#waiters.set(noticeId, (outcome) => {
        this.#clock.clearTimer(timer);
        this.#waiters.delete(noticeId);
        resolve(outcome);
      });
    });
  }

  /** Tells whoever waits for one of these. */
  note(notices: readonly OutboxNotice[]): void {
    for (const notice of notices) {
      if (notice.state !== 'delivered' && notice.state !== 'rejected') continue;
      this.#waiters.get(notice.id)?.({ notice, finishedMs: this.#clock.monotonicMs() });
    }
  }
}
