import { createProber } from '@nps/oracle-health/client';
import type { Target } from '@nps/oracle-health/contract';
import { createNameLookup, type ScrapeTarget, scrape } from '@nps/oracle-metrics/client';
import { redactDetails } from './redact-details.js';
import type { Measured, Seen, Visit } from './seen.js';

/** Looks at the targets itself, for the time nobody records. */
export interface LiveLook {
  look(targets: readonly Target[], signal: AbortSignal): Promise<Seen>;
}

/** Most of the time is waiting: a target that hangs takes two seconds of one place. */
const AT_ONCE = 64;

/** @param redact hides secrets in what targets say of their failures */
export function createLiveLook(redact: (text: string) => string): LiveLook {
  const prober = createProber();
  const lookup = createNameLookup();
  const visit = async (target: Target, signal: AbortSignal): Promise<Visit> => {
    const result = await prober.probe(target, { signal });
    const { at, latencyMs } = result;
    const seen = { service: target.name, at, latencyMs, source: 'live' as const };
    return result.outcome === 'report'
      ? {
          ...seen,
          status: result.status,
          reason: null,
          message: null,
          health: result.health === null ? null : redactDetails(result.health, redact),
        }
      : { ...seen, status: 'down', reason: result.reason, message: redact(result.message), health: null };
  };
  return {
    async look(targets, signal) {
      const visits = new Map<string, Visit>();
      const measured = new Map<string, Measured>();
      await inTurns(targets, AT_ONCE, async (target) => {
        const place = metricsPlace(target);
        const [seen, metrics] = await Promise.all([
          visit(target, signal),
          place === null ? null : scrape(place, { signal, lookup }),
        ]);
        if (signal.aborted) return;
        visits.set(target.name, seen);
        if (metrics?.outcome === 'report')
          measured.set(target.name, { service: target.name, at: metrics.at, report: metrics.report });
      });
      return { visits, measured };
    },
  };
}

/** Where a service's own JSON metrics are; other kinds have none. */
function metricsPlace(target: Target): ScrapeTarget | null {
  if (target.kind !== 'service') return null;
  const url = new URL(target.metricsPath ?? '/metrics.json', target.url).href;
  return {
    url,
    kind: 'service',
    ...(target.timeoutMs === undefined ? {} : { timeoutMs: target.timeoutMs }),
    ...(target.token === undefined ? {} : { token: target.token }),
  };
}

/** Does the work for every item, at most `atOnce` at the same time. */
export async function inTurns<T>(items: readonly T[], atOnce: number, work: (item: T) => Promise<void>): Promise<void> {
  const waiting = [...items];
  const worker = async (): Promise<void> => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
}
