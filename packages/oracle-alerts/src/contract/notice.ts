import type { Message } from './message.js';
import type { Severity } from './severity.js';

/** What a notice tells. */
export const noticeKinds = ['fire', 'resolve', 'reminder', 'closed', 'no_data', 'test'] as const;

/** One of {@link noticeKinds}. */
export type NoticeKind = (typeof noticeKinds)[number];

/** Where a notice is on its way. */
export const noticeStates = ['waiting', 'sending', 'delivered', 'rejected', 'superseded'] as const;

/** One of {@link noticeStates}. */
export type NoticeState = (typeof noticeStates)[number];

/** One outgoing message to one channel: what notifiers are handed. */
export interface Notice {
  /** The same over all retries of one message. */
  readonly id: string;
  readonly kind: NoticeKind;
  readonly rule: string;
  /** Of this message: a recovery is `info`. */
  readonly severity: Severity;
  /** Of the alert it is about; the same for a fire and its recovery. */
  readonly alertSeverity: Severity;
  readonly services: readonly string[];
  /** Which outage of the alert; the same for a fire and its recovery. */
  readonly incident: number;
  /** The same for a fire and its recovery; at most 255 characters. */
  readonly dedupKey: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly message: Message;
  readonly reason?: string;
  /** Wall clock in ms: beginning and, for a recovery, end of the outage. */
  readonly startedAt: number;
  readonly endedAt?: number;
  /** Number of the attempt, from 1. */
  readonly attempt: number;
}

/** A notice as the dashboard's delivery log shows it. Instants are ISO 8601 UTC. */
export interface NoticeView {
  readonly id: string;
  readonly channel: string;
  readonly key: string;
  readonly kind: NoticeKind;
  readonly rule: string;
  readonly service: string;
  readonly severity: Severity;
  readonly state: NoticeState;
  readonly attempts: number;
  readonly title: string;
  readonly reason: string | null;
  readonly messageId: string | null;
  readonly createdAt: string;
  readonly deliveredAt: string | null;
}
