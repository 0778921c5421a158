/** Time is cut into slots of ten seconds; six make a UTC minute. */
export const SLOT_MS = 10_000;
export const SLOTS_PER_MINUTE = 6;
export const MINUTE_MS = SLOT_MS * SLOTS_PER_MINUTE;

/** Where the instants come from. */
export interface Clock {
  /** Milliseconds since 1970. */
  wallMs(): number;
  /** Milliseconds that never go back, from any origin. */
  monotonicMs(): number;
}

/** The system's clocks, or one given clock in the place of both (tests, replays). */
export function createClock(now?: () => number): Clock {
  if (now !== undefined) {
    const told = steady(now);
    return { wallMs: told, monotonicMs: told };
  }
  return { wallMs: Date.now, monotonicMs: () => performance.now() };
}

/** A clock that is handed in may fail for a moment; then its last instant holds. */
function steady(now: () => number): () => number {
  let lastMs = 0;
  return () => {
    const nowMs = now();
    if (Number.isFinite(nowMs)) lastMs = nowMs;
    return lastMs;
  };
}

/** A wall clock that differs from the monotonic one by more than this was set, or the machine slept. */
const STEP_MS = 1000;

/**
 * Says in which slot an instant of the monotonic clock lies, so that a measurement needs one clock read. The wall
 * clock is looked at once per slot; when it jumped, the slots jump with it.
 */
export class Timeline {
  readonly startedAtMs: number;
  readonly #clock: Clock;
  #offsetMs: number;
  #slot: number;
  #slotEndsAtMs: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    const monotonicMs = clock.monotonicMs();
    this.startedAtMs = clock.wallMs();
    this.#offsetMs = this.startedAtMs - monotonicMs;
    this.#slot = slotOf(this.startedAtMs);
    this.#slotEndsAtMs = (this.#slot + 1) * SLOT_MS - this.#offsetMs;
  }

  nowMs(): number {
    return this.#clock.monotonicMs();
  }

  /** The UTC slot of a monotonic instant that is now or just passed. */
  slotAt(monotonicMs: number): number {
    if (monotonicMs >= this.#slotEndsAtMs || monotonicMs < this.#slotEndsAtMs - SLOT_MS) this.#turn(monotonicMs);
    return this.#slot;
  }

  wallMs(monotonicMs: number): number {
    return monotonicMs + this.#offsetMs;
  }

  #turn(monotonicMs: number): void {
    const wallMs = this.#clock.wallMs();
    if (Math.abs(wallMs - monotonicMs - this.#offsetMs) > STEP_MS) this.#offsetMs = wallMs - monotonicMs;
    const slot = slotOf(monotonicMs + this.#offsetMs);
    // Set back a little: wait for the clock to catch up rather than open slots that were sealed.
    if (slot > this.#slot || slot < this.#slot - SLOTS_PER_MINUTE) this.#slot = slot;
    this.#slotEndsAtMs = (this.#slot + 1) * SLOT_MS - this.#offsetMs;
  }
}

export function slotOf(wallMs: number): number {
  return Math.floor(wallMs / SLOT_MS);
}

export function minuteOfSlot(slot: number): number {
  return Math.floor(slot / SLOTS_PER_MINUTE);
}
