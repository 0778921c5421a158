import type { Clock } from '../clock.js';
import type { AlertEvent, AlertView, Observation } from '../contract/index.js';
import type { AlertEngine, EngineConfig, EngineDeps, EngineRole, EngineStatus } from '../engine-types.js';
import { type AlertRecord, isWorthKeeping } from '../evaluation/alert-record.js';
import {
  allAlerts,
  createEvaluationState,
  type EvaluationState,
  withLiveMemory,
  withRules,
} from '../evaluation/evaluation-state.js';
import { createCleanText } from '../messages/clean-text.js';
import { penaltyMs } from '../pipeline/backoff.js';
import type { DispatchContext } from '../pipeline/dispatch.js';
import { Outbox } from '../pipeline/outbox.js';
import {
  isEmptyChange,
  type OutboxNotice,
  type StoredChange,
  type StoredSnapshot,
  type Telling,
} from '../store/alert-store.js';
import { viewAlerts } from './alert-view.js';
import { Attention } from './attention.js';
import type { ChannelWorker } from './channel-worker.js';
import { closeGoneSources } from './close-sources.js';
import { ConnectivityGuard } from './connectivity-guard.js';
import { createWorkers } from './create-workers.js';
import { findEscapes } from './escape.js';
import { judgeTurn, type Turn } from './judge-turn.js';
import { OtherReplicas, wordOfOthers } from './other-replicas.js';
import { Outcomes } from './outcomes.js';
import { isolationNotices, mayTellIsolation } from './own-notices.js';
import { RequestBook, type Today } from './request-book.js';
import { askAgain, unconfirmedError } from './restore.js';
import { type EngineSettings, settingsOf } from './settings.js';
import { readStatus } from './status.js';
import { createSteadyClock, type SteadyClock } from './steady-clock.js';
import { StoreKeeper } from './store-keeper.js';
import { TurnQueue } from './turn-queue.js';

/** A change of the wall clock beyond this is a jump: what is stored is dated anew. */
const JUMP_MS = 1000;
const EVENTS_KEPT = 1000;

/** Everything the engine's parts work on together: the state, the outbox, the channels, the store. */
export class Room {
  readonly clock: Clock;
  readonly steady: SteadyClock;
  readonly keeper: StoreKeeper;
  readonly others: OtherReplicas;
  readonly book = new RequestBook();
  readonly outbox = new Outbox();
  readonly queue: TurnQueue;
  readonly outcomes: Outcomes;
  readonly #deps: EngineDeps;
  readonly #guard: ConnectivityGuard;
  readonly #attention: Attention;
  readonly #workers: readonly ChannelWorker[];
  readonly #stateful: ReadonlySet<string>;
  readonly #clean: DispatchContext['compose']['clean'];
  #settings: EngineSettings;
  #state: EvaluationState;
  #role: EngineRole = 'standby';
  /** Counts the leaderships: what was begun in one is not finished in the next. */
  #term = 0;
  #isYielding = false;
  #unstoredEvents: readonly AlertEvent[] = [];
  #storedOffsetMs = 0;
  #assumeToldUntil = 0;
  /** Alerts that another replica is believed to have told: what the store says of them counts when it is back. */
  readonly #assumed = new Set<string>();
  #evaluations = 0;
  #lastEvaluationAt: number | null = null;

  constructor(config: EngineConfig, deps: EngineDeps) {
    this.#deps = deps;
    this.#settings = settingsOf(config);
    this.clock = deps.clock;
    this.steady = createSteadyClock(deps.clock);
    this.others = new OtherReplicas(deps);
    this.keeper = new StoreKeeper({
      ...deps,
      steady: this.steady,
      otherLeads: async () => wordOfOthers(await this.others.answers()) === 'led',
    });
    this.queue = new TurnQueue(deps.onError);
    this.outcomes = new Outcomes(deps.clock);
    this.#attention = new Attention(this.steady);
    this.#guard = new ConnectivityGuard(deps.clock, deps.connectivity, deps.onError);
    this.#clean = createCleanText(deps.redact);
    this.#workers = createWorkers(this.#settings, deps, {
      steady: this.steady,
      clean: this.#clean,
      undelivered: (name) => this.outbox.undelivered(name),
      claim: (noticeIds) => this.#claim(noticeIds),
      record: (notices) => this.#record(notices),
      refused: (notices, isHopeless) => this.#refused(notices, isHopeless),
      failed: () => void this.queue.add(() => this.escape()),
    });
    this.#stateful = new Set(Object.keys(deps.notifiers).filter((name) => deps.notifiers[name]?.isStateful));
    this.#state = this.#freshState([]);
  }

  get settings(): EngineSettings {
    return this.#settings;
  }

  get state(): EvaluationState {
    return this.#state;
  }

  get role(): EngineRole {
    return this.#role;
  }

  dispatchContext(): DispatchContext {
    return {
      routes: this.#settings.routes,
      channels: this.#workers.map((worker) => worker.name),
      stateful: this.#stateful,
      groupWaitMs: this.#settings.groupWaitMs,
      cooldownMs: this.#settings.cooldownMs,
      now: this.steady.now(),
      compose: {
        clean: this.#clean,
        dashboardUrl: this.#settings.dashboardUrl,
        wallOffsetMs: this.steady.wallOffsetMs(),
        signAcknowledgement: this.#deps.signAcknowledgement,
      },
    };
  }

  /** Judges observations and stores and sends what follows. */
  async judge(observations: readonly Observation[], scope: 'changed' | 'all'): Promise<void> {
    if (!this.#isInCharge()) return;
    const believable = await this.#guard.believable(observations);
    let turn = this.#judged(believable, scope);
    if (turn.events.some((event) => event.kind === 'fired')) {
      // Somebody may have silenced it a moment ago, through another process.
      await this.refreshRequests();
      turn = this.#judged(believable, scope);
    }
    await this.#take(turn);
    this.#evaluations += 1;
    this.#lastEvaluationAt = this.clock.wallMs();
  }

  #judged(observations: readonly Observation[], scope: 'changed' | 'all'): Turn {
    this.#attention.noteTurn(this.#guard.isIsolated);
    const state = { ...this.#state, mutes: this.book.mutes(), sightedSince: this.#attention.sightedSince };
    return judgeTurn(state, observations, {
      told: this.outbox.told,
      acknowledgements: this.book.acknowledgements,
      dispatch: this.dispatchContext(),
      scope,
    });
  }

  async #take(turn: Turn): Promise<void> {
    const worth = turn.events.filter((event) => event.kind !== 'pending');
    const isAssumed = this.steady.now() < this.#assumeToldUntil;
    if (isAssumed) for (const { key } of turn.tellings) this.#assumed.add(key);
    const taken = await this.commit({
      alerts: turn.alerts,
      events: worth,
      notices: isAssumed ? [] : turn.notices,
      tellings: isAssumed ? turn.tellings.map((telling) => ({ ...telling, state: 'closed' })) : turn.tellings,
    });
    if (taken === 'fenced') return;
    this.#state = turn.state;
    for (const event of turn.events) this.#deps.onEvent?.(event);
  }

  /** Stores a change and then acts on it; a leader that was replaced does neither. */
  async commit(change: StoredChange): Promise<'stored' | 'fenced'> {
    if (!this.#isInCharge()) return 'fenced';
    const term = this.#term;
    const notices = this.outbox.planned(change.notices ?? []);
    const whole = { ...change, notices, views: this.views(change.alerts ?? []) };
    if (isEmptyChange(whole)) return 'stored';
    if ((await this.keeper.write(whole)) === 'fenced') this.stepDown();
    if (!this.#isInCharge(term)) return 'fenced';
    if (this.keeper.mode === 'memory')
      this.#unstoredEvents = [...this.#unstoredEvents, ...(change.events ?? [])].slice(-EVENTS_KEPT);
    this.outbox.put(notices, change.tellings);
    this.outbox.forgetKeys(change.removedKeys ?? []);
    this.book.forgetKeys(change.removedKeys ?? []);
    if (notices.length > 0) for (const worker of this.#workers) worker.poke();
    return 'stored';
  }

  get isEvaluating(): boolean {
    return this.#attention.isEvaluating(this.#settings.checkIntervalMs, this.#settings.leaseMs);
  }

  /** Alerts as people are shown them. */
  views(records: readonly AlertRecord[]): readonly AlertView[] {
    const { compose, now } = this.dispatchContext();
    return viewAlerts(this.#state, records, this.outbox.told, compose, now);
  }

  /** Looks for what people asked for. */
  async refreshRequests(): Promise<void> {
    // Before the look: a store leaves out what has ended by a clock that jumped.
    if (this.#role === 'leader') this.book.redate(this.today());
    if (this.keeper.mode === 'memory') return;
    for (const silence of this.book.unstored()) {
      if (await this.keeper.request((store) => store.storeSilence(silence))) this.book.stored(silence.id);
    }
    const requests = await this.keeper.loadRequests();
    if (requests !== null) this.book.refresh(requests, this.today());
  }

  today(): Today {
    return { now: this.steady.now(), wallOffsetMs: this.steady.wallOffsetMs() };
  }

  /** What time alone brings about: fallbacks, the alerter's own notices, a clock that jumped. */
  async keepHouse(): Promise<void> {
    if (!this.#isInCharge()) return;
    await this.escape();
    await this.#tellIsolation();
    const offsetMs = this.steady.wallOffsetMs();
    if (Math.abs(offsetMs - this.#storedOffsetMs) > JUMP_MS) {
      this.#storedOffsetMs = offsetMs;
      await this.commit(this.snapshot());
    }
  }

  async #tellIsolation(): Promise<void> {
    if (!mayTellIsolation(this.outbox, this.steady.now(), this.#settings.cooldownMs)) return;
    const isolatedMs = this.#guard.untoldIsolationMs();
    if (isolatedMs !== null) await this.commit({ notices: isolationNotices(isolatedMs, this.dispatchContext()) });
  }

  /** Copies for fallback channels of what does not get through. */
  async escape(): Promise<void> {
    const escapes = findEscapes(this.outbox.all(), this.outbox.told, {
      routes: this.#settings.routes,
      channels: this.#workers.map((worker) => worker.name),
      fallbackAfterMs: this.#settings.fallbackAfterMs,
      cooldownMs: this.#settings.cooldownMs,
      now: this.steady.now(),
      holdUntil: (channel) => this.#workers.find(({ name }) => name === channel)?.holdUntil ?? 0,
    });
    await this.commit(escapes);
  }

  snapshot(): StoredSnapshot {
    return {
      alerts: allAlerts(this.#state).filter(isWorthKeeping),
      notices: this.outbox.all(),
      tellings: this.outbox.tellings().filter(({ key }) => !this.#assumed.has(key)),
    };
  }

  /** Begins to lead with what is known. `isRejoin`: this replica led from memory until now and stores what it did. */
  async takeUp(known: StoredSnapshot, isRejoin: boolean): Promise<void> {
    const live = this.#state.memory;
    this.outbox.clear();
    this.outbox.put(known.notices, known.tellings);
    this.#state = this.#freshState(known.alerts);
    if (isRejoin) this.#state = withLiveMemory(this.#state, live);
    this.#assumed.clear();
    this.#storedOffsetMs = this.steady.wallOffsetMs();
    this.#lead();
    if (isRejoin) {
      const change = { ...known, views: this.views(known.alerts), events: this.#unstoredEvents };
      if ((await this.keeper.write(change)) === 'fenced') return this.stepDown();
      if (this.keeper.mode === 'ok') this.#unstoredEvents = [];
    }
    await this.refreshRequests();
    await this.#closeGone(this.#settings.rules);
    await this.judge([], 'all');
  }

  /** Of these, what was perhaps delivered twice is done with for a cooldown. */
  async leaveUnconfirmed(noticeIds: ReadonlySet<string>): Promise<void> {
    const unconfirmed = this.outbox.all().filter(({ id, state }) => state === 'unconfirmed' && noticeIds.has(id));
    if (unconfirmed.length === 0) return;
    await this.#record(unconfirmed, askAgain(unconfirmed, this.outbox.told, this.steady.now()));
    this.#deps.onError(unconfirmedError(unconfirmed));
  }

  /**
   * Begins to lead without a store, with what is known of the one that led; what turns bad within `assumeToldMs` counts as
   * told by it.
   */
  leadFromMemory(known: StoredSnapshot | null, assumeToldMs: number): void {
    this.#assumeToldUntil = assumeToldMs === 0 ? 0 : this.steady.now() + assumeToldMs;
    if (known !== null) {
      this.outbox.put(known.notices, known.tellings);
      this.#state = this.#freshState(known.alerts);
    }
    this.#lead();
  }

  stepDown(): void {
    this.keeper.leave();
    this.#isYielding = false;
    if (this.#role === 'standby') return;
    this.#role = 'standby';
    this.#term += 1;
    for (const worker of this.#workers) void worker.stop();
    this.outbox.clear();
    this.#state = this.#freshState([]);
    this.#assumeToldUntil = 0;
    this.#assumed.clear();
    this.#deps.onRole?.('standby');
  }

  /** Says nothing new from here on; resolves when no message is under way. What comes of those is still noted. */
  async hush(): Promise<void> {
    this.#isYielding = true;
    await Promise.all(this.#workers.map((worker) => worker.stop()));
  }

  #isInCharge(term: number = this.#term): boolean {
    return this.#role === 'leader' && !this.#isYielding && term === this.#term;
  }

  async reconfigure(change: Parameters<AlertEngine['reconfigure']>[0]): Promise<void> {
    const formerRules = this.#settings.rules;
    this.#settings = { ...this.#settings, ...change };
    this.#state = {
      ...withRules(this.#state, change.rules),
      services: new Map(change.services.map((service) => [service.name, service])),
      maintenance: this.#settings.maintenance,
    };
    await this.#closeGone(formerRules);
    await this.judge([], 'all');
  }

  status(): EngineStatus {
    return readStatus({
      role: this.#role,
      epoch: this.keeper.epoch,
      store: this.keeper.mode,
      network: this.#guard.isIsolated ? 'isolated' : 'ok',
      alerts: allAlerts(this.#state),
      undelivered: this.outbox.undelivered(),
      now: this.steady.now(),
      lastEvaluationAt: this.#lastEvaluationAt,
      evaluations: this.#evaluations,
      workers: this.#workers,
    });
  }

  #lead(): void {
    const isNew = this.#role !== 'leader';
    if (isNew) this.#attention.beginToLead();
    this.#role = 'leader';
    for (const worker of this.#workers) worker.start();
    if (isNew) this.#deps.onRole?.('leader');
  }

  async #closeGone(formerRules: EngineSettings['rules']): Promise<void> {
    const closed = closeGoneSources(this.#state, formerRules, this.outbox.told, this.dispatchContext());
    if (closed.removedKeys.length === 0) return;
    this.#state = closed.state;
    await this.commit({ events: closed.events, notices: closed.notices, removedKeys: closed.removedKeys });
  }

  #freshState(alerts: StoredSnapshot['alerts']): EvaluationState {
    const { rules, services, cooldownMs, maintenance } = this.#settings;
    return createEvaluationState({ rules, services, cooldownMs, maintenance, alerts });
  }

  async #claim(noticeIds: readonly string[]): Promise<'stored' | 'fenced'> {
    if (!this.#isInCharge()) return 'fenced';
    const term = this.#term;
    const claimed = await this.keeper.claim(noticeIds, this.#settings);
    if (claimed === 'fenced') this.stepDown();
    return this.#isInCharge(term) ? claimed : 'fenced';
  }

  async #record(notices: readonly OutboxNotice[], tellings: readonly Telling[] = []): Promise<void> {
    if (this.#role !== 'leader') return;
    const accepted = notices.flatMap((notice) => this.outbox.accepted(notice));
    const told = [...tellings, ...accepted];
    this.outbox.put(notices, told);
    this.outcomes.note(notices);
    if ((await this.keeper.write({ notices, tellings: told })) === 'fenced') return this.stepDown();
    this.outbox.forgetFinished(this.keeper.mode === 'ok');
  }

  /** The channel was not told after all; it is asked again after a while, and the fallback at once. */
  async #refused(notices: readonly OutboxNotice[], isHopeless: boolean): Promise<void> {
    const now = this.steady.now();
    const tellings = (isHopeless ? [] : notices).flatMap((notice): readonly Telling[] => {
      const telling = this.outbox.told.get(notice.key)?.get(notice.channel);
      if (telling === undefined || telling.state !== 'open' || telling.incident !== notice.incident) return [];
      const refusals = telling.refusals + 1;
      return [{ ...telling, state: 'refused', at: now + penaltyMs(refusals), refusals }];
    });
    await this.#record(notices, tellings);
    void this.queue.add(() => this.escape());
  }
}
