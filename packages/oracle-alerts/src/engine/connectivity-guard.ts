import type { Clock } from '../clock.js';
import type { Observation } from '../contract/index.js';
import { within } from './within.js';

/** Failures that the alerter's own network may cause; an answer, even a refusal, came from somewhere. */
const NETWORK_REASONS: ReadonlySet<string> = new Set(['timeout', 'dns', 'unreachable']);
/** Cut off for so long, it says so. */
const TOLD_AFTER_MS = 30_000;
/** One look serves the failures of one moment. */
const FRESH_MS = 1000;
/** A check that hangs says nothing, and a failure is believed. */
const CHECK_DEADLINE_MS = 5000;

/** Lets network-type failures through only while the alerter's own network works (ALERTING 10). */
export class ConnectivityGuard {
  readonly #clock: Clock;
  readonly #check: (() => Promise<boolean>) | undefined;
  readonly #onError: (error: unknown) => void;
  #isolatedSinceMs: number | null = null;
  #wasTold = false;
  #last: { readonly atMs: number; readonly isGood: boolean } | null = null;

  constructor(clock: Clock, check: (() => Promise<boolean>) | undefined, onError: (error: unknown) => void) {
    this.#clock = clock;
    this.#check = check;
    this.#onError = onError;
  }

  get isIsolated(): boolean {
    return this.#isolatedSinceMs !== null;
  }

  /** What of the observations can be believed. */
  async believable(observations: readonly Observation[]): Promise<readonly Observation[]> {
    if (observations.some((observation) => observation.signal === 'up' && observation.value === 1)) this.#reconnect();
    if (!observations.some(isDoubtful) || (await this.#isConnected())) return observations;
    return observations.filter((observation) => !isDoubtful(observation));
  }

  /** Once per isolation, when it has lasted: since when, in ms before now. */
  untoldIsolationMs(): number | null {
    if (this.#isolatedSinceMs === null || this.#wasTold) return null;
    const elapsedMs = this.#clock.monotonicMs() - this.#isolatedSinceMs;
    if (elapsedMs < TOLD_AFTER_MS) return null;
    this.#wasTold = true;
    return elapsedMs;
  }

  async #isConnected(): Promise<boolean> {
    if (this.#check === undefined) return true;
    const nowMs = this.#clock.monotonicMs();
    if (this.#last === null || nowMs - this.#last.atMs > FRESH_MS) {
      const isGood = await this.#checked(this.#check);
      this.#last = { atMs: this.#clock.monotonicMs(), isGood };
    }
    if (this.#last.isGood) this.#reconnect();
    else this.#isolatedSinceMs ??= nowMs;
    return this.#last.isGood;
  }

  async #checked(check: () => Promise<boolean>): Promise<boolean> {
    try {
      return await within(this.#clock, CHECK_DEADLINE_MS, check(), () => true);
    } catch (error) {
      this.#onError(error);
      return true;
    }
  }

  #reconnect(): void {
    this.#isolatedSinceMs = null;
    this.#wasTold = false;
  }
}

function isDoubtful(observation: Observation): boolean {
  return (
    observation.signal === 'up' && observation.value !== 1 && NETWORK_REASONS.has(observation.labels['reason'] ?? '')
  );
}
