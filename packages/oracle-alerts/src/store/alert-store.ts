import type {
  Acknowledgement,
  AlertEvent,
  AlertView,
  Message,
  NoticeKind,
  NoticeState,
  Severity,
  Silence,
} from '../contract/index.js';
import type { AlertRecord } from '../evaluation/alert-record.js';

/** A notice on its way through the outbox. Instants are the engine's steady ms in memory and wall ms in a store. */
export interface OutboxNotice {
  readonly id: string;
  /** Order of creation within one engine. */
  readonly sequence: number;
  readonly channel: string;
  readonly key: string;
  readonly incident: number;
  readonly kind: NoticeKind;
  readonly rule: string;
  readonly severity: Severity;
  readonly alertSeverity: Severity;
  readonly service: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly message: Message;
  readonly reason: string | null;
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly createdAt: number;
  /** Earliest instant of the next attempt. */
  readonly dueAt: number;
  readonly state: NoticeState;
  readonly attempts: number;
  /** Attempts in a row whose sender died before it knew the answer; absent for none. */
  readonly lostAttempts?: number;
  /** Notices that went out as one message carry the same; null before the first attempt. */
  readonly batch: string | null;
  readonly failure: string | null;
  readonly messageId: string | null;
  readonly deliveredAt: number | null;
  /** Channel that failed to deliver it, when this is the copy for its fallback. */
  readonly fallbackFor: string | null;
}

/** What a channel was last told about an alert. */
export interface Telling {
  readonly key: string;
  readonly channel: string;
  readonly incident: number;
  readonly state: 'open' | 'closed' | 'refused';
  /** When it was decided; for `refused`, when it may be tried again. */
  readonly at: number;
  /** When the channel last took a fire of this alert; the next one keeps the cooldown from then on. */
  readonly acceptedAt: number | null;
  /** Refusals in a row; a fire that stayed unconfirmed counts as one, and `acceptedAt` is then when that was found. */
  readonly refusals: number;
}

/** What one turn of the engine changed. Stored in one transaction, whole or not at all. */
export interface StoredChange {
  readonly alerts?: readonly AlertRecord[];
  /** The same alerts as people are shown them. */
  readonly views?: readonly AlertView[];
  readonly removedKeys?: readonly string[];
  readonly events?: readonly AlertEvent[];
  readonly notices?: readonly OutboxNotice[];
  readonly tellings?: readonly Telling[];
}

/** Whether there is nothing to store. */
export function isEmptyChange(change: StoredChange): boolean {
  return Object.values(change).every((list: readonly unknown[] | undefined) => list === undefined || list.length === 0);
}

/** All that a new leader must know. */
export interface StoredSnapshot {
  readonly alerts: readonly AlertRecord[];
  readonly notices: readonly OutboxNotice[];
  readonly tellings: readonly Telling[];
}

/** What people asked for; may be written by other processes. */
export interface Requests {
  readonly silences: readonly Silence[];
  readonly acknowledgements: readonly Acknowledgement[];
}

/** Whether a write of a leader was taken; `fenced`: another one leads by now. */
export type Fencing = 'stored' | 'fenced';

/** Memory that outlives the process. Every method rejects while the store cannot be reached. All instants are wall ms. */
export interface AlertStore {
  /**
   * Becomes or stays leader: the fencing epoch, or null while another one leads. Call it every third of the lease.
   * @param isSpeaking whether this replica leads already, if only from memory: after an outage such a one goes first
   */
  lead(owner: string, leaseMs: number, isSpeaking?: boolean): Promise<number | null>;
  resign(epoch: number): Promise<void>;
  load(): Promise<StoredSnapshot>;
  store(epoch: number, change: StoredChange): Promise<Fencing>;
  /** Takes notices for one attempt, for the length of a lease; refused to a leader of an older epoch. */
  claim(epoch: number, noticeIds: readonly string[], leaseMs: number): Promise<Fencing>;
  loadRequests(): Promise<Requests>;
  storeSilence(silence: Silence): Promise<void>;
  deleteSilence(id: string): Promise<void>;
  storeAcknowledgement(acknowledgement: Acknowledgement): Promise<void>;
}
