import type { Operation } from './operation.js';

/** An operation that is being timed. */
export interface RunningOperation {
  /** Ends it; with an error it counts as failed. Only the first call counts. */
  end(error?: unknown): void;
}

/** Told once, when a run ends. */
export interface RunObserver {
  runEnded(run: Run, error: unknown): void;
}

/** Runs that nobody ends must not fill the memory: beyond this many the oldest is no longer listed. */
const LISTED_LIMIT = 10_000;

/** Given to `end` for a failure whose error is `undefined`, as in `Promise.reject()`. */
export const UNKNOWN_ERROR = Symbol('unknown error');

/** A timed run; it is its own node in the list of runs, so that start and end cost no map entry. */
export class Run implements RunningOperation {
  readonly operation: Operation;
  readonly serial: number;
  readonly startedMonotonicMs: number;
  readonly #runs: Runs;
  ended = false;
  listed = false;
  previous: Run | null = null;
  next: Run | null = null;

  constructor(runs: Runs, operation: Operation, serial: number, startedMonotonicMs: number) {
    this.#runs = runs;
    this.operation = operation;
    this.serial = serial;
    this.startedMonotonicMs = startedMonotonicMs;
  }

  end(error?: unknown): void {
    if (this.ended) return;
    this.ended = true;
    this.#runs.finish(this, error);
  }

  /** Forgets the run as if it had not started. */
  cancel(): void {
    if (this.ended) return;
    this.ended = true;
    this.#runs.forget(this);
  }
}

/** The runs that have not ended, oldest first. */
export class Runs {
  readonly #observer: RunObserver;
  #oldest: Run | null = null;
  #newest: Run | null = null;
  #listed = 0;
  #serial = 0;

  constructor(observer: RunObserver) {
    this.#observer = observer;
  }

  start(operation: Operation, monotonicMs: number): Run {
    const run = new Run(this, operation, ++this.#serial, monotonicMs);
    run.previous = this.#newest;
    if (this.#newest === null) this.#oldest = run;
    else this.#newest.next = run;
    this.#newest = run;
    run.listed = true;
    operation.inProgress++;
    if (++this.#listed > LISTED_LIMIT && this.#oldest !== null) this.#unlist(this.#oldest);
    return run;
  }

  finish(run: Run, error: unknown): void {
    if (run.listed) this.#unlist(run);
    this.#observer.runEnded(run, error);
  }

  forget(run: Run): void {
    if (run.listed) this.#unlist(run);
  }

  oldest(limit: number): readonly Run[] {
    const runs: Run[] = [];
    for (let run = this.#oldest; run !== null && runs.length < limit; run = run.next) runs.push(run);
    return runs;
  }

  #unlist(run: Run): void {
    if (run.previous === null) this.#oldest = run.next;
    else run.previous.next = run.next;
    if (run.next === null) this.#newest = run.previous;
    else run.next.previous = run.previous;
    run.previous = null;
    run.next = null;
    run.listed = false;
    run.operation.inProgress--;
    this.#listed--;
  }
}
