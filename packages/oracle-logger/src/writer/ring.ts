import { owners, type SharedRing, skipHead, slots } from './layout.js';

/** The callers' end of the shared ring. */
export interface Ring {
  /** Copies text as one frame; false when there is no room now. */
  push(text: string, targets: number): boolean;
  /** Bytes written and not yet released. */
  heldBytes(): number;
  /** Wakes the writer thread if it sleeps. */
  wake(): void;
  /** Waits until the drain releases something, at most `timeoutMs`; false when it did not. */
  waitForRelease(timeoutMs: number): boolean;
}

/** The writing end over shared memory; one caller's thread only. */
export function createRing({ control, bytes }: SharedRing): Ring {
  const capacity = bytes.length;
  const heads = new Int32Array(bytes.buffer);
  // Writes UTF-8 four times as fast as Buffer.write does.
  const encoder = new TextEncoder();

  function heldBytes(): number {
    return ((control[slots.written] ?? 0) - Atomics.load(control, slots.released)) >>> 0;
  }

  function push(text: string, frameTargets: number): boolean {
    // UTF-8 needs at most three bytes for one UTF-16 unit; the exact count only matters when room is short.
    let needed = 8 + text.length * 3;
    const free = capacity - heldBytes();
    let written = control[slots.written] ?? 0;
    let at = written & (capacity - 1);
    if (needed > free || needed > capacity - at) needed = 8 + Buffer.byteLength(text);
    if (needed > capacity - at) {
      const skipped = capacity - at;
      if (needed > free - skipped) return false;
      heads[at >>> 2] = skipHead;
      written = (written + skipped) | 0;
      at = 0;
    } else if (needed > free) return false;
    const length = encoder.encodeInto(text, bytes.subarray(at + 4)).written;
    heads[at >>> 2] = length | (frameTargets << 24);
    Atomics.store(control, slots.written, (written + 4 + ((length + 3) & ~3)) | 0);
    return true;
  }

  function wake(): void {
    // Once a sleep: the thread takes its time to get up, and a call in a burst comes every microsecond.
    if (Atomics.load(control, slots.sleeping) === 0 || Atomics.exchange(control, slots.sleeping, 0) === 0) return;
    Atomics.add(control, slots.wake, 1);
    Atomics.notify(control, slots.wake);
  }

  function waitForRelease(timeoutMs: number): boolean {
    const released = Atomics.load(control, slots.released);
    return Atomics.wait(control, slots.released, released, timeoutMs) !== 'timed-out';
  }

  return { push, heldBytes, wake, waitForRelease };
}

/** Takes the drain for `owner`; false when somebody else has it. */
export function claimDrain(control: Int32Array, owner: number): boolean {
  const before = Atomics.compareExchange(control, slots.owner, owners.nobody, owner);
  return before === owners.nobody || before === owner;
}

/** Gives the drain back. */
export function releaseDrain(control: Int32Array, owner: number): void {
  Atomics.compareExchange(control, slots.owner, owner, owners.nobody);
}
