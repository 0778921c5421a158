import type { SignAcknowledgement } from './acknowledge-link.js';
import type { Clock } from './clock.js';
import type {
  Acknowledgement,
  AlertEvent,
  AlertMatcher,
  AlertView,
  MaintenanceWindow,
  Observation,
  Route,
  Rule,
  Silence,
} from './contract/index.js';
import type { ServiceFacts } from './evaluation/evaluation-state.js';
import type { Notifier } from './notifier.js';
import type { AlertStore, StoredSnapshot } from './store/alert-store.js';

/** What the engine does. All times in ms. */
export interface EngineConfig {
  readonly services: readonly ServiceFacts[];
  readonly rules: readonly Rule[];
  /** Default: everything to every channel. */
  readonly routes?: readonly Route[];
  readonly maintenance?: readonly MaintenanceWindow[];
  /** Base of the links in messages; default `http://127.0.0.1:9000`. */
  readonly dashboardUrl?: string;
  /** Stable name of this replica; default random. A restart under the same name takes its own lease over at once. */
  readonly owner?: string;
  /** Full comparison of the truth with what was told; observations are judged at once besides. Default 10,000. */
  readonly checkIntervalMs?: number;
  /** Default 300,000. */
  readonly cooldownMs?: number;
  /** How long fires wait for others of their kind; default 2,000. */
  readonly groupWaitMs?: number;
  /** So many notices of one kind and rule become one message; default 5. */
  readonly groupThreshold?: number;
  /** Deadline of one attempt to send, doubled for a channel that did not answer the last one; default 10,000. */
  readonly sendTimeoutMs?: number;
  /** Undelivered for so long, a notice goes to the fallback channel too; default 12,000. */
  readonly fallbackAfterMs?: number;
  /** A leader that is silent for so long is replaced; default 10,000. */
  readonly leaseMs?: number;
  /** `stop()` waits so long for messages under way; default 4,000. */
  readonly stopTimeoutMs?: number;
}

/** The world of the engine. */
export interface EngineDeps {
  readonly clock: Clock;
  readonly store: AlertStore;
  /** By channel name. */
  readonly notifiers: Readonly<Record<string, Notifier>>;
  /** Faults of the engine's own doings (store gone, notifier threw). */
  onError(error: unknown): void;
  /** Applied to every text from outside before anything else; the default hides passwords in URLs, tokens and keys. */
  redact?(text: string): string;
  /** Whether this machine's own network works. Asked before a network-type failure is believed; default: it does. */
  connectivity?(): Promise<boolean>;
  /**
   * Asks the other replicas directly, each under a deadline of 2 s; used while the store is away and by whom the store
   * makes leader. Default: nobody can be asked, and a standby believes for 60 s that whoever led still does.
   * @param takingOver the epoch under which this one leads from now on: the others are to answer with `yieldTo` of it;
   * without it they are only asked, with `replica`
   */
  askReplicas?(takingOver?: number): Promise<readonly ReplicaAnswer[]>;
  /** Told when this replica begins and ceases to lead; only the leader should probe. */
  onRole?(role: EngineRole): void;
  /** Told every event of every alert, after it is stored. */
  onEvent?(event: AlertEvent): void;
  /** Gives fires and reminders a link that acknowledges; default: none. See `createAcknowledgeSigner`. */
  readonly signAcknowledgement?: SignAcknowledgement | undefined;
  /** 0 ≤ x < 1, for the jitter of retries; default `Math.random`. */
  random?(): number;
}

/** Whether this replica speaks. */
export type EngineRole = 'leader' | 'standby';

/** What a replica says of itself to the others. */
export interface ReplicaState {
  readonly role: EngineRole;
  readonly epoch: number | null;
  readonly store: EngineStatus['store'];
  /** Whether it judges as often as it should. */
  readonly isEvaluating: boolean;
  /** What it knows and told, in wall ms; null while standby. */
  readonly snapshot: StoredSnapshot | null;
}

/** What asking another replica came to. `gone`: nothing listens there; `silent`: no answer in time, dead or cut off. */
export type ReplicaAnswer =
  | { readonly name: string; readonly word: 'answered'; readonly state: ReplicaState }
  | { readonly name: string; readonly word: 'gone' | 'silent' };

/** How a channel is doing. */
export interface ChannelStatus {
  readonly name: string;
  readonly kind: string;
  readonly state: 'ok' | 'failing';
  readonly waiting: number;
  readonly delivered: number;
  readonly failedAttempts: number;
  readonly rejected: number;
  readonly lastDeliveredAt: number | null;
  readonly lastFailure: string | null;
}

/** How the engine is doing. */
export interface EngineStatus {
  readonly role: EngineRole;
  /** Fencing number of this leadership; null while standby or without a store. */
  readonly epoch: number | null;
  /** `memory`: the store is gone, alerting goes on without it. */
  readonly store: 'ok' | 'memory';
  /** `isolated`: the alerter's own network is gone, probes are not believed. */
  readonly network: 'ok' | 'isolated';
  readonly firing: number;
  readonly pending: number;
  /** Age of the oldest notice that is not delivered, in seconds; 0 when there is none. */
  readonly outboxAgeSeconds: number;
  readonly outboxWaiting: number;
  /** Wall clock in ms of the last complete evaluation; null before the first. */
  readonly lastEvaluationAt: number | null;
  readonly evaluations: number;
  /** Seconds from the decision to the channel's accept, newest last, at most 100. */
  readonly deliverySeconds: readonly number[];
  readonly channels: readonly ChannelStatus[];
}

/** What a fire drill found for one channel. */
export interface DrillResult {
  readonly channel: string;
  readonly result: 'delivered' | 'failed';
  readonly latencyMs: number;
  readonly messageId?: string;
  readonly reason?: string;
}

/** Judges observations and tells people. */
export interface AlertEngine {
  /** Takes up what was stored and begins. Works without the store too. */
  start(): Promise<void>;
  /** Finishes what is under way, hands the rest over. Idempotent. */
  stop(): Promise<void>;
  /** Hands observations in; they are judged at once. Ignored while standby. */
  observe(observations: readonly Observation[]): void;
  /** One full comparison of the truth with what was told. */
  tick(): Promise<void>;
  /** Resolves when everything observed so far is judged and stored. */
  settled(): Promise<void>;
  silence(silence: {
    readonly id?: string;
    readonly matcher: AlertMatcher;
    readonly durationMs: number;
    readonly createdBy: string;
    readonly comment?: string;
  }): Promise<Silence>;
  unsilence(id: string): Promise<void>;
  acknowledge(request: {
    readonly key: string;
    readonly by: string;
    /** Default 4 h. */
    readonly durationMs?: number;
  }): Promise<Acknowledgement>;
  /** Sends a message marked `[TEST]` through the real outbox to every channel. */
  drill(timeoutMs?: number): Promise<readonly DrillResult[]>;
  /** Takes new rules, services, routes (hot reload); alerts whose source is gone are closed. */
  reconfigure(
    change: Pick<EngineConfig, 'services' | 'rules'> & Partial<Pick<EngineConfig, 'routes' | 'maintenance'>>,
  ): Promise<void>;
  alerts(): readonly AlertView[];
  status(): EngineStatus;
  /** What the other replicas are told when they ask. */
  replica(): ReplicaState;
  /**
   * Another replica leads under this epoch: this one falls silent at once, unless it leads under a later one, and says what
   * it knew and told until then. Waits up to 1.5 s for the answer to a message under way.
   */
  yieldTo(epoch: number): Promise<ReplicaState>;
}
