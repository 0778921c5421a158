/*
 * The drain: takes frames out of the shared ring and writes them to its outputs.
 *
 * The writer thread runs this very code from its source text (thread-source.ts), and the callers' thread runs it where
 * there is no thread (start-up, exit, a thread that died). So, as in output.ts: function declarations only, which use
 * nothing from outside but each other and their arguments; imports and constants would not arrive there.
 */
import type { Layout, SharedRing } from './layout.js';
import type { Output } from './output.js';

/** Something the writer's owner should know. */
export type DrainEvent =
  | { readonly kind: 'fault'; readonly output: string; readonly code: string; readonly message: string }
  | { readonly kind: 'recovered'; readonly output: string; readonly dropped: number };

/** What the drain needs. */
export interface DrainSetup extends SharedRing {
  readonly layout: Layout;
  /** Each output with the bits of the frames it takes. */
  readonly outputs: readonly { readonly targets: number; readonly output: Output }[];
  /** Monotonic milliseconds. */
  readonly now: () => number;
  readonly report: (event: DrainEvent) => void;
}

/** The reading end of the ring. */
export interface Drain {
  /**
   * Writes what is there, up to about `budgetBytes` an output.
   * @returns milliseconds until it is worth calling again: 0 = there is more, Infinity = everything is written
   */
  step(budgetBytes: number): number;
  /** Gives up, and counts as dropped, what no output took. */
  giveUp(): void;
  /** Closes the outputs. */
  close(): void;
}

/**
 * How a sink does: `well`; `waiting` for a full pipe or another process's rotation; `failed`, which is reported;
 * `gone`, when nobody will ever read it again.
 */
export type SinkState = 'well' | 'waiting' | 'failed' | 'gone';

/** One output with its place in the ring. */
export interface Sink {
  readonly output: Output;
  readonly targets: number;
  /** The first of its shared slots. */
  readonly slot: number;
  state: SinkState;
  backoffMs: number;
  retryAt: number;
  /** The rest of a line that was half written when its frame had to be given up. */
  carry: Uint8Array | null;
}

/** Builds the drain; where each sink goes on is read from the shared slots, so a drain can take over from another. */
export function createDrain(setup: DrainSetup): Drain {
  const { control, layout } = setup;
  const { slots, slotsPerSink } = layout;
  const sinks = setup.outputs.map(({ output, targets }, index): Sink => {
    const slot = slots.sinks + slotsPerSink * index;
    const state = control[slot + 3] === 1 ? 'failed' : 'well';
    return { output, targets, slot, state, backoffMs: 0, retryAt: 0, carry: null };
  });

  function step(budgetBytes: number): number {
    let waitMs = Infinity;
    for (const sink of sinks) waitMs = Math.min(waitMs, stepSink(setup, sink, budgetBytes));
    release();
    return waitMs;
  }

  function release(): void {
    const written = Atomics.load(control, slots.written);
    let heldBytes = 0;
    for (const sink of sinks) heldBytes = Math.max(heldBytes, (written - (control[sink.slot] ?? 0)) >>> 0);
    Atomics.store(control, slots.released, (written - heldBytes) | 0);
    Atomics.notify(control, slots.released);
  }

  return {
    step,
    giveUp: () => {
      for (const sink of sinks) giveUpOldest(setup, sink, 0);
      // The end of a line that was half written is lost too: the line is.
      Atomics.add(control, slots.dropped, sinks.filter((sink) => sink.carry !== null).length);
      release();
    },
    close: () => {
      for (const sink of sinks) sink.output.close();
    },
  };
}

/** Lets one sink catch up; returns milliseconds as {@link Drain.step} does. */
function stepSink(setup: DrainSetup, sink: Sink, budgetBytes: number): number {
  const { control, layout } = setup;
  if (sink.state === 'gone') return giveUpOldest(setup, sink, 0);
  const waitMs = sink.retryAt - setup.now();
  if (sink.state !== 'well' && waitMs > 0) {
    giveUpOldest(setup, sink, setup.bytes.length / 2);
    return waitMs;
  }
  if (sink.state === 'well' && Atomics.load(control, layout.slots.written) === control[sink.slot]) return Infinity;
  try {
    sink.output.open();
    settleLastWrite(setup, sink);
    writeCarry(sink);
    const more = writeFrames(setup, sink, budgetBytes);
    recover(setup, sink);
    return more ? 0 : Infinity;
  } catch (error) {
    return postpone(setup, sink, error);
  }
}

function recover(setup: DrainSetup, sink: Sink): void {
  const { control } = setup;
  const dropped = control[sink.slot + 2] ?? 0;
  if (control[sink.slot + 3] === 1 || dropped > 0) {
    setup.report({ kind: 'recovered', output: sink.output.name, dropped });
  }
  control[sink.slot + 2] = 0;
  control[sink.slot + 3] = 0;
  sink.state = 'well';
  sink.backoffMs = 0;
}

/** Writes whole frames until the budget is used up; true when frames are left. */
function writeFrames(setup: DrainSetup, sink: Sink, budgetBytes: number): boolean {
  const { control, layout } = setup;
  let budget = budgetBytes;
  while (control[sink.slot] !== Atomics.load(control, layout.slots.written)) {
    if (budget <= 0) return true;
    budget -= takeFrame(setup, sink, (start, length) => writeFrame(setup, sink, start, length));
  }
  return false;
}

/** Hands the sink's next frame to `use` when it is one of its own, and steps behind it; returns the bytes used. */
function takeFrame(setup: DrainSetup, sink: Sink, use: (start: number, length: number) => void): number {
  const { control, bytes, layout } = setup;
  const cursor = control[sink.slot] ?? 0;
  const at = cursor & (bytes.length - 1);
  const head = new Int32Array(bytes.buffer, at, 1)[0] ?? 0;
  if (head === layout.skipHead) {
    control[sink.slot] = (cursor + bytes.length - at) | 0;
    return 0;
  }
  const length = head & 0xff_ff_ff;
  const own = ((head >>> 24) & sink.targets) !== 0;
  if (own) use(at + 4, length);
  control[sink.slot + 1] = 0;
  control[sink.slot + 4] = 0;
  control[sink.slot] = (cursor + 4 + ((length + 3) & ~3)) | 0;
  return own ? length : 0;
}

/** Writes one frame from where the sink stopped in it; the place is kept in the shared slot after each write. */
function writeFrame(setup: DrainSetup, sink: Sink, start: number, length: number): void {
  const { control, bytes } = setup;
  const to = start + length;
  let from = start + (control[sink.slot + 1] ?? 0);
  while (from < to) {
    const midLine = from > start && bytes[from - 1] !== 10;
    const limit = sink.output.limit(bytes, from, to, midLine);
    control[sink.slot + 4] = limit - from;
    from += sink.output.write(bytes, from, limit);
    control[sink.slot + 1] = from - start;
    control[sink.slot + 4] = 0;
  }
}

/** A thread that died while it wrote may have written before it could say so: then the output ends with those bytes. */
function settleLastWrite({ control, bytes }: DrainSetup, sink: Sink): void {
  const count = control[sink.slot + 4] ?? 0;
  if (count === 0) return;
  const written = control[sink.slot + 1] ?? 0;
  const from = ((control[sink.slot] ?? 0) & (bytes.length - 1)) + 4 + written;
  if (sink.output.endsWith(bytes.subarray(from, from + count))) control[sink.slot + 1] = written + count;
  control[sink.slot + 4] = 0;
}

/** Plans the next try of a sink that did not take its bytes, and says in how many milliseconds that is. */
function postpone(setup: DrainSetup, sink: Sink, error: unknown): number {
  const { code = 'UNKNOWN', message } = error as { code?: string; message?: string };
  if (code === 'EPIPE' && sink.output.name === 'stdout') {
    sink.state = 'gone';
    return giveUpOldest(setup, sink, 0);
  }
  const passing = code === 'EAGAIN' || code === 'EEXIST';
  if (!passing && setup.control[sink.slot + 3] !== 1) {
    setup.control[sink.slot + 3] = 1;
    setup.report({ kind: 'fault', output: sink.output.name, code, message: String(message) });
  }
  if (!passing) sink.output.close();
  setup.control[sink.slot + 4] = 0;
  if (sink.state !== 'failed') sink.state = passing ? 'waiting' : 'failed';
  // 10 ms doubling to 250 ms for what passes by itself, 50 ms doubling to 1 s for what somebody must mend.
  sink.backoffMs = passing
    ? Math.min(250, Math.max(10, sink.backoffMs * 2))
    : Math.min(1000, Math.max(50, sink.backoffMs * 2));
  sink.retryAt = setup.now() + sink.backoffMs;
  giveUpOldest(setup, sink, setup.bytes.length / 2);
  return sink.backoffMs;
}

/**
 * Gives up the oldest lines of a sink that does not take them, until it holds no more than `heldBytes` of the ring: the
 * other sinks, and the service, go on. Returns Infinity: nothing is left to do for what is given up.
 */
function giveUpOldest(setup: DrainSetup, sink: Sink, heldBytes: number): number {
  const { control, layout } = setup;
  while ((Atomics.load(control, layout.slots.written) - (control[sink.slot] ?? 0)) >>> 0 > heldBytes) {
    takeFrame(setup, sink, (start, length) => giveUpFrame(setup, sink, start, length));
  }
  return Infinity;
}

function giveUpFrame(setup: DrainSetup, sink: Sink, start: number, length: number): void {
  const { control, bytes, layout } = setup;
  let from = start + (control[sink.slot + 1] ?? 0);
  if (from > start && bytes[from - 1] !== 10) {
    const lineEnd = bytes.indexOf(10, from) + 1;
    sink.carry = bytes.slice(from, lineEnd);
    from = lineEnd;
  }
  let lines = 0;
  for (let at = bytes.indexOf(10, from); at !== -1 && at < start + length; at = bytes.indexOf(10, at + 1)) lines++;
  control[sink.slot + 2] = (control[sink.slot + 2] ?? 0) + lines;
  Atomics.add(control, layout.slots.dropped, lines);
}

/** Ends the line that was half written before its frame was given up. */
function writeCarry(sink: Sink): void {
  while (sink.carry !== null) {
    const count = sink.output.write(sink.carry, 0, sink.carry.length);
    sink.carry = count < sink.carry.length ? sink.carry.subarray(count) : null;
  }
}

/** The writer thread's life: drain, sleep, drain, until told to close and everything is written. */
export function runDrain(setup: DrainSetup): void {
  const { control, layout } = setup;
  const { slots, owners } = layout;
  while (Atomics.compareExchange(control, slots.owner, owners.nobody, owners.thread) !== owners.nobody) {
    Atomics.wait(control, slots.owner, owners.caller, 5);
  }
  const drain = createDrain(setup);
  for (;;) {
    const written = Atomics.load(control, slots.written);
    Atomics.store(control, slots.busy, 1);
    // A caller in a burst waits for what a step releases: so in steps of a millisecond, not of several.
    const waitMs = drain.step(1_048_576);
    Atomics.store(control, slots.busy, 0);
    if (waitMs === 0) continue;
    if (waitMs === Infinity && Atomics.load(control, slots.closing) === 1) break;
    // Announce the sleep first and look once more then: a frame written in between must not be slept over.
    const wake = Atomics.load(control, slots.wake);
    Atomics.store(control, slots.sleeping, 1);
    const quiet = Atomics.load(control, slots.written) === written && Atomics.load(control, slots.closing) === 0;
    if (quiet) Atomics.wait(control, slots.wake, wake, waitMs);
    else if (waitMs !== Infinity) Atomics.wait(control, slots.wake, wake, 1);
    Atomics.store(control, slots.sleeping, 0);
  }
  drain.close();
  Atomics.store(control, slots.owner, owners.nobody);
}

/** Every function of this file; the writer thread's source is made of them. */
export function drainFunctions(): readonly ((...args: never[]) => unknown)[] {
  return [
    createDrain,
    stepSink,
    recover,
    writeFrames,
    takeFrame,
    writeFrame,
    settleLastWrite,
    postpone,
    giveUpOldest,
    giveUpFrame,
    writeCarry,
    runDrain,
  ];
}
