import { mergeSnapshots, restoreNotice, restoreRecord } from './restore.js';
import type { Room } from './room.js';

/** A store that does not answer at the start is waited for so long, then alerting begins without it. */
const FAIL_OPEN_AFTER_MS = 6000;
/** Another replica that was seen leading is trusted for so long after the store went away. */
const TRUST_MS = 60_000;
/** What is already bad when that trust ends counts as told by the other. */
const ASSUME_TOLD_MS = 20_000;
const LOST_LOOK_MS = 1000;

/** Decides whether this replica speaks: as leader of the store, or from memory while there is none (ALERTING 14). */
export class Leadership {
  readonly #room: Room;
  #lostSinceMs: number | null = null;
  #sawOther = false;

  constructor(room: Room) {
    this.#room = room;
  }

  /** Ms until the next look: a third of the lease, sooner while the store is away. */
  nextLookMs(): number {
    const { settings, keeper } = this.#room;
    return keeper.mode === 'memory' ? Math.min(LOST_LOOK_MS, settings.leaseMs / 3) : settings.leaseMs / 3;
  }

  /** Becomes, stays or ceases to be leader. */
  async look(): Promise<void> {
    const { keeper, settings, clock } = this.#room;
    const answer = await keeper.lead(settings.owner, settings.leaseMs);
    if (answer.word === 'lost') {
      this.#lostSinceMs ??= clock.monotonicMs();
      if (this.#room.role === 'standby') this.#failOpen(clock.monotonicMs() - this.#lostSinceMs);
      return;
    }
    this.#lostSinceMs = null;
    this.#sawOther = answer.word === 'standby';
    if (answer.word === 'standby') return this.#room.stepDown();
    const isSame = this.#room.role === 'leader' && keeper.mode === 'ok' && keeper.epoch === answer.epoch;
    if (!isSame) await this.#takeOver(answer.epoch);
  }

  /** Gives the leadership away after what is under way. */
  async handOver(): Promise<void> {
    const { queue, keeper } = this.#room;
    await queue.idle();
    await this.#room.stopWorkers();
    await queue.idle();
    await keeper.resign();
    this.#room.stepDown();
  }

  #failOpen(lostMs: number): void {
    if (lostMs < (this.#sawOther ? TRUST_MS : FAIL_OPEN_AFTER_MS)) return;
    this.#room.leadFromMemory(this.#sawOther ? ASSUME_TOLD_MS : 0);
  }

  async #takeOver(epoch: number): Promise<void> {
    const room = this.#room;
    const stored = await room.keeper.load();
    if (stored === null) return;
    const now = room.steady.now();
    const restored = {
      alerts: stored.alerts.map((record) => restoreRecord(record, now)),
      notices: stored.notices.map(restoreNotice),
      tellings: stored.tellings,
    };
    const wasLeading = room.role === 'leader';
    // Every leadership has the next number: one further is our own again.
    const isOurs = room.keeper.epoch !== null && epoch - room.keeper.epoch <= 1;
    room.keeper.rejoin(epoch);
    await room.takeUp(wasLeading ? mergeSnapshots(room.snapshot(), restored, isOurs) : restored, wasLeading);
    // What the store holds of the future would count as the latest news for ever.
    if (stored.isRedated) await room.commit(room.snapshot());
    const inDoubt = stored.notices.filter((notice) => notice.state === 'sending').map(({ id }) => id);
    if (inDoubt.length > 0) await room.leaveUnconfirmed(new Set(inDoubt));
  }
}
