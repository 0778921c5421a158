import type { SteadyClock } from './steady-clock.js';

/** Without a turn for so long, this process itself stood still, and what was not heard says nothing. */
const STALL_MS = 60_000;
const MISSED_TURNS = 3;

/** Whether this process itself pays attention: what is not heard meanwhile says nothing. */
export class Attention {
  readonly #steady: SteadyClock;
  #lastTurnAt: number | null = null;
  #leadsSince = 0;
  #sightedSince = Number.NEGATIVE_INFINITY;

  constructor(steady: SteadyClock) {
    this.#steady = steady;
  }

  /** Since when silence of others means something. */
  get sightedSince(): number {
    return this.#sightedSince;
  }

  beginToLead(): void {
    this.#leadsSince = this.#steady.now();
  }

  /** Called at every turn. */
  noteTurn(isIsolated: boolean): void {
    const now = this.#steady.now();
    if (isIsolated || now - (this.#lastTurnAt ?? now) > STALL_MS) this.#sightedSince = now;
    this.#lastTurnAt = now;
  }

  /** Whether the last turn is no longer ago than the pace of the evaluation explains. */
  isEvaluating(checkIntervalMs: number, leaseMs: number): boolean {
    const silentMs = this.#steady.now() - Math.max(this.#lastTurnAt ?? 0, this.#leadsSince);
    return silentMs <= MISSED_TURNS * checkIntervalMs + leaseMs;
  }
}
