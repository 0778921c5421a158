import * as fs from 'node:fs';
import { createDrain, type Drain, type DrainEvent } from './drain.js';
import { createSharedRing, layout, owners, slots, targets } from './layout.js';
import { createOutput, type OutputSetup } from './output.js';
import { claimDrain, createRing, releaseDrain } from './ring.js';
import { startThread, type WriterThread } from './thread.js';

/** Memory for lines accepted and not yet written, in bytes; beyond it the oldest or newest lines are counted and dropped. */
const ringBytes = 8_388_608;

/** Lines are handed over when this many characters are waiting, or at the end of the event loop's turn. */
const batchLength = 16_384;

/** The longest a caller waits for room in a burst, in milliseconds; never again until the writer moves (L10: < 10 ms). */
const patienceMs = 5;

/** How much the callers' thread writes in one go where it has to write itself, in bytes. */
const ownBudgetBytes = 1_048_576;

/** How often a writer thread that died is started again. */
const maxRestarts = 1;

/** What a writer is built from. */
export interface WriterSetup {
  readonly outputs: readonly OutputSetup[];
  /** Told of faults and recoveries, on the callers' thread. */
  readonly onEvent: (event: DrainEvent) => void;
}

/** How a writer does. */
export interface WriterStats {
  /** Bytes accepted and not yet written. */
  readonly heldBytes: number;
  /** Lines dropped since the start: `log_records_dropped_total`. */
  readonly dropped: number;
}

/** Takes lines at once and writes them later, on a thread of its own. Never throws, never waits longer than 5 ms. */
export class LineWriter {
  readonly #shared;
  readonly #ring;
  readonly #setup: WriterSetup;
  #thread: WriterThread | null = null;
  #restarts = 0;
  #ownDrain: Drain | null = null;
  #state: 'idle' | 'threaded' | 'alone' | 'exiting' | 'closed' = 'idle';
  #pending = '';
  #pendingTargets = 0;
  #pendingLines = 0;
  #turnScheduled = false;
  #closing: Promise<void> | null = null;
  #dropped = 0;
  #droppedUnreported = 0;
  #stalledAt: number | null = null;

  constructor(setup: WriterSetup) {
    this.#setup = setup;
    this.#shared = createSharedRing(ringBytes, setup.outputs.length);
    this.#ring = createRing(this.#shared);
    // Now, because starting a thread takes milliseconds, which no log call should.
    if (setup.outputs.length > 0) this.#start();
  }

  /** Accepts one line, its line end included, for the outputs of `lineTargets`. */
  write(line: string, lineTargets: number): void {
    if (lineTargets !== this.#pendingTargets) {
      this.#submit();
      this.#pendingTargets = lineTargets;
    }
    this.#pending += line;
    this.#pendingLines++;
    if (this.#state === 'exiting') this.flushSync(patienceMs);
    else if (this.#pending.length >= batchLength || (lineTargets & targets.errors) !== 0) this.#submit();
    else if (!this.#turnScheduled) {
      this.#turnScheduled = true;
      setImmediate(this.#endTurn);
    }
  }

  stats(): WriterStats {
    return {
      heldBytes: this.#ring.heldBytes() + this.#pending.length,
      dropped: this.#dropped + Atomics.load(this.#shared.control, slots.dropped),
    };
  }

  /** Waits, blocking, until everything is written; false when `timeoutMs` was not enough. For exit paths only. */
  flushSync(timeoutMs: number): boolean {
    this.#submit();
    const deadlineAt = performance.now() + timeoutMs;
    while (this.#ring.heldBytes() > 0) {
      const leftMs = deadlineAt - performance.now();
      if (leftMs <= 0) return false;
      const waitMs = this.#drainHere();
      if (waitMs > 0) this.#ring.waitForRelease(Math.min(leftMs, waitMs, 50));
    }
    return true;
  }

  /** From now on every line is written before `write` returns; the event loop will not turn again. */
  exit(timeoutMs: number): boolean {
    const flushed = this.flushSync(timeoutMs);
    if (this.#state !== 'closed') this.#state = 'exiting';
    return flushed;
  }

  /** Whether the writer thread has been inside one call to the file system, without coming back, for `timeoutMs`. */
  isHung(timeoutMs: number): boolean {
    const { control } = this.#shared;
    const isBusy = () =>
      Atomics.load(control, slots.busy) === 1 && Atomics.load(control, slots.owner) === owners.thread;
    return isBusy() && !this.#ring.waitForRelease(timeoutMs) && isBusy();
  }

  /** Ends the writer when every accepted line is written, or after `timeoutMs`. Lines that come later are dropped. */
  close(timeoutMs: number): Promise<void> {
    this.#closing ??= this.#close(timeoutMs);
    return this.#closing;
  }

  async #close(timeoutMs: number): Promise<void> {
    this.#submit();
    this.#state = 'closed';
    const thread = this.#thread;
    this.#thread = null;
    if (thread !== null) {
      const { control } = this.#shared;
      Atomics.store(control, slots.closing, 1);
      Atomics.add(control, slots.wake, 1);
      Atomics.notify(control, slots.wake);
      await thread.end(timeoutMs);
    }
    this.flushSync(thread === null ? timeoutMs : patienceMs);
    this.#ownDrain?.close();
  }

  readonly #endTurn = (): void => {
    this.#turnScheduled = false;
    this.#submit();
    if (this.#state === 'alone' && this.#drainHere() !== Infinity) this.#scheduleTurn();
  };

  #scheduleTurn(): void {
    if (this.#turnScheduled) return;
    this.#turnScheduled = true;
    setTimeout(this.#endTurn, 50).unref();
  }

  /** Moves the waiting lines into the ring. */
  #submit(): void {
    if (this.#pendingLines === 0) return;
    const accepted =
      this.#state !== 'closed' && (this.#ring.push(this.#pending, this.#pendingTargets) || this.#pushWithPatience());
    if (!accepted) {
      this.#dropped += this.#pendingLines;
      this.#droppedUnreported += this.#pendingLines;
    }
    this.#pending = '';
    this.#pendingLines = 0;
    if (accepted && this.#droppedUnreported > 0) this.#reportDropped();
  }

  #pushWithPatience(): boolean {
    const released = Atomics.load(this.#shared.control, slots.released);
    if (this.#stalledAt === released) return false;
    if (this.#drainHere() === Infinity || this.#ring.waitForRelease(patienceMs)) {
      this.#stalledAt = null;
      if (this.#ring.push(this.#pending, this.#pendingTargets)) return true;
    }
    this.#stalledAt = Atomics.load(this.#shared.control, slots.released);
    return false;
  }

  #reportDropped(): void {
    const dropped = this.#droppedUnreported;
    this.#droppedUnreported = 0;
    setImmediate(this.#setup.onEvent, { kind: 'recovered', output: 'memory', dropped });
  }

  /** Writes on this thread where no writer thread does; milliseconds as in `Drain.step`, 50 when the thread does. */
  #drainHere(): number {
    const { control } = this.#shared;
    if (!claimDrain(control, owners.caller)) return 50;
    this.#ownDrain ??= createDrain({
      ...this.#shared,
      layout,
      outputs: this.#setup.outputs.map((setup) => ({ targets: setup.targets, output: createOutput(fs, setup) })),
      now: () => performance.now(),
      // Later, not now: the listener may log, which must not happen in the middle of a step.
      report: (event) => setImmediate(this.#setup.onEvent, event),
    });
    try {
      return this.#ownDrain.step(ownBudgetBytes);
    } finally {
      releaseDrain(control, owners.caller);
    }
  }

  #start(): void {
    this.#state = 'threaded';
    this.#thread = startThread(
      { ...this.#shared, layout, outputs: this.#setup.outputs },
      { onEvent: this.#setup.onEvent, onDeath: this.#mourn },
    );
    if (this.#thread === null) this.#state = 'alone';
  }

  /** A thread that died left its place in the shared slots: the next drain goes on from the right byte. */
  readonly #mourn = (cause: string): void => {
    if (this.#state !== 'threaded') return;
    const { control } = this.#shared;
    Atomics.store(control, slots.busy, 0);
    Atomics.store(control, slots.owner, owners.nobody);
    this.#setup.onEvent({ kind: 'fault', output: 'writer thread', code: 'THREAD_DIED', message: cause });
    if (this.#restarts++ < maxRestarts) this.#start();
    else {
      this.#state = 'alone';
      this.#scheduleTurn();
    }
  };
}
