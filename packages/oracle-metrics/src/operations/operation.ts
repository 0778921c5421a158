import { ExponentialSketch } from '../sketch/sketch.js';
import { SlotRing } from '../window/slot-ring.js';

/** One slot or minute of an operation, sealed: `bytes` is the encoded sketch of its seconds. */
export interface SealedOperation {
  readonly errors: number;
  readonly bytes: Uint8Array;
}

/** What an operation did in a window. */
export interface OperationWindow {
  /** Durations in seconds. */
  readonly sketch: ExponentialSketch;
  readonly errors: number;
}

/** Anything shorter is told as a nanosecond and anything longer as 34 years, so that the buckets stay few. */
const SHORTEST_S = 1e-9;
const LONGEST_S = 2 ** 30;

/** The timings of one operation: the running slot, the sealed past, and all since the start. */
export class Operation {
  readonly name: string;
  readonly #ring: SlotRing<SealedOperation>;
  readonly #current = new ExponentialSketch();
  readonly #sealed = new ExponentialSketch();
  #slot = 0;
  #currentErrors = 0;
  #sealedErrors = 0;
  inProgress = 0;

  constructor(name: string, minutes: number) {
    this.name = name;
    this.#ring = new SlotRing({ minutes, combine });
  }

  /** Since the start of the process. */
  get count(): number {
    return this.#sealed.count + this.#current.count;
  }

  /** Since the start of the process. */
  get errors(): number {
    return this.#sealedErrors + this.#currentErrors;
  }

  /** Records one run. Answers `false`, recording nothing, when the duration is not a duration. */
  record(slot: number, seconds: number, failed: boolean): boolean {
    if (!(seconds >= 0 && seconds < Number.POSITIVE_INFINITY)) return false;
    if (slot !== this.#slot) this.#turn(slot);
    const measured = seconds > LONGEST_S ? LONGEST_S : seconds;
    this.#current.record(measured < SHORTEST_S && measured > 0 ? SHORTEST_S : measured);
    if (failed) this.#currentErrors++;
    return true;
  }

  #turn(slot: number): void {
    if (this.#current.count > 0) {
      this.#ring.seal(this.#slot, { errors: this.#currentErrors, bytes: this.#current.encode() });
      this.#sealed.merge(this.#current);
      this.#sealedErrors += this.#currentErrors;
      this.#current.clear();
      this.#currentErrors = 0;
    }
    this.#slot = slot;
    this.#ring.advance(slot);
  }

  within(windowMs: number, slot: number): OperationWindow {
    if (slot !== this.#slot) this.#turn(slot);
    const sketch = new ExponentialSketch().merge(this.#current);
    let errors = this.#currentErrors;
    for (const part of this.#ring.within(windowMs, slot)) {
      sketch.addEncoded(part.bytes);
      errors += part.errors;
    }
    return { sketch, errors };
  }

  /** All durations since the start, in seconds. */
  all(): ExponentialSketch {
    return new ExponentialSketch().merge(this.#sealed).merge(this.#current);
  }

  /** Sealed minutes with a number above `minute`. */
  minutesAfter(minute: number, slot: number): readonly { readonly at: number; readonly value: SealedOperation }[] {
    if (slot !== this.#slot) this.#turn(slot);
    return this.#ring.minutesAfter(minute);
  }
}

function combine(slots: readonly SealedOperation[]): SealedOperation {
  const only = slots[0];
  if (slots.length === 1 && only !== undefined) return only;
  const sketch = new ExponentialSketch();
  for (const slot of slots) sketch.addEncoded(slot.bytes);
  return { errors: slots.reduce((sum, slot) => sum + slot.errors, 0), bytes: sketch.encode() };
}
