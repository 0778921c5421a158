import type { Clock, Timer } from '@nps/oracle-alerts';
import type { ProbeResult, Target } from '@nps/oracle-health/contract';
import type { ScrapeResult } from '@nps/oracle-metrics/client';
import type { StallWatch } from './stall.js';

/** When a target is visited. */
export interface Rhythm {
  /** From the start of one visit to the start of the next; default 5 s. */
  readonly intervalMs: number;
  /** From an answer that differs from the one before to the look that confirms it; 3 s (ALERTING 2). */
  readonly reprobeMs: number;
}

/** The world a loop works in. */
export interface VisitDeps {
  readonly clock: Clock;
  /** Asks whether a target works, under a total deadline of its own. */
  readonly probe: (target: Target, signal: AbortSignal) => Promise<ProbeResult>;
  /** Asks for a target's metrics, under a total deadline of its own; null where the target has none. */
  readonly scrape: (target: Target, signal: AbortSignal) => Promise<ScrapeResult> | null;
  readonly onProbe: (target: Target, result: ProbeResult) => void;
  readonly onScrape: (target: Target, result: ScrapeResult) => void;
  /** Told once per finished visit; `discarded` answers were under way while the alerter itself stood still. */
  readonly onVisited: (target: Target, how: 'counted' | 'discarded') => void;
  readonly onError: (error: unknown) => void;
}

/** Whether an answer speaks for or against the target. */
export type Outcome = 'good' | 'bad';

/** Against the target speak a failed probe and a service that says itself that it is down; `degraded` does not. */
export function outcomeOf(result: ProbeResult): Outcome {
  return result.outcome === 'failure' || result.status === 'down' ? 'bad' : 'good';
}

type Verdict = 'same' | 'changed' | 'discarded';

/** Visits begin at marks so far apart, which all targets share: waking once for twenty of them spares a quarter of the CPU time. */
const MARK_MS = 50;
/** A timer may fire so much before its time. */
const EARLY_MS = 2;

/** Visits one target again and again, one visit at a time. Nothing happens before `start`. */
export class TargetLoop {
  readonly target: Target;
  readonly #rhythm: Rhythm;
  readonly #deps: VisitDeps;
  readonly #stall: StallWatch;
  readonly #abort = new AbortController();
  #timer: Timer | null = null;
  #visit: Promise<void> | null = null;
  #lastOutcome: Outcome = 'good';

  constructor(target: Target, rhythm: Rhythm, deps: VisitDeps, stall: StallWatch) {
    this.target = target;
    this.#rhythm = rhythm;
    this.#deps = deps;
    this.#stall = stall;
  }

  /** Begins after `delayMs` and goes on until `stop`. */
  start(delayMs: number): void {
    this.#schedule(delayMs, 'visit');
  }

  /** Ends a visit under way and the rhythm; resolves when nothing is left. Idempotent. */
  async stop(): Promise<void> {
    this.#abort.abort();
    if (this.#timer !== null) this.#deps.clock.clearTimer(this.#timer);
    this.#timer = null;
    await this.#visit;
  }

  /** One visit now, outside the rhythm; joins the one under way. */
  visitOnce(): Promise<void> {
    return this.#begin('visit', 'once');
  }

  #schedule(delayMs: number, what: 'visit' | 'confirmation'): void {
    if (this.#abort.signal.aborted) return;
    const untilMs = what === 'visit' ? this.#toLastMark(delayMs) : delayMs;
    this.#timer = this.#deps.clock.setTimer(Math.max(0, untilMs), () => {
      this.#timer = null;
      // The metrics of the last visit may still be under way when its confirmation is due.
      void (this.#visit ?? Promise.resolve()).then(() => this.#begin(what, 'rhythm'));
    });
  }

  /** The mark before, not after: a visit that began a little late must not put off every further one by a mark. */
  #toLastMark(delayMs: number): number {
    const nowMs = this.#deps.clock.monotonicMs();
    return Math.floor((nowMs + delayMs + EARLY_MS) / MARK_MS) * MARK_MS - nowMs;
  }

  #begin(what: 'visit' | 'confirmation', then: 'once' | 'rhythm'): Promise<void> {
    this.#visit ??= this.#look(what, then).finally(() => {
      this.#visit = null;
    });
    return this.#visit;
  }

  async #look(what: 'visit' | 'confirmation', then: 'once' | 'rhythm'): Promise<void> {
    if (this.#abort.signal.aborted) return;
    const startedMs = this.#deps.clock.monotonicMs();
    // A confirmation asks only whether the target works.
    const scraping = what === 'confirmation' ? null : this.#scrape(startedMs);
    const verdict = await this.#judge(startedMs, scraping);
    // It is due from the answer on, whatever the metrics of the same visit still take.
    if (then === 'rhythm' && verdict === 'changed') this.#schedule(this.#rhythm.reprobeMs, 'confirmation');
    await scraping;
    this.#deps.onVisited(this.target, verdict === 'discarded' ? 'discarded' : 'counted');
    if (then === 'once' || verdict === 'changed') return;
    const elapsedMs = this.#deps.clock.monotonicMs() - startedMs;
    this.#schedule(verdict === 'discarded' ? 0 : this.#rhythm.intervalMs - elapsedMs, 'visit');
  }

  async #judge(startedMs: number, scraping: Promise<ScrapeResult | null> | null): Promise<Verdict> {
    const result = (await this.#proof(startedMs, scraping)) ?? (await this.#probe());
    if (result === null || this.#abort.signal.aborted) return 'same';
    if (this.#stall.stalledSince(startedMs)) return 'discarded';
    const outcome = outcomeOf(result);
    const verdict: Verdict = outcome === this.#lastOutcome ? 'same' : 'changed';
    this.#lastOutcome = outcome;
    this.#deliver(() => this.#deps.onProbe(this.target, result));
    return verdict;
  }

  #probe(): Promise<ProbeResult | null> {
    return this.#guarded(this.#deps.probe(this.target, this.#abort.signal));
  }

  /** A Prometheus page that was read is an answer: while all is well it is not fetched twice. */
  async #proof(startedMs: number, scraping: Promise<ScrapeResult | null> | null): Promise<ProbeResult | null> {
    if (this.target.kind !== 'prometheus' || this.#lastOutcome === 'bad') return null;
    const scraped = await scraping;
    if (scraped?.outcome !== 'samples') return null;
    const latencyMs = Math.round(this.#deps.clock.monotonicMs() - startedMs);
    return { outcome: 'report', status: 'healthy', health: null, latencyMs, at: scraped.at };
  }

  async #scrape(startedMs: number): Promise<ScrapeResult | null> {
    const scraping = this.#deps.scrape(this.target, this.#abort.signal);
    const result = scraping === null ? null : await this.#guarded(scraping);
    if (result === null || this.#abort.signal.aborted || this.#stall.stalledSince(startedMs)) return null;
    this.#deliver(() => this.#deps.onScrape(this.target, result));
    return result;
  }

  /** A client that throws is a fault of ours: it is reported and says nothing about the target. */
  async #guarded<Result>(promise: Promise<Result>): Promise<Result | null> {
    try {
      return await promise;
    } catch (error) {
      this.#deps.onError(error);
      return null;
    }
  }

  #deliver(take: () => void): void {
    try {
      take();
    } catch (error) {
      this.#deps.onError(error);
    }
  }
}
