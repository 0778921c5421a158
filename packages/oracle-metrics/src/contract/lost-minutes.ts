import type { MetricsReport } from './report.js';

/** A service keeps its sealed minutes this long, so a collector that was away for less has lost nothing. */
export const MINUTES_KEPT = 120;

const MINUTE_MS = 60_000;

/**
 * How many minutes after `since` (the last stored one, ISO 8601) a service can no longer give, because the collector
 * was away for longer than the service keeps them. Minutes before the service started are not lost: there were none.
 */
export function lostMinutes(since: string, report: Pick<MetricsReport, 'timestamp' | 'started_at'>): number {
  const oldestKeptMs = (Math.floor(Date.parse(report.timestamp) / MINUTE_MS) - MINUTES_KEPT) * MINUTE_MS;
  const neededMs = Math.max(
    Date.parse(since) + MINUTE_MS,
    Math.floor(Date.parse(report.started_at) / MINUTE_MS) * MINUTE_MS,
  );
  return Math.max(0, Math.ceil((oldestKeptMs - neededMs) / MINUTE_MS));
}
