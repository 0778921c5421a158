import type { ServiceFacts } from '@nps/oracle-alerts';
import type { Target } from '@nps/oracle-health/contract';
import {
  createKeptConnections,
  createNameLookup,
  createSeriesMemo,
  type ScrapeResult,
  type ScrapeTarget,
  scrape,
} from '@nps/oracle-metrics/client';

/** How long metrics may take where a target does not say (RELIABILITY 3). */
const SCRAPE_TIMEOUT_MS = 2000;

/** Where a target tells its metrics; null for kinds that have none. */
export function scrapeAddress(target: Target): ScrapeTarget | null {
  const common = { timeoutMs: target.timeoutMs ?? SCRAPE_TIMEOUT_MS, ...(target.token ? { token: target.token } : {}) };
  if (target.kind === 'service') {
    return { url: new URL(target.metricsPath ?? '/metrics.json', target.url).href, kind: 'service', ...common };
  }
  if (target.kind !== 'prometheus') return null;
  const url = target.metricsPath === undefined ? target.url : new URL(target.metricsPath, target.url).href;
  return { url, kind: 'prometheus', ...common };
}

/** Asks a target for its metrics, those sealed minutes included that are newer than an instant; null where it has none. */
export type Scraper = (
  target: Target,
  signal: AbortSignal,
  minutesSince: string | undefined,
) => Promise<ScrapeResult> | null;

/**
 * A scraper whose scrapes share what is known of names (a dead name server must not delay every target), their connections
 * and the series of pages that hardly change.
 */
export function createScraper(): Scraper {
  const shared = { lookup: createNameLookup(), connections: createKeptConnections(), series: createSeriesMemo() };
  return (target, signal, minutesSince) => {
    const address = scrapeAddress(target);
    if (address === null) return null;
    return scrape(address, { signal, ...shared, ...(minutesSince === undefined ? {} : { minutesSince }) });
  };
}

/** What the engine must know of a target. */
export function serviceFacts({ name, displayName, dependsOn }: Target): ServiceFacts {
  return {
    name,
    ...(displayName === undefined ? {} : { displayName }),
    ...(dependsOn === undefined ? {} : { dependsOn }),
  };
}
