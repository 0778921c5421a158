import * as fs from 'node:fs';
import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises';
import { Backlog, type Batch } from './backlog.js';
import { createDrain, type Drain, type DrainEvent } from './drain.js';
import { createSharedRing, layout, owners, slots, targets } from './layout.js';
import type { LineSink, SinkStats } from './line-sink.js';
import { createOutput, type OutputSetup } from './output.js';
import { claimDrain, createRing, releaseDrain } from './ring.js';
import type { StartThread, WriterThread } from './thread.js';

/** Shared memory for lines accepted and not yet written, in bytes. */
const ringBytes = 4_194_304;

/** Characters that may wait besides when the ring is full; with it, what a logger holds at most (RELIABILITY: 16 MB). */
const backlogLength = 4_194_304;

/** From so many waiting characters on, a call in a burst waits for the writer instead of adding to them. */
const crowdedLength = 1_048_576;

/** Lines are handed over when this many characters are waiting, or at the end of the event loop's turn. */
const batchLength = 65_536;

/** How many waiting characters one call moves into the ring: several times what it brings, and a fraction of a millisecond. */
const callLength = 262_144;

/** In a burst the writer thread is woken for so many bytes at once: waking costs more than writing a line. */
const wakeBytes = 1_048_576;

/** The longest one call waits for room in a burst, in milliseconds (L10: < 10 ms). */
const patienceMs = 5;

/** How many calls wait in vain before the writer counts as hung; from then on none does until it moves. */
const vainWaits = 50;

/** How much the callers' thread writes in one go where it has to write itself, in bytes. */
const ownBudgetBytes = 1_048_576;

/** How often `close` looks whether there is room again, in milliseconds. */
const pollMs = 5;

/** Answer of the own drain when the writer thread has the ring, in milliseconds until it is worth asking again. */
const threadDrains = 50;

/** How often a writer thread that died is started again. */
const maxRestarts = 1;

/** What a writer is built from. */
export interface WriterSetup {
  readonly outputs: readonly OutputSetup[];
  /** Told of faults and recoveries, on the callers' thread. */
  readonly onEvent: (event: DrainEvent) => void;
  /** Starts the writer thread, or returns null for none: the callers' thread writes then. */
  readonly startThread: StartThread;
}

/** Takes lines at once and writes them later, on a thread of its own. Never throws, never waits longer than 5 ms. */
export class LineWriter implements LineSink {
  readonly #shared;
  readonly #ring;
  readonly #setup: WriterSetup;
  readonly #backlog = new Backlog(backlogLength);
  #state: 'threaded' | 'alone' | 'exiting' | 'closed' = 'alone';
  #thread: WriterThread | null = null;
  #restarts = 0;
  #ownDrain: Drain | null = null;
  #pending = '';
  #pendingTargets = 0;
  #pendingLines = 0;
  #turnScheduled = false;
  #closing: Promise<void> | null = null;
  #dropped = 0;
  #droppedUnreported = 0;
  #stalledAt = 0;
  #waitedInVain = 0;
  /** Until when a line of an ending process may wait for the disk. */
  #exitDeadlineAt = 0;

  constructor(setup: WriterSetup) {
    this.#setup = setup;
    this.#shared = createSharedRing(ringBytes, setup.outputs.length);
    this.#ring = createRing(this.#shared);
    // Now, because starting a thread takes milliseconds, which no log call should.
    if (setup.outputs.length > 0) this.#start();
  }

  /** Accepts one line, its line end included, for the outputs of `lineTargets`. */
  write(line: string, lineTargets: number): void {
    if (this.#state === 'closed') {
      this.#dropped++;
      return;
    }
    if (lineTargets !== this.#pendingTargets) {
      this.#submit();
      this.#pendingTargets = lineTargets;
    }
    this.#pending += line;
    this.#pendingLines++;
    if (this.#state === 'exiting') {
      this.flushSync(Math.max(patienceMs, this.#exitDeadlineAt - performance.now()));
    } else if ((lineTargets & targets.errors) !== 0) {
      this.#submit();
      this.#ring.wake();
    } else if (this.#pending.length >= batchLength) {
      this.#submit(callLength);
      if (this.#ring.heldBytes() >= wakeBytes) this.#ring.wake();
    }
    if (!this.#turnScheduled) {
      this.#turnScheduled = true;
      setImmediate(this.#endTurn);
    }
  }

  stats(): SinkStats {
    return {
      heldBytes: this.#ring.heldBytes() + this.#pending.length + this.#backlog.length,
      dropped: this.#dropped + Atomics.load(this.#shared.control, slots.dropped),
    };
  }

  /** Waits, blocking, until everything is written; false when `timeoutMs` was not enough. For exit paths only. */
  flushSync(timeoutMs: number): boolean {
    const deadlineAt = performance.now() + timeoutMs;
    for (;;) {
      this.#submit();
      this.#ring.wake();
      if (this.#ring.heldBytes() === 0 && this.#backlog.length === 0) return true;
      const leftMs = deadlineAt - performance.now();
      if (leftMs <= 0) return false;
      const waitMs = this.#drainHere();
      if (waitMs > 0 && waitMs !== Infinity) this.#ring.waitForRelease(Math.min(leftMs, waitMs));
    }
  }

  /**
   * Like {@link LineWriter.flushSync}; from then on `write` returns when its line is written. All of it together takes
   * `timeoutMs`; once those are over, a line waits 5 ms.
   */
  exit(timeoutMs: number): boolean {
    this.#exitDeadlineAt = performance.now() + timeoutMs;
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

  /**
   * Ends the writer when every accepted line is written, or after `timeoutMs`; then the rest counts as dropped, as do
   * lines that come later.
   */
  close(timeoutMs: number): Promise<void> {
    this.#closing ??= this.#close(timeoutMs);
    return this.#closing;
  }

  async #close(timeoutMs: number): Promise<void> {
    const deadlineAt = performance.now() + timeoutMs;
    await this.#submitAll(deadlineAt);
    // What was dropped is reported a turn later: while there still is a log to say it in.
    await nextTurn();
    await this.#submitAll(deadlineAt);
    this.#state = 'closed';
    const thread = this.#thread;
    this.#thread = null;
    let isHung = false;
    if (thread !== null) {
      const { control } = this.#shared;
      Atomics.store(control, slots.closing, 1);
      Atomics.add(control, slots.wake, 1);
      Atomics.notify(control, slots.wake);
      isHung = !(await thread.end(deadlineAt - performance.now()));
      if (!isHung) this.#takeBack();
    }
    if (!isHung) await this.#writeRest(deadlineAt);
    this.#dropped += this.#backlog.clear();
    if (this.#ring.heldBytes() > 0) this.#openDrain().giveUp();
    this.#ownDrain?.close();
  }

  async #submitAll(deadlineAt: number): Promise<void> {
    while (!this.#submit() && performance.now() < deadlineAt) await delay(pollMs);
  }

  /** Writes here what no thread writes any more, until everything is written or the time is up. */
  async #writeRest(deadlineAt: number): Promise<void> {
    for (;;) {
      const isSubmitted = this.#submit();
      const waitMs = this.#drainHere();
      if ((isSubmitted && waitMs === Infinity) || performance.now() >= deadlineAt) return;
      await delay(Math.min(waitMs, pollMs));
    }
  }

  readonly #endTurn = (): void => {
    this.#turnScheduled = false;
    const isThrough = this.#submit();
    this.#ring.wake();
    const waitMs = this.#state === 'alone' ? this.#drainHere() : Infinity;
    if (!isThrough || waitMs !== Infinity) this.#scheduleTurn();
  };

  #scheduleTurn(): void {
    if (this.#turnScheduled || this.#state === 'closed') return;
    this.#turnScheduled = true;
    setTimeout(this.#endTurn, 20).unref();
  }

  /** Moves waiting lines into the ring, oldest first, so many characters at most; true when none is left waiting. */
  #submit(mostLength = Infinity): boolean {
    if (this.#pendingLines > 0) {
      const batch = { text: this.#pending, targets: this.#pendingTargets, lines: this.#pendingLines };
      this.#pending = '';
      this.#pendingLines = 0;
      if (this.#backlog.length === 0 && this.#push(batch)) return this.#reportDropped();
      if (!this.#backlog.add(batch)) this.#drop(batch);
    }
    if (this.#backlog.length === 0 || this.#backlog.drain(this.#push, mostLength)) return this.#reportDropped();
    if (this.#backlog.length >= crowdedLength) this.#waitForRoom();
    return this.#backlog.drain(this.#push, mostLength) && this.#reportDropped();
  }

  readonly #push = (batch: Batch): boolean => this.#ring.push(batch.text, batch.targets);

  /** Gives a writer that is merely slower than the burst the chance to catch up; one that hangs, only a few times. */
  #waitForRoom(): void {
    const released = Atomics.load(this.#shared.control, slots.released);
    if (this.#stalledAt !== released) this.#waitedInVain = 0;
    this.#stalledAt = released;
    if (this.#waitedInVain >= vainWaits) return;
    this.#ring.wake();
    if (this.#drainHere() === threadDrains && !this.#ring.waitForRelease(patienceMs)) this.#waitedInVain++;
  }

  #drop(batch: Batch): void {
    this.#dropped += batch.lines;
    this.#droppedUnreported += batch.lines;
  }

  #reportDropped(): true {
    if (this.#droppedUnreported > 0) {
      const dropped = this.#droppedUnreported;
      this.#droppedUnreported = 0;
      setImmediate(this.#setup.onEvent, { kind: 'recovered', output: 'memory', dropped });
    }
    return true;
  }

  /** Writes on this thread where no writer thread does; milliseconds as in `Drain.step`. */
  #drainHere(): number {
    const { control } = this.#shared;
    if (!claimDrain(control, owners.caller)) return threadDrains;
    try {
      return this.#openDrain().step(ownBudgetBytes);
    } finally {
      releaseDrain(control, owners.caller);
    }
  }

  #openDrain(): Drain {
    this.#ownDrain ??= createDrain({
      ...this.#shared,
      layout,
      outputs: this.#setup.outputs.map((setup) => ({ targets: setup.targets, output: createOutput(fs, setup) })),
      now: () => performance.now(),
      // Later, not now: the listener may log, which must not happen in the middle of a step.
      report: (event) => setImmediate(this.#setup.onEvent, event),
    });
    return this.#ownDrain;
  }

  #start(): void {
    this.#thread = this.#setup.startThread(
      { ...this.#shared, layout, outputs: this.#setup.outputs },
      { onEvent: this.#setup.onEvent, onDeath: this.#mourn },
    );
    this.#state = this.#thread === null ? 'alone' : 'threaded';
  }

  /** Of a thread that has ended, whether it said so or not. */
  #takeBack(): void {
    const { control } = this.#shared;
    Atomics.store(control, slots.busy, 0);
    Atomics.store(control, slots.owner, owners.nobody);
  }

  /** A thread that died left its place in the shared slots: the next drain goes on from the right byte. */
  readonly #mourn = (cause: string): void => {
    if (this.#state !== 'threaded') return;
    this.#thread = null;
    this.#takeBack();
    this.#setup.onEvent({ kind: 'fault', output: 'writer thread', code: 'THREAD_DIED', message: cause });
    if (this.#restarts++ < maxRestarts) {
      this.#start();
    } else {
      this.#state = 'alone';
      this.#scheduleTurn();
    }
  };
}
