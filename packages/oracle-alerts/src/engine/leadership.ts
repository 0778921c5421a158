import type { ReplicaAnswer, ReplicaState } from '../engine-types.js';
import { isUnderWay } from '../pipeline/outbox.js';
import type { StoredSnapshot } from '../store/alert-store.js';
import { mustYield, snapshotOf, wordOfOthers } from './other-replicas.js';
import { mergeSnapshots, restored } from './restore.js';
import type { Room } from './room.js';
import { within } from './within.js';

/** A store that does not answer is waited for so long, then alerting begins without it. */
const FAIL_OPEN_AFTER_MS = 6000;
/**
 * The same where nothing is known of what was told: everything that is bad would be told again. A crowded machine takes
 * such time to connect, and 12 s, two probes 3 s apart and the group wait leave a third of the 30 s (ALERTING 1).
 */
const FAIL_OPEN_BLIND_AFTER_MS = 12_000;
/** Without a sign of life of the one that led, it is taken for dead after so long. */
const SILENT_MS = 15_000;
/** Where nobody can be asked, another replica that was seen leading is trusted for so long after the store went away. */
const TRUST_MS = 60_000;
/** What is already bad when that trust ends counts as told by the other. */
const ASSUME_TOLD_MS = 20_000;
const LOST_LOOK_MS = 1000;
/** One answer may be between two states; two in a row are not. */
const FREE_LOOKS = 2;
/** Whoever takes over waits so long for the answer to a message under way; shorter than one replica asks another. */
const LAST_ANSWER_MS = 1500;

/** Decides whether this replica speaks: as leader of the store, or from memory while there is none (ALERTING 14). */
export class Leadership {
  readonly #room: Room;
  #lostSinceMs: number | null = null;
  #sawOther = false;
  /** Last sign that another one leads. */
  #heardMs = Number.NEGATIVE_INFINITY;
  #freeLooks = 0;
  #lookedMs: number | null = null;
  /** What the one that leads knows, in steady instants. */
  #warm: StoredSnapshot | null = null;
  #warmedMs = Number.NEGATIVE_INFINITY;
  /** The latest leadership that the store gave this replica. */
  #epoch = 0;
  #yielding: Promise<ReplicaState> | null = null;

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
    const { clock, keeper, settings, others } = this.#room;
    const stoodStill = this.#noteLook();
    // Beside the store, which may take seconds to be silent.
    const asked = keeper.mode === 'memory' ? others.answers() : null;
    const askedMs = clock.monotonicMs();
    const answer = await keeper.lead(settings.owner, settings.leaseMs, this.#room.role === 'leader');
    if (answer.word === 'lost') {
      this.#lostSinceMs ??= askedMs;
      return this.#withoutStore(await (asked ?? others.answers()), stoodStill, this.#lostSinceMs);
    }
    this.#lostSinceMs = null;
    this.#sawOther = answer.word === 'standby';
    if (answer.word === 'standby') return this.#standBy();
    const isSame = this.#room.role === 'leader' && keeper.mode === 'ok' && keeper.epoch === answer.epoch;
    if (!isSame) await this.#takeOver(answer.epoch);
  }

  /** Gives the leadership away after what is under way. */
  async handOver(): Promise<void> {
    const { queue, keeper } = this.#room;
    await queue.idle();
    await this.#room.hush();
    await queue.idle();
    await keeper.resign();
    this.#room.stepDown();
  }

  /** What this replica says of itself. */
  state(): ReplicaState {
    const { role, keeper, isEvaluating } = this.#room;
    if (role === 'standby') return { role, epoch: null, store: keeper.mode, isEvaluating, snapshot: null };
    const { alerts, notices, tellings } = this.#room.snapshot();
    const snapshot = keeper.inWallTime({ alerts, notices: notices.filter(isUnderWay), tellings });
    return { role, epoch: keeper.epoch, store: keeper.mode, isEvaluating, snapshot };
  }

  /**
   * Falls silent for the one that the store made leader after this one, and says what was told until then. Not a turn of
   * the queue: that may wait for a store which does not answer.
   */
  async yieldTo(epoch: number): Promise<ReplicaState> {
    if (this.#room.role === 'standby' || epoch <= this.#epoch) return this.state();
    this.#yielding ??= this.#fallSilent().finally(() => {
      this.#yielding = null;
    });
    return this.#yielding;
  }

  async #fallSilent(): Promise<ReplicaState> {
    const { clock } = this.#room;
    await within(clock, LAST_ANSWER_MS, this.#room.hush(), () => undefined);
    const last = this.state();
    this.#room.stepDown();
    this.#sawOther = true;
    this.#heardMs = clock.monotonicMs();
    return last;
  }

  /** Whether this process stood still since its last look. */
  #noteLook(): boolean {
    const nowMs = this.#room.clock.monotonicMs();
    const stoodStill = nowMs - (this.#lookedMs ?? nowMs) > this.#room.settings.leaseMs;
    this.#lookedMs = nowMs;
    return stoodStill;
  }

  /** Keeps what the leader stored at hand, should both be gone at once. */
  async #standBy(): Promise<void> {
    const { keeper, clock, others, settings } = this.#room;
    this.#room.stepDown();
    keeper.standBy();
    this.#heardMs = clock.monotonicMs();
    if (!others.canBeAsked || this.#heardMs - this.#warmedMs < settings.leaseMs) return;
    this.#warm = await keeper.load();
    this.#warmedMs = this.#heardMs;
  }

  #withoutStore(answers: readonly ReplicaAnswer[], stoodStill: boolean, sinceMs: number): void {
    const { role, keeper, settings, clock } = this.#room;
    if (role === 'leader') {
      const own = { name: settings.owner, epoch: keeper.epoch, stoodStill };
      if (!mustYield(answers, own)) return;
      this.#sawOther = true;
      this.#room.stepDown();
    }
    this.#listen(answers, clock.monotonicMs());
    if (this.#isFree(answers, clock.monotonicMs() - sinceMs)) this.#failOpen(answers);
  }

  #listen(answers: readonly ReplicaAnswer[], nowMs: number): void {
    const word = wordOfOthers(answers);
    this.#freeLooks = word === 'free' ? this.#freeLooks + 1 : 0;
    if (word !== 'led') return;
    this.#heardMs = nowMs;
    const heard = snapshotOf(answers);
    if (heard !== null) this.#warm = this.#room.keeper.inSteadyTime(heard);
  }

  /** Whether nobody speaks any more, as far as can be known. */
  #isFree(answers: readonly ReplicaAnswer[], lostMs: number): boolean {
    const patienceMs = this.#warm === null ? FAIL_OPEN_BLIND_AFTER_MS : FAIL_OPEN_AFTER_MS;
    if (lostMs < patienceMs || wordOfOthers(answers) === 'led') return false;
    if (!this.#sawOther || this.#freeLooks >= FREE_LOOKS) return true;
    if (answers.length === 0) return lostMs >= TRUST_MS;
    return this.#room.clock.monotonicMs() - this.#heardMs >= SILENT_MS;
  }

  /** Begins to speak from what is known: nothing is lost, though what a dying leader told last may be told again. */
  #failOpen(answers: readonly ReplicaAnswer[]): void {
    const isBlind = this.#sawOther && answers.length === 0;
    const known = isBlind || this.#warm === null ? null : restored(this.#warm, this.#room.steady.now());
    this.#room.leadFromMemory(known, isBlind ? ASSUME_TOLD_MS : 0);
  }

  async #takeOver(epoch: number): Promise<void> {
    const room = this.#room;
    this.#epoch = epoch;
    // One that is cut off from the store alone told what the store does not know, and falls silent with its answer.
    const answer = snapshotOf(await room.others.answers(epoch));
    const heard = answer === null ? null : room.keeper.inSteadyTime(answer);
    // Nobody speaks now: should the store be gone again, this is what to go on from.
    this.#warm = heard ?? this.#warm;
    const stored = await room.keeper.load();
    if (stored === null) return;
    const now = room.steady.now();
    const wasLeading = room.role === 'leader';
    const known = heard === null ? stored : mergeSnapshots(heard, stored, true);
    // Every leadership has the next number: one further is our own again.
    const isOurs = heard === null && room.keeper.epoch !== null && epoch - room.keeper.epoch <= 1;
    room.keeper.rejoin(epoch);
    await room.takeUp(
      wasLeading ? mergeSnapshots(room.snapshot(), restored(known, now), isOurs) : restored(known, now),
      wasLeading,
    );
    // What the store holds of the future would count as the latest news for ever.
    if (stored.isRedated || heard !== null) await room.commit(room.snapshot());
    const inDoubt = stored.notices.filter((notice) => notice.state === 'sending').map(({ id }) => id);
    if (inDoubt.length > 0) await room.leaveUnconfirmed(new Set(inDoubt));
  }
}
