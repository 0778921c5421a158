import type { NoticeSummary } from './alerts.js';

/** How one channel did over the last 24 hours. */
export interface ChannelSummary {
  readonly channel: string;
  readonly delivered: number;
  /** Waiting or being sent right now. */
  readonly waiting: number;
  /** Given up: the channel refused for good. */
  readonly rejected: number;
  readonly attempts: number;
  /** Median from the decision to the channel's accept; `null` without a delivery. */
  readonly median_latency_ms: number | null;
  readonly last_delivered_at: string | null;
  /** What the channel last refused with, and when that message was made. */
  readonly last_reason: string | null;
  readonly last_reason_at: string | null;
}

/** The delivery log: what was sent where, and what came of it. */
export interface DeliveriesReply {
  readonly channels: readonly ChannelSummary[];
  /** Newest first. */
  readonly notices: readonly NoticeSummary[];
  readonly recorded: boolean;
}
