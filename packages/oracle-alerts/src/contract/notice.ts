import type { Message } from './message.js';
import type { Severity } from './severity.js';

/** What a notice tells. */
export const noticeKinds = ['fire', 'resolve', 'reminder', 'closed', 'no_data', 'test'] as const;

/** One of {@link noticeKinds}. */
export type NoticeKind = (typeof noticeKinds)[number];

/**
 * Where a notice is on its way. `unconfirmed`: two senders died while it was under way, so that it may have arrived twice;
 * a third copy is not sent.
 */
export const noticeStates = ['waiting', 'sending', 'delivered', 'rejected', 'superseded', 'unconfirmed'] as const;

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
  /** Beginning of the outage, wall clock in ms. */
  readonly startedAt: number;
  /** End of the outage with `resolve` and `closed`; with the alerter's news of itself, when they are news no more. */
  readonly endedAt?: number;
  /** Number of the attempt, from 1. */
  readonly attempt: number;
}

/** A notice as the dashboard's delivery log shows it. Instants are ISO 8601 UTC. */
export interface NoticeView {
  readonly id: string;
  readonly channel: string;
  /** Key of the alert it is about. */
  readonly key: string;
  readonly incident: number;
  readonly kind: NoticeKind;
  readonly rule: string;
  readonly service: string;
  readonly severity: Severity;
  readonly state: NoticeState;
  readonly attempts: number;
  readonly title: string;
  /** What the channel last refused with, also when a later attempt got through; null when it never did. */
  readonly reason: string | null;
  /** The channel's own name of the message. */
  readonly messageId: string | null;
  /** Channel that failed to deliver it, when this is the copy for its fallback. */
  readonly fallbackFor: string | null;
  readonly createdAt: string;
  /** Earliest instant of the next attempt; null once it is over. */
  readonly nextAttemptAt: string | null;
  readonly deliveredAt: string | null;
  /** From the decision to the channel's accept, in ms; null until delivered. */
  readonly latencyMs: number | null;
}

/** How one channel did of late. Instants are ISO 8601 UTC. */
export interface ChannelView {
  readonly channel: string;
  readonly delivered: number;
  /** Waiting or being sent right now. */
  readonly waiting: number;
  /** Given up: the channel refused for good. */
  readonly rejected: number;
  readonly attempts: number;
  /** Median from the decision to the accept, in ms; null without a delivery. */
  readonly medianLatencyMs: number | null;
  readonly lastDeliveredAt: string | null;
  /** What the channel last refused with, and when that notice was made. */
  readonly lastReason: string | null;
  readonly lastReasonAt: string | null;
}
