import { MINUTE_MS, minuteOfSlot, SLOT_MS, SLOTS_PER_MINUTE } from './timeline.js';

/** Windows up to this long are read from slots of ten seconds, longer ones from whole minutes. */
const FINE_MS = 10 * MINUTE_MS;

/**
 * Where the window begins that ends with the running slot: at most `windowMs` ago, and at least that less one slot
 * (up to ten minutes) or one minute (longer). Nothing older than the window is ever counted.
 */
export function windowStartMs(windowMs: number, slot: number): number {
  if (windowMs <= FINE_MS) return (slot + 1) * SLOT_MS - windowMs;
  return (minuteOfSlot(slot) + 1) * MINUTE_MS - windowMs;
}

/** A part of the past: a slot of ten seconds or a minute, by its number since 1970. */
export interface Part<T> {
  readonly at: number;
  readonly value: T;
}

export interface SlotRingOptions<T> {
  /** How many sealed minutes are kept. */
  readonly minutes: number;
  /** Makes one minute of its slots. */
  readonly combine: (slots: readonly T[]) => T;
}

/**
 * The sealed past of one measurement: ten minutes in slots of ten seconds, and `minutes` in whole minutes. Bounded by
 * time, whatever the traffic; a slot in which nothing happened takes no room.
 */
export class SlotRing<T> {
  readonly #options: SlotRingOptions<T>;
  #slots: Part<T>[] = [];
  #minutes: Part<T>[] = [];
  #newest = Number.NEGATIVE_INFINITY;

  constructor(options: SlotRingOptions<T>) {
    this.#options = options;
  }

  /** Adds what happened in a slot that is over. A slot older than the newest means that the clock was set back: all before is forgotten. */
  seal(slot: number, value: T): void {
    if (slot < this.#newest) this.#forget();
    this.#newest = slot;
    this.#slots.push({ at: slot, value });
  }

  /** Makes minutes of the slots whose minute is over, and drops what is too old. */
  advance(slot: number): void {
    if (slot < this.#newest) this.#forget();
    const minute = minuteOfSlot(slot);
    const sealedMinute = this.#minutes.at(-1)?.at ?? Number.NEGATIVE_INFINITY;
    for (const over of minutesOver(this.#slots, sealedMinute, minute)) {
      const values = this.#slots.filter((part) => minuteOfSlot(part.at) === over).map((part) => part.value);
      this.#minutes.push({ at: over, value: this.#options.combine(values) });
    }
    this.#slots = dropBefore(this.#slots, windowStartMs(FINE_MS, slot) / SLOT_MS);
    this.#minutes = dropBefore(this.#minutes, minute - this.#options.minutes);
  }

  /** The sealed parts of the `windowMs` that end with the running `slot`. Call `advance` first. */
  within(windowMs: number, slot: number): readonly T[] {
    const startMs = windowStartMs(windowMs, slot);
    if (windowMs <= FINE_MS) return valuesFrom(this.#slots, startMs / SLOT_MS);
    const running = valuesFrom(this.#slots, minuteOfSlot(slot) * SLOTS_PER_MINUTE);
    return [...valuesFrom(this.#minutes, startMs / MINUTE_MS), ...running];
  }

  /** Sealed minutes whose number is above `minute`, oldest first. */
  minutesAfter(minute: number): readonly Part<T>[] {
    return this.#minutes.filter((part) => part.at > minute);
  }

  #forget(): void {
    this.#slots = [];
    this.#minutes = [];
    this.#newest = Number.NEGATIVE_INFINITY;
  }
}

function minutesOver<T>(slots: readonly Part<T>[], after: number, before: number): readonly number[] {
  const minutes = new Set(slots.map((part) => minuteOfSlot(part.at)));
  return [...minutes].filter((minute) => minute > after && minute < before);
}

function dropBefore<T>(parts: Part<T>[], oldest: number): Part<T>[] {
  const first = parts[0];
  return first === undefined || first.at >= oldest ? parts : parts.filter((part) => part.at >= oldest);
}

function valuesFrom<T>(parts: readonly Part<T>[], oldest: number): readonly T[] {
  return parts.filter((part) => part.at >= oldest).map((part) => part.value);
}
