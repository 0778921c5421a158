import { SLOTS_PER_MINUTE } from '../window/timeline.js';
import { HyperLogLog } from './hyperloglog.js';

/** Active users are counted in steps of five minutes over one hour: at most 13 × 4 KB. */
const STEP_SLOTS = 5 * SLOTS_PER_MINUTE;
const STEPS = 12;

/** A longer id is cut: what follows tells no two users apart. */
const ID_LIMIT = 256;

interface Step {
  readonly at: number;
  readonly users: HyperLogLog;
}

/** How many different users were seen: ever, today, and in the last hour. */
export class UserCounts {
  readonly #ever = new HyperLogLog();
  #today = new HyperLogLog();
  #steps: Step[] = [];

  /** What is neither a text nor a number names nobody. */
  seen(id: unknown, slot: number): void {
    if (typeof id !== 'string' && typeof id !== 'number' && typeof id !== 'bigint') return;
    const text = String(id).slice(0, ID_LIMIT);
    this.#ever.add(text);
    this.#today.add(text);
    this.#step(slot).users.add(text);
  }

  #step(slot: number): Step {
    const at = Math.floor(slot / STEP_SLOTS);
    const newest = this.#steps.at(-1);
    if (newest?.at === at) return newest;
    const step = { at, users: new HyperLogLog() };
    this.#steps = [...this.#kept(slot), step];
    return step;
  }

  #kept(slot: number): Step[] {
    const now = Math.floor(slot / STEP_SLOTS);
    return this.#steps.filter((step) => step.at > now - STEPS && step.at <= now);
  }

  startDay(): void {
    this.#today = new HyperLogLog();
  }

  get ever(): number {
    return this.#ever.count();
  }

  get today(): number {
    return this.#today.count();
  }

  /** Users of the last 55 to 60 minutes. */
  active(slot: number): number {
    return this.#kept(slot)
      .reduce((all, step) => all.merge(step.users), new HyperLogLog())
      .count();
  }
}
