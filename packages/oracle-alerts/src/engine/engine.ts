import { randomUUID } from 'node:crypto';
import type { Acknowledgement, AlertView, Observation, Silence } from '../contract/index.js';
import type {
  AlertEngine,
  DrillResult,
  EngineConfig,
  EngineDeps,
  EngineStatus,
  ReplicaState,
} from '../engine-types.js';
import { AlertsError } from '../errors.js';
import { allAlerts, findAlert } from '../evaluation/evaluation-state.js';
import { Leadership } from './leadership.js';
import { Loops } from './loops.js';
import { drillNotices } from './own-notices.js';
import { Room } from './room.js';
import { SilenceMirror } from './silence-mirror.js';
import { within } from './within.js';

/** Requests of other processes are looked for so often. */
const REQUESTS_EVERY_MS = 5000;
const HOUSEKEEPING_MS = 1000;
const ACKNOWLEDGED_FOR_MS = 4 * 3_600_000;
const DRILL_TIMEOUT_MS = 30_000;

/**
 * Builds an engine; nothing runs before `start()`. It judges observations as they come, compares the truth with what
 * every channel was last told, and owns the way from there: mute → group → dedup → outbox → send → record.
 */
export function createAlertEngine(config: EngineConfig, deps: EngineDeps): AlertEngine {
  return new Engine(config, deps);
}

class Engine implements AlertEngine {
  readonly #room: Room;
  readonly #leadership: Leadership;
  readonly #loops: Loops;
  readonly #mirror: SilenceMirror;
  readonly #deps: EngineDeps;
  #phase: 'new' | 'running' | 'stopped' = 'new';
  #lastRequestsMs = Number.NEGATIVE_INFINITY;

  constructor(config: EngineConfig, deps: EngineDeps) {
    this.#deps = deps;
    this.#room = new Room(config, deps);
    this.#leadership = new Leadership(this.#room);
    this.#loops = new Loops(deps.clock);
    this.#mirror = new SilenceMirror(deps.clock, Object.values(deps.notifiers), deps.onError);
  }

  async start(): Promise<void> {
    if (this.#phase !== 'new') return;
    this.#phase = 'running';
    const { settings, queue } = this.#room;
    await queue.add(() => this.#leadership.look());
    this.#loops.every(
      () => this.#leadership.nextLookMs(),
      () => queue.add(() => this.#leadership.look()),
    );
    this.#loops.every(
      () => settings.checkIntervalMs,
      () => this.tick(),
    );
    this.#loops.every(
      () => HOUSEKEEPING_MS,
      () => queue.add(() => this.#keepHouse()),
    );
  }

  async stop(): Promise<void> {
    if (this.#phase === 'stopped') return;
    const wasRunning = this.#phase === 'running';
    this.#phase = 'stopped';
    this.#loops.stop();
    if (!wasRunning) return;
    await within(this.#deps.clock, this.#room.settings.stopTimeoutMs, this.#leadership.handOver(), () => undefined);
  }

  observe(observations: readonly Observation[]): void {
    if (this.#phase !== 'running' || this.#room.role !== 'leader' || observations.length === 0) return;
    const at = this.#room.steady.now();
    const stamped = observations.map((observation) => ({ ...observation, at }));
    void this.#room.queue.add(() => this.#room.judge(stamped, 'changed'));
  }

  tick(): Promise<void> {
    return this.#room.queue.add(() => this.#room.judge([], 'all'));
  }

  settled(): Promise<void> {
    return this.#room.queue.idle();
  }

  async #keepHouse(): Promise<void> {
    const nowMs = this.#deps.clock.monotonicMs();
    if (nowMs - this.#lastRequestsMs >= REQUESTS_EVERY_MS) {
      this.#lastRequestsMs = nowMs;
      await this.#room.refreshRequests();
      if (this.#room.role === 'leader') void this.#mirror.sync(this.#room.book.silences());
    }
    await this.#room.keepHouse();
  }

  async silence(request: Parameters<AlertEngine['silence']>[0]): Promise<Silence> {
    const startsAt = this.#deps.clock.wallMs();
    const silence: Silence = {
      id: request.id ?? randomUUID(),
      matcher: request.matcher,
      startsAt,
      endsAt: startsAt + request.durationMs,
      createdBy: request.createdBy,
      comment: request.comment ?? '',
    };
    const { keeper, book } = this.#room;
    // Counts at once; what the store does not take now it is given later.
    book.add(silence, this.#room.today(), false);
    if (await keeper.request((store) => store.storeSilence(silence))) book.stored(silence.id);
    return silence;
  }

  async unsilence(id: string): Promise<void> {
    this.#room.book.remove(id);
    await this.#room.keeper.request((store) => store.deleteSilence(id));
    await this.tick();
  }

  async acknowledge(request: Parameters<AlertEngine['acknowledge']>[0]): Promise<Acknowledgement> {
    const record = findAlert(this.#room.state, request.key);
    if (record === undefined || record.announcedAt === null) {
      throw new AlertsError(
        'UNKNOWN_ALERT',
        `expected the key of a firing alert, got ${JSON.stringify(request.key.slice(0, 200))}`,
      );
    }
    const at = this.#deps.clock.wallMs();
    const acknowledgement: Acknowledgement = {
      key: request.key,
      incident: record.incident,
      by: request.by,
      at,
      until: at + (request.durationMs ?? ACKNOWLEDGED_FOR_MS),
    };
    this.#room.book.acknowledge(acknowledgement);
    await this.#room.keeper.request((store) => store.storeAcknowledgement(acknowledgement));
    await this.tick();
    return acknowledgement;
  }

  async drill(timeoutMs: number = DRILL_TIMEOUT_MS): Promise<readonly DrillResult[]> {
    const notices = drillNotices(randomUUID(), this.#room.dispatchContext());
    const { clock } = this.#deps;
    const startedMs = clock.monotonicMs();
    const outcomes = notices.map((notice) => this.#room.outcomes.of(notice.id, timeoutMs));
    await this.#room.queue.add(async () => {
      await this.#room.commit({ notices });
    });
    const finished = await Promise.all(outcomes);
    return finished.map((outcome, index): DrillResult => {
      const channel = notices[index]?.channel ?? '';
      const latencyMs = (outcome?.finishedMs ?? clock.monotonicMs()) - startedMs;
      if (outcome?.notice.state !== 'delivered') {
        const waiting = this.#room.outbox.all().find(({ id }) => id === notices[index]?.id);
        const reason = outcome?.notice.failure ?? waiting?.failure ?? 'no answer in time';
        return { channel, result: 'failed', latencyMs, reason };
      }
      const { messageId } = outcome.notice;
      return { channel, result: 'delivered', latencyMs, ...(messageId === null ? {} : { messageId }) };
    });
  }

  reconfigure(change: Parameters<AlertEngine['reconfigure']>[0]): Promise<void> {
    return this.#room.queue.add(() => this.#room.reconfigure(change));
  }

  alerts(): readonly AlertView[] {
    return this.#room.views(allAlerts(this.#room.state));
  }

  status(): EngineStatus {
    return this.#room.status();
  }

  replica(): ReplicaState {
    return this.#leadership.state();
  }

  yieldTo(epoch: number): Promise<ReplicaState> {
    return this.#leadership.yieldTo(epoch);
  }
}
