import type { ServiceFacts } from '@nps/oracle-alerts';
import type { Target } from '@nps/oracle-health/contract';
import { type ScrapeResult, type ScrapeTarget, scrape } from '@nps/oracle-metrics/client';

/** How long metrics may take where a target does not say (RELIABILITY 3). */
const SCRAPE_TIMEOUT_MS = 2000;

/** Where a target tells its metrics; null for kinds that have none. */
export function scrapeAddress(target: Target): ScrapeTarget | null {
  const timeoutMs = target.timeoutMs ?? SCRAPE_TIMEOUT_MS;
  if (target.kind === 'service') {
    return { url: new URL(target.metricsPath ?? '/metrics.json', target.url).href, kind: 'service', timeoutMs };
  }
  if (target.kind !== 'prometheus') return null;
  const url = target.metricsPath === undefined ? target.url : new URL(target.metricsPath, target.url).href;
  return { url, kind: 'prometheus', timeoutMs };
}

/** Asks a target for its metrics; null where it has none. */
export function scrapeTarget(
  target: Target,
  signal: AbortSignal,
  minutesSince: string | undefined,
): Promise<ScrapeResult> | null {
  const address = scrapeAddress(target);
  return address === null ? null : scrape(address, { signal, ...(minutesSince === undefined ? {} : { minutesSince }) });
}

/** What the engine must know of a target. */
export function serviceFacts({ name, displayName, dependsOn }: Target): ServiceFacts {
  return {
    name,
    ...(displayName === undefined ? {} : { displayName }),
    ...(dependsOn === undefined ? {} : { dependsOn }),
  };
}
