import type { LookupFunction } from 'node:net';
import { parseMetricsReport } from '../contract/parse-report.js';
import type { MetricsReport } from '../contract/report.js';
import type { Sample } from '../contract/sample.js';
import { MetricsError } from '../errors.js';
import { failure, type ScrapeFailure } from './failure.js';
import { fetchText } from './fetch-text.js';
import type { KeptConnections } from './kept-connections.js';
import { createNameLookup } from './name-lookup.js';
import { parsePrometheusText } from './prometheus-text.js';
import type { SeriesMemo } from './series-memo.js';

/** A place that tells metrics. */
export interface ScrapeTarget {
  /** Full address of the metrics, `http://` or `https://`. */
  readonly url: string;
  /** `service` answers our JSON, `prometheus` a text exposition. */
  readonly kind: 'service' | 'prometheus';
  /** Total time for name, connection, headers and body. Default 2,000, range 1 … 60,000. */
  readonly timeoutMs?: number;
  /** Bearer token; secret. Default: none is sent. */
  readonly token?: string;
}

export interface ScrapeOptions {
  readonly signal?: AbortSignal;
  /** Asks a service for its sealed minutes after this instant, ISO 8601. */
  readonly minutesSince?: string;
  /** From `createSeriesMemo`, to read pages that hardly change in a fraction of the time (4 KB: 36 instead of 320 µs). Default: every page is read anew. */
  readonly series?: SeriesMemo;
  /** From `createKeptConnections`, for scrapes every few seconds. Default: every scrape opens a connection of its own. */
  readonly connections?: KeptConnections;
  /** From `createNameLookup`, to remember addresses from scrape to scrape. Default: every scrape asks anew. */
  readonly lookup?: LookupFunction;
}

export type ScrapeResult =
  | { readonly outcome: 'report'; readonly report: MetricsReport; readonly at: string }
  | { readonly outcome: 'samples'; readonly samples: readonly Sample[]; readonly at: string }
  | ScrapeFailure;

const ACCEPT = {
  service: 'application/json',
  prometheus: 'text/plain;version=0.0.4',
} as const;

/**
 * Visits a target once. Whatever the target does is a result, never an error; the answer is read up to 1 MB.
 * @throws MetricsError `INVALID_OPTION` for a timeout out of range
 */
export async function scrape(target: ScrapeTarget, options: ScrapeOptions = {}): Promise<ScrapeResult> {
  const { timeoutMs = 2000 } = target;
  if (!(timeoutMs >= 1 && timeoutMs <= 60_000)) {
    throw new MetricsError('INVALID_OPTION', `timeoutMs must be from 1 to 60,000, got ${String(timeoutMs)}.`);
  }
  const url = URL.canParse(target.url) ? new URL(target.url) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) {
    return failure('malformed', 'The address of a target starts with http:// or https://');
  }
  if (options.minutesSince !== undefined && target.kind === 'service') {
    url.searchParams.set('minutes_since', options.minutesSince);
  }
  const answer = await fetchText({
    url,
    accept: ACCEPT[target.kind],
    token: target.token,
    timeoutMs,
    signal: options.signal,
    lookup: options.lookup ?? createNameLookup(),
    connections: options.connections,
  });
  if (answer.outcome === 'failure') return answer;
  return target.kind === 'service' ? readReport(answer.text) : readSamples(answer.text, options.series);
}

function readReport(text: string): ScrapeResult {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return failure('malformed', 'The answer is not JSON');
  }
  const parsed = parseMetricsReport(value);
  if (parsed.outcome === 'malformed')
    return failure('malformed', `The answer is not a metrics report: ${parsed.message}`);
  return { outcome: 'report', report: parsed.report, at: new Date().toISOString() };
}

function readSamples(text: string, series: SeriesMemo | undefined): ScrapeResult {
  try {
    return { outcome: 'samples', samples: parsePrometheusText(text, series), at: new Date().toISOString() };
  } catch (error) {
    if (error instanceof MetricsError) return failure('malformed', error.message);
    throw error;
  }
}
