import type { Clock } from '../clock.js';
import { AlertsError } from '../errors.js';
import { LONGEST_PENALTY_MS } from '../pipeline/backoff.js';
import type { AlertStore, Fencing, Requests, StoredChange, StoredSnapshot } from '../store/alert-store.js';
import { shiftChange, shiftNotice, shiftRecord, shiftTelling } from '../store/shift-time.js';
import type { SteadyClock } from './steady-clock.js';
import { within } from './within.js';

/** What asking for the leadership came to. */
export type LeadAnswer =
  | { readonly word: 'leader'; readonly epoch: number }
  | { readonly word: 'standby' }
  | { readonly word: 'lost' };

/** A store that takes longer is treated as gone: alerting waits for it once, and has 20 s to spare (ALERTING 1). */
const DEADLINE_MS = 6000;
/** Longer than one attempt to send may take. */
const CLAIM_MS = 25_000;
/** The longest a message waits for its next attempt after a start. */
const LONGEST_WAIT_MS = 60_000;
/** What is stored is dated by a clock of then; a second more or less is no jump. */
const REDATED_FROM_MS = 1000;

/** The store as the engine sees it: steady instants, and no exception when it is gone. */
export class StoreKeeper {
  readonly #store: AlertStore;
  readonly #timers: Clock;
  readonly #clock: SteadyClock;
  readonly #onError: (error: unknown) => void;
  readonly #otherLeads: () => Promise<boolean>;
  #mode: 'ok' | 'memory' = 'ok';
  #epoch: number | null = null;
  #wasReported = false;
  #askedAtMs = Number.NEGATIVE_INFINITY;

  /** @param deps `otherLeads` asks the other replicas themselves */
  constructor(deps: {
    readonly store: AlertStore;
    readonly clock: Clock;
    readonly steady: SteadyClock;
    readonly onError: (error: unknown) => void;
    readonly otherLeads: () => Promise<boolean>;
  }) {
    this.#store = deps.store;
    this.#timers = deps.clock;
    this.#clock = deps.steady;
    this.#onError = deps.onError;
    this.#otherLeads = deps.otherLeads;
  }

  get mode(): 'ok' | 'memory' {
    return this.#mode;
  }

  get epoch(): number | null {
    return this.#epoch;
  }

  /** Becomes or stays leader. `lost`: the store does not answer. Does not leave the memory mode: see `rejoin`. */
  async lead(owner: string, leaseMs: number, isSpeaking: boolean): Promise<LeadAnswer> {
    this.#askedAtMs = this.#timers.monotonicMs();
    try {
      const epoch = await this.#inTime(this.#store.lead(owner, leaseMs, isSpeaking));
      return epoch === null ? { word: 'standby' } : { word: 'leader', epoch };
    } catch (error) {
      this.#lose(error);
      return { word: 'lost' };
    }
  }

  /** Uses the store again, under this epoch. */
  rejoin(epoch: number): void {
    this.#epoch = epoch;
    this.#mode = 'ok';
    this.#wasReported = false;
  }

  /** Leads no longer, and does not wait for the store to hear of it. */
  leave(): void {
    const epoch = this.#epoch;
    this.#epoch = null;
    // What the store holds for the leader (a connection, a lock) is given back; a later epoch is not touched.
    if (epoch !== null) void this.#store.resign(epoch).catch(() => undefined);
  }

  /** The store answers that another one leads. */
  standBy(): void {
    this.#mode = 'ok';
    this.#wasReported = false;
  }

  /** Gives the leadership away, as far as the store can be reached. */
  async resign(): Promise<void> {
    if (this.#epoch === null || this.#mode === 'memory') return;
    const epoch = this.#epoch;
    this.#epoch = null;
    await this.#inTime(this.#store.resign(epoch)).catch((error: unknown) => this.#lose(error));
  }

  /**
   * What is stored, in steady instants, none later than now (ALERTING 15); null when it cannot be read. `isRedated`: the
   * wall clock went back since, and what the store holds lies in the future.
   */
  async load(): Promise<(StoredSnapshot & { readonly isRedated: boolean }) | null> {
    try {
      return this.inSteadyTime(await this.#inTime(this.#store.load()));
    } catch (error) {
      this.#lose(error);
      return null;
    }
  }

  /** A snapshot in wall ms as one in steady instants, none later than now. */
  inSteadyTime(snapshot: StoredSnapshot): StoredSnapshot & { readonly isRedated: boolean } {
    const offsetMs = this.#clock.wallOffsetMs();
    const now = this.#clock.now();
    let isRedated = false;
    const past = (at: number): number => {
      isRedated ||= at - offsetMs > now + REDATED_FROM_MS;
      return Math.min(at - offsetMs, now);
    };
    // A wait for the future is kept, but a clock that went back cannot make it endless.
    const soon = (at: number, longestMs: number): number => Math.min(at - offsetMs, now + longestMs);
    const alerts = snapshot.alerts.map((record) => ({
      ...shiftRecord({ ...record, acknowledgedUntil: null }, past),
      acknowledgedUntil: record.acknowledgedUntil === null ? null : record.acknowledgedUntil - offsetMs,
    }));
    const notices = snapshot.notices.map((notice) => ({
      ...shiftNotice({ ...notice, dueAt: notice.createdAt }, past),
      dueAt: soon(notice.dueAt, LONGEST_WAIT_MS),
    }));
    const tellings = snapshot.tellings.map((telling) =>
      telling.state === 'refused'
        ? { ...shiftTelling({ ...telling, at: 0 }, past), at: soon(telling.at, LONGEST_PENALTY_MS) }
        : shiftTelling(telling, past),
    );
    return { alerts, notices, tellings, isRedated };
  }

  /** The same the other way round. */
  inWallTime<Change extends StoredChange>(change: Change): Change {
    const offsetMs = this.#clock.wallOffsetMs();
    return shiftChange(change, (at) => at + offsetMs);
  }

  /** Stores a change; without the store it is kept in memory alone, to be stored on return. */
  async write(change: StoredChange): Promise<Fencing> {
    return this.#guarded((epoch) => this.#store.store(epoch, this.inWallTime(change)));
  }

  /**
   * Takes notices for one attempt. Without the store everything may be taken, unless this process stood still for so long
   * that another one may lead by now: then the store is asked first, should it be back, and else the others.
   */
  async claim(
    noticeIds: readonly string[],
    { owner, leaseMs }: { readonly owner: string; readonly leaseMs: number },
  ): Promise<Fencing> {
    if (this.#mode === 'memory' && this.#timers.monotonicMs() - this.#askedAtMs > leaseMs / 2) {
      const { word } = await this.lead(owner, leaseMs, true);
      const isReplaced = word === 'standby' || (word === 'lost' && (await this.#otherLeads()));
      return isReplaced ? 'fenced' : 'stored';
    }
    return this.#guarded((epoch) => this.#store.claim(epoch, noticeIds, CLAIM_MS));
  }

  /** Silences and acknowledgements; null when they cannot be read. */
  async loadRequests(): Promise<Requests | null> {
    if (this.#mode === 'memory') return null;
    try {
      return await this.#inTime(this.#store.loadRequests());
    } catch (error) {
      this.#lose(error);
      return null;
    }
  }

  /** Runs a write that is not fenced; false when the store is gone. */
  async request(write: (store: AlertStore) => Promise<void>): Promise<boolean> {
    try {
      await this.#inTime(write(this.#store));
      return true;
    } catch (error) {
      this.#lose(error);
      return false;
    }
  }

  async #guarded(write: (epoch: number) => Promise<Fencing>): Promise<Fencing> {
    if (this.#mode === 'memory' || this.#epoch === null) return 'stored';
    try {
      return await this.#inTime(write(this.#epoch));
    } catch (error) {
      this.#lose(error);
      return 'stored';
    }
  }

  #inTime<Result>(answer: Promise<Result>): Promise<Result> {
    return within(this.#timers, DEADLINE_MS, answer, () => {
      throw new AlertsError('STORE', `expected an answer of the store within ${DEADLINE_MS} ms, got none`);
    });
  }

  #lose(error: unknown): void {
    this.#mode = 'memory';
    // One report per outage of the store, not one per attempt.
    if (!this.#wasReported) this.#onError(error);
    this.#wasReported = true;
  }
}
