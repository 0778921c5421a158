import { SlotRing } from '../window/slot-ring.js';

/** Error types are told apart up to this many; further ones count as `overflow`. Models likewise. */
const NAMES_LIMIT = 100;
const OVERFLOW = 'overflow';

/** What happened beside the operations, in a slot or a minute. */
export interface Activity {
  /** Errors reported without an operation. */
  readonly bareErrors: number;
  readonly errorsByType: ReadonlyMap<string, number>;
  readonly tokensByModel: ReadonlyMap<string, number>;
  readonly costNanoUsd: number;
  /** AI calls whose cost is not known. */
  readonly unknownCostCalls: number;
}

/** Errors by type, tokens and cost over time. */
export class ActivityLog {
  readonly #ring: SlotRing<Activity>;
  readonly #errorTypes = new Set<string>();
  readonly #models = new Set<string>();
  #current = newActivity();
  #slot = 0;

  constructor(minutes: number) {
    this.#ring = new SlotRing<Activity>({ minutes, combine: sum });
  }

  /** Answers the name under which the error was counted. */
  addError(slot: number, type: string, bare: boolean): string {
    this.#turnTo(slot);
    const name = bounded(this.#errorTypes, type);
    increase(this.#current.errorsByType, name, 1);
    if (bare) this.#current.bareErrors++;
    return name;
  }

  /** A cost of `null` is not known. Answers the name under which the model was counted. */
  addTokens(slot: number, model: string, tokens: number, costNanoUsd: number | null): string {
    this.#turnTo(slot);
    const name = bounded(this.#models, model);
    increase(this.#current.tokensByModel, name, tokens);
    if (costNanoUsd === null) this.#current.unknownCostCalls++;
    else this.#current.costNanoUsd += costNanoUsd;
    return name;
  }

  within(windowMs: number, slot: number): Activity {
    this.#turnTo(slot);
    return sum([...this.#ring.within(windowMs, slot), this.#current]);
  }

  /** Sealed minutes with a number above `minute`. */
  minutesAfter(minute: number, slot: number): readonly { readonly at: number; readonly value: Activity }[] {
    this.#turnTo(slot);
    return this.#ring.minutesAfter(minute);
  }

  #turnTo(slot: number): void {
    if (slot === this.#slot) return;
    const { errorsByType, tokensByModel } = this.#current;
    if (errorsByType.size > 0 || tokensByModel.size > 0) {
      this.#ring.seal(this.#slot, this.#current);
      this.#current = newActivity();
    }
    this.#slot = slot;
    this.#ring.advance(slot);
  }
}

function newActivity() {
  return {
    bareErrors: 0,
    errorsByType: new Map<string, number>(),
    tokensByModel: new Map<string, number>(),
    costNanoUsd: 0,
    unknownCostCalls: 0,
  };
}

function sum(parts: readonly Activity[]): Activity {
  const all = newActivity();
  for (const part of parts) {
    all.bareErrors += part.bareErrors;
    all.costNanoUsd += part.costNanoUsd;
    all.unknownCostCalls += part.unknownCostCalls;
    for (const [type, count] of part.errorsByType) increase(all.errorsByType, type, count);
    for (const [model, count] of part.tokensByModel) increase(all.tokensByModel, model, count);
  }
  return all;
}

function increase(counts: Map<string, number>, name: string, by: number): void {
  counts.set(name, (counts.get(name) ?? 0) + by);
}

function bounded(names: Set<string>, name: string): string {
  if (names.has(name)) return name;
  if (names.size >= NAMES_LIMIT) return OVERFLOW;
  names.add(name);
  return name;
}
