/**
 * The memory that callers' thread and writer thread share: a table of 32-bit slots, then the ring of bytes.
 *
 * The ring holds frames, each starting on a multiple of 4: one 32-bit head (`length | targets << 24`), then `length`
 * bytes of whole lines. A head of {@link skipHead} says "go on at the start of the ring". Cursors count bytes for ever,
 * modulo 2^32; their place in the ring is `cursor & (capacity - 1)`.
 */
export const slots = {
  /** Cursor behind the last frame written; only the callers' thread moves it. */
  written: 0,
  /** Cursor before which the ring may be overwritten: the slowest sink's. */
  released: 1,
  /** Changes to wake a sleeping writer thread. */
  wake: 2,
  /** 1 while the writer thread sleeps. */
  sleeping: 3,
  /** Who drains the ring: one of {@link owners}. */
  owner: 4,
  /** 1 when the writer thread is to end as soon as everything is written. */
  closing: 5,
  /** 1 while the writer thread is inside a call to the file system. */
  busy: 6,
  /** Lines the drain gave up because a sink failed for too long. */
  dropped: 7,
  /**
   * From here, five slots a sink: its cursor; how many bytes of the frame there it has written; lines given up since it
   * was last well; 1 while it fails; how many bytes it is writing this moment. What is here survives a change of who
   * drains.
   */
  sinks: 8,
} as const;

/** Slots of one sink. */
export const slotsPerSink = 5;

/** Values of the slot `owner`. */
export const owners = { nobody: 0, thread: 1, caller: 2 } as const;

/** Bits of a frame's `targets`: which sinks take it. */
export const targets = { file: 1, errors: 2, console: 4 } as const;

/** A frame head that stands for "go on at the start of the ring". */
export const skipHead = -1;

/** The most bytes one frame may have. */
export const maxFrameBytes = 0xff_ff_ff;

/** The names above as the writer thread gets them: it cannot import. */
export const layout = { slots, slotsPerSink, owners, skipHead } as const;

/** {@link layout}'s type. */
export type Layout = typeof layout;

/** The shared memory of one logger. */
export interface SharedRing {
  readonly control: Int32Array;
  readonly bytes: Uint8Array;
}

/** The smallest page of memory the system hands out. */
const pageBytes = 4096;

/**
 * Lays out shared memory for a ring.
 * @param capacityBytes a power of two
 * @param sinkCount how many sinks read the ring
 */
export function createSharedRing(capacityBytes: number, sinkCount: number): SharedRing {
  const controlBytes = (slots.sinks + slotsPerSink * sinkCount) * Int32Array.BYTES_PER_ELEMENT;
  const bytes = new Uint8Array(new SharedArrayBuffer(capacityBytes));
  // The system hands out memory page by page when it is first written, which takes microseconds: now, not in a log call.
  for (let at = 0; at < capacityBytes; at += pageBytes) bytes[at] = 0;
  return { control: new Int32Array(new SharedArrayBuffer(controlBytes)), bytes };
}
