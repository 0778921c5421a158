import type { Clock, Timer } from '../clock.js';
import type { Notice } from '../contract/index.js';
import type { ChannelStatus } from '../engine-types.js';
import type { CleanText } from '../messages/clean-text.js';
import { composeGroup } from '../messages/compose-group.js';
import type { Delivery, Notifier } from '../notifier.js';
import { backoffMs, penaltyMs } from '../pipeline/backoff.js';
import { dedupKeyOf, digestOf } from '../pipeline/dedup-key.js';
import { type ChannelPast, pickBatch } from '../pipeline/pick.js';
import type { Fencing, OutboxNotice } from '../store/alert-store.js';
import type { SteadyClock } from './steady-clock.js';

/** What a worker is told about its channel and the engine. */
export interface WorkerConfig {
  readonly channel: string;
  readonly notifier: Notifier;
  readonly groupThreshold: number;
  readonly groupWaitMs: number;
  readonly sendTimeoutMs: number;
  readonly leaseMs: number;
  readonly dashboardUrl: string;
}

/** What a worker asks of the engine. */
export interface WorkerPort {
  readonly clock: Clock;
  readonly steady: SteadyClock;
  /** Makes texts from outside safe. */
  readonly clean: CleanText;
  undelivered(channel: string): readonly OutboxNotice[];
  /** Takes notices for one attempt; `fenced` when another replica leads. */
  claim(noticeIds: readonly string[]): Promise<Fencing>;
  /** Notices that changed; stored and put back. */
  record(notices: readonly OutboxNotice[]): Promise<void>;
  /** After a refusal for good; a hopeless one is never asked about again. */
  refused(notices: readonly OutboxNotice[], isHopeless: boolean): Promise<void>;
  /** After any failed attempt, with the channel's own wish. */
  failed(): void;
  random(): number;
  onError(error: unknown): void;
}

/** How long a stop waits for the answer to a message under way; shorter than the engine's own patience. */
const LAST_ANSWER_MS = 3000;

/** From attempt to attempt at most so long: a channel that works again is used within 30 s (ALERTING 1). */
const CYCLE_MS = 28_000;
const LEAST_WAIT_MS = 700;

/** Fires that were refused are written off; what ends them is tried again, rarely, for so many times. */
const LAST_ATTEMPT = 10;

/** Sends one channel's notices, one message at a time: a channel that hangs holds no other. */
export class ChannelWorker {
  readonly #config: WorkerConfig;
  readonly #port: WorkerPort;
  #past: ChannelPast = { holdUntil: 0, sentAt: [] };
  #isRunning = false;
  #timer: Timer | null = null;
  #round: Promise<void> | null = null;
  /** Ends the attempt under way. */
  #giveUp: ((reason: string) => void) | null = null;
  #wasPoked = false;
  #delivered = 0;
  #failedAttempts = 0;
  #rejected = 0;
  #lastDeliveredAt: number | null = null;
  #lastFailure: string | null = null;
  #isFailing = false;
  /** The last answer did not come in time: each attempt that is given up too early may be one copy more. */
  #isSlow = false;
  readonly deliverySeconds: number[] = [];

  constructor(config: WorkerConfig, port: WorkerPort) {
    this.#config = config;
    this.#port = port;
  }

  get name(): string {
    return this.#config.channel;
  }

  /** When the channel wants to be asked again, in steady ms. */
  get holdUntil(): number {
    return this.#past.holdUntil;
  }

  start(): void {
    this.#isRunning = true;
    this.poke();
  }

  /** Begins no further message; resolves when the one under way is over, after 3 s by giving it up. */
  async stop(): Promise<void> {
    this.#isRunning = false;
    this.#disarm();
    const { clock } = this.#port;
    const timer = clock.setTimer(LAST_ANSWER_MS, () => this.#giveUp?.('stopped before the answer'));
    await this.#round;
    clock.clearTimer(timer);
  }

  /** Looks whether there is something to send. */
  poke(): void {
    if (!this.#isRunning) return;
    this.#wasPoked = true;
    if (this.#round !== null) return;
    this.#round = this.#work()
      .catch((error: unknown) => this.#port.onError(error))
      .finally(() => {
        this.#round = null;
        if (this.#wasPoked) this.poke();
      });
  }

  status(): ChannelStatus {
    return {
      name: this.#config.channel,
      kind: this.#config.notifier.kind,
      state: this.#isFailing ? 'failing' : 'ok',
      waiting: this.#port.undelivered(this.#config.channel).length,
      delivered: this.#delivered,
      failedAttempts: this.#failedAttempts,
      rejected: this.#rejected,
      lastDeliveredAt: this.#lastDeliveredAt,
      lastFailure: this.#lastFailure,
    };
  }

  async #work(): Promise<void> {
    while (this.#isRunning) {
      this.#wasPoked = false;
      const now = this.#port.steady.now();
      const picked = pickBatch(this.#port.undelivered(this.#config.channel), this.#past, this.#pickConfig(), now);
      if (picked.batch === null) {
        this.#arm(picked.lookAt === null ? null : picked.lookAt - now);
        return;
      }
      if (!(await this.#deliver(picked.batch))) return;
    }
  }

  #pickConfig(): Parameters<typeof pickBatch>[2] {
    const { groupThreshold, groupWaitMs, notifier } = this.#config;
    return { groupThreshold, groupWaitMs, canMerge: notifier.grouping !== 'single', pace: notifier.pace ?? {} };
  }

  /** One attempt; false when this replica no longer leads. */
  async #deliver(batch: readonly OutboxNotice[]): Promise<boolean> {
    const { clock, steady } = this.#port;
    const claimedMs = clock.monotonicMs();
    if ((await this.#port.claim(batch.map((notice) => notice.id))) === 'fenced') return false;
    const batchName =
      batch[0]?.batch ??
      (batch.length > 1 ? `batch-${digestOf(batch.map(({ id }) => id).join())}` : (batch[0]?.id ?? ''));
    const sending = batch.map(
      (notice): OutboxNotice => ({ ...notice, state: 'sending', attempts: notice.attempts + 1, batch: batchName }),
    );
    // Committed before the request leaves: whoever finds it after this sender's death takes it for one that may have arrived.
    await this.#port.record(sending);
    // The process stood still between the claim and now: the claim may be somebody else's. Claim anew.
    const isLate = clock.monotonicMs() - claimedMs > this.#config.leaseMs / 2;
    if (isLate || !this.#isRunning) {
      await this.#port.record(batch);
      return this.#isRunning;
    }
    this.#past = { ...this.#past, sentAt: [...this.#past.sentAt, steady.now()].slice(-120) };
    const sentAt = steady.now();
    const delivery = await this.#send(this.#noticeOf(sending, batchName));
    await this.#settle(
      sending.map((notice) => ({ ...notice, lostAttempts: 0 })),
      delivery,
      sentAt,
    );
    return true;
  }

  async #send(notice: Notice): Promise<Delivery> {
    const { clock } = this.#port;
    const abort = new AbortController();
    const givenUp = new Promise<Delivery>((resolve) => {
      this.#giveUp = (reason) => {
        abort.abort();
        resolve({ result: 'retry', reason });
      };
    });
    const { sendTimeoutMs } = this.#config;
    const startedMs = clock.monotonicMs();
    const patienceMs = this.#isSlow ? 2 * sendTimeoutMs : sendTimeoutMs;
    const timer = clock.setTimer(patienceMs, () => this.#giveUp?.('no answer in time'));
    try {
      return await Promise.race([this.#config.notifier.send(notice, abort.signal), givenUp]);
    } catch (error) {
      this.#port.onError(error);
      return { result: 'retry', reason: 'the notifier failed' };
    } finally {
      clock.clearTimer(timer);
      this.#isSlow = clock.monotonicMs() - startedMs >= sendTimeoutMs;
      this.#giveUp = null;
    }
  }

  async #settle(sent: readonly OutboxNotice[], delivery: Delivery, sentAt: number): Promise<void> {
    const now = this.#port.steady.now();
    if (delivery.result === 'delivered') return this.#recordDelivered(sent, delivery.messageId ?? null, now);
    this.#failedAttempts += 1;
    this.#isFailing = true;
    this.#lastFailure = delivery.reason;
    const isFinal =
      delivery.result === 'rejected' &&
      (delivery.isHopeless || sent.every(({ kind, attempts }) => isWrittenOff(kind, attempts)));
    if (isFinal) {
      this.#rejected += sent.length;
      const rejected = sent.map((notice): OutboxNotice => ({ ...notice, state: 'rejected', failure: delivery.reason }));
      await this.#port.refused(rejected, delivery.isHopeless ?? false);
      return;
    }
    const attempts = sent[0]?.attempts ?? 1;
    const waitMs =
      delivery.result === 'rejected'
        ? penaltyMs(attempts)
        : (delivery.retryAfterMs ??
          Math.max(LEAST_WAIT_MS, Math.min(backoffMs(attempts, this.#port.random()), CYCLE_MS - (now - sentAt))));
    if (delivery.result === 'retry' && delivery.retryAfterMs !== undefined)
      this.#past = { ...this.#past, holdUntil: now + waitMs };
    await this.#port.record(
      sent.map((notice) => ({ ...notice, state: 'waiting', dueAt: now + waitMs, failure: delivery.reason })),
    );
    this.#port.failed();
  }

  async #recordDelivered(sent: readonly OutboxNotice[], messageId: string | null, now: number): Promise<void> {
    this.#delivered += sent.length;
    this.#isFailing = false;
    this.#lastDeliveredAt = this.#port.clock.wallMs();
    const oldest = Math.min(...sent.map((notice) => notice.createdAt));
    this.deliverySeconds.push((now - oldest) / 1000);
    if (this.deliverySeconds.length > 100) this.deliverySeconds.shift();
    await this.#port.record(sent.map((notice) => ({ ...notice, state: 'delivered', messageId, deliveredAt: now })));
  }

  #noticeOf(batch: readonly OutboxNotice[], batchName: string): Notice {
    const [first] = batch;
    if (first === undefined) throw new Error('a message needs a notice');
    const offsetMs = this.#port.steady.wallOffsetMs();
    const isGroup = batch.length > 1;
    const message = isGroup ? composeGroup(batch, this.#config.dashboardUrl) : first.message;
    return {
      id: batchName,
      kind: first.kind,
      rule: first.rule,
      severity: first.severity,
      alertSeverity: first.alertSeverity,
      services: message.services,
      incident: first.incident,
      dedupKey: dedupKeyOf(isGroup ? batchName : first.key, this.#port.clean),
      labels: isGroup ? {} : first.labels,
      message,
      ...(first.reason === null || isGroup ? {} : { reason: first.reason }),
      startedAt: Math.min(...batch.map((notice) => notice.startedAt)) + offsetMs,
      ...(first.endedAt === null ? {} : { endedAt: first.endedAt + offsetMs }),
      attempt: first.attempts,
    };
  }

  #arm(delayMs: number | null): void {
    this.#disarm();
    if (delayMs === null || !this.#isRunning) return;
    this.#timer = this.#port.clock.setTimer(Math.max(1, delayMs), () => {
      this.#timer = null;
      this.poke();
    });
  }

  #disarm(): void {
    if (this.#timer !== null) this.#port.clock.clearTimer(this.#timer);
    this.#timer = null;
  }
}

function isWrittenOff(kind: OutboxNotice['kind'], attempts: number): boolean {
  return kind === 'fire' || kind === 'test' || attempts >= LAST_ATTEMPT;
}
