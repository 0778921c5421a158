import type { Notice, Silence } from './contract/index.js';

/** What became of one attempt to send. Expected outcomes are values, not exceptions. */
export type Delivery =
  | { readonly result: 'delivered'; readonly messageId?: string }
  | {
      readonly result: 'retry';
      readonly reason: string;
      /** The channel's own wish (429), in ms. The whole channel waits for it. */
      readonly retryAfterMs?: number;
    }
  /**
   * Permanent: token revoked, chat gone, form refused even as plain text. Asked again rarely, in case somebody repairs it;
   * never where `isHopeless`.
   */
  | { readonly result: 'rejected'; readonly reason: string; readonly isHopeless?: true };

/** One channel. It knows the protocol; the engine owns patience, order and memory. */
export interface Notifier {
  /** Word of the channel's kind, e.g. `telegram`. */
  readonly kind: string;
  /** Whether several notices may become one message; default `merge`. PagerDuty keeps an event per alert. */
  readonly grouping?: 'merge' | 'single';
  /**
   * Whether the channel keeps alerts open until it hears that they are over (PagerDuty, Alertmanager); default false.
   * Such a channel is told every end, also where people are not, and no news without an end.
   */
  readonly isStateful?: boolean;
  /** What the channel can take. */
  readonly pace?: Pace;
  /** Sends once; obeys the signal; never throws for what the channel answers; no secret in any reason. */
  send(notice: Notice, signal: AbortSignal): Promise<Delivery>;
  /**
   * Takes over a silence, where the channel has silences of its own (Alertmanager). Called again when it changed, and with
   * an end that is past when it was lifted; calling it twice does nothing more.
   */
  silence?(silence: Silence, signal: AbortSignal): Promise<Delivery>;
}

/** How fast a channel may be used. */
export interface Pace {
  /** Ms from one message to the next; default 0. */
  readonly gapMs?: number;
  /** Messages within any 60 s; default unlimited. */
  readonly perMinute?: number;
}
