import type { MetricsReport } from '../contract/report.js';
import type { Sample } from '../contract/sample.js';

/** A place that tells metrics. */
export interface ScrapeTarget {
  /** Full address of the metrics, `http://` or `https://`. */
  readonly url: string;
  /** `service` answers our JSON, `prometheus` a text exposition. */
  readonly kind: 'service' | 'prometheus';
  /** Total time for name, connection, headers and body. Default 2,000, range 1 … 60,000. */
  readonly timeoutMs?: number;
}

export interface ScrapeOptions {
  readonly signal?: AbortSignal;
  /** Ask a service for its sealed minutes after this instant, ISO 8601. */
  readonly minutesSince?: string;
}

/** Why a scrape gave nothing. */
export type ScrapeFailureReason =
  | 'refused'
  | 'timeout'
  | 'dns'
  | 'tls'
  | 'reset'
  | 'malformed'
  | 'oversize'
  | 'redirect'
  | 'http_5xx'
  | 'http_4xx'
  | 'unreachable'
  | 'aborted';

export type ScrapeResult =
  | { readonly outcome: 'report'; readonly report: MetricsReport; readonly at: string }
  | { readonly outcome: 'samples'; readonly samples: readonly Sample[]; readonly at: string }
  | { readonly outcome: 'failure'; readonly reason: ScrapeFailureReason; readonly message: string };

/** Visits a target once. Never throws for what the target does. */
export function scrape(_target: ScrapeTarget, _options: ScrapeOptions = {}): Promise<ScrapeResult> {
  throw new Error('scrape is being built');
}
