import type { HealthReport, Target } from '@nps/oracle-health/contract';
import type { MetricsReport } from '@nps/oracle-metrics/contract';

/** The last visit to one service, by the alerter (`recorded`) or by the dashboard itself (`live`). */
export interface Visit {
  readonly service: string;
  readonly at: string;
  readonly status: 'healthy' | 'degraded' | 'down';
  readonly reason: string | null;
  readonly message: string | null;
  readonly health: HealthReport | null;
  readonly latencyMs: number;
  readonly source: 'recorded' | 'live';
}

/** The last metrics of one service. */
export interface Measured {
  readonly service: string;
  readonly at: string;
  readonly report: MetricsReport | null;
}

/** By service name. Maps, not objects: a service may be called `__proto__`. */
export interface Seen {
  readonly visits: ReadonlyMap<string, Visit>;
  readonly measured: ReadonlyMap<string, Measured>;
}

export const nothingSeen: Seen = { visits: new Map(), measured: new Map() };

/** The newest of two views of the world, service by service. */
export function newest(first: Seen, second: Seen): Seen {
  return { visits: laterOf(first.visits, second.visits), measured: laterOf(first.measured, second.measured) };
}

/** When anything was last seen, in ms; `null` when never. */
export function lastSeenMs(seen: Seen): number | null {
  const instants = [...seen.visits.values()].map((visit) => Date.parse(visit.at));
  return instants.length === 0 ? null : Math.max(...instants);
}

/** Only what the configuration file names. What was taken out of it is history, not a service at hand. */
export function onlyTargets(seen: Seen, targets: readonly Target[]): Seen {
  const names = new Set(targets.map((target) => target.name));
  const keep = <T>(map: ReadonlyMap<string, T>) => new Map([...map].filter(([name]) => names.has(name)));
  return { visits: keep(seen.visits), measured: keep(seen.measured) };
}

function laterOf<T extends { readonly at: string }>(
  first: ReadonlyMap<string, T>,
  second: ReadonlyMap<string, T>,
): ReadonlyMap<string, T> {
  const merged = new Map(first);
  for (const [name, entry] of second) {
    const known = merged.get(name);
    if (known === undefined || Date.parse(known.at) < Date.parse(entry.at)) merged.set(name, entry);
  }
  return merged;
}
