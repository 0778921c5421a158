import type { Target } from '@nps/oracle-health/contract';
import type { AlertSummary } from '../contract/alerts.js';
import type {
  AlerterState,
  ConfigurationState,
  DatabaseState,
  Delivery,
  Recording,
  Reports,
  ServiceSummary,
  StatusReply,
} from '../contract/status.js';
import { type QuietTimes, quietUntil } from './quiet-times.js';
import type { Seen } from './seen.js';
import { summarise } from './summarise.js';
import type { KnownTrend } from './trends.js';

/** Everything one reply is made of. */
export interface Known {
  readonly targets: readonly Target[];
  readonly seen: Seen;
  readonly trends: ReadonlyMap<string, KnownTrend>;
  readonly changes: ReadonlyMap<string, { readonly at: string | null }>;
  readonly recording: Recording;
  readonly database: DatabaseState;
  readonly alerter: AlerterState;
  readonly lastDelivery: Delivery | null;
  readonly configuration: ConfigurationState;
  readonly alerts: readonly AlertSummary[];
  readonly quiet: QuietTimes;
  readonly nowMs: number;
}

/** Puts one reply of `/api/status` together. Pure. */
export function composeStatus(known: Known): StatusReply {
  const { targets, seen } = known;
  const primary = primaryOf(targets);
  return {
    generated_at: new Date(known.nowMs).toISOString(),
    primary,
    oracle: reportsOf(seen, primary ?? ''),
    services: Object.fromEntries(targets.map((target) => [target.name, serviceOf(known, target)])),
    database: known.database,
    recording: known.recording,
    alerter: { ...known.alerter, last_delivery: known.lastDelivery },
    configuration: known.configuration,
    alerts: known.alerts,
  };
}

/** The service shown as `oracle`: the one of that name, else the first that speaks our JSON. */
export function primaryOf(targets: readonly Target[]): string | null {
  const named = targets.find(({ name }) => name === 'oracle') ?? targets.find(({ kind }) => kind === 'service');
  return named?.name ?? null;
}

/** The two reports of one service as they came. */
export function reportsOf(seen: Seen, name: string): Reports {
  return { health: seen.visits.get(name)?.health ?? null, metrics: seen.measured.get(name)?.report ?? null };
}

function serviceOf({ seen, trends, changes, alerts, quiet, nowMs }: Known, target: Target): ServiceSummary {
  const { name } = target;
  const silenced = alerts.filter(({ service }) => service === name).map((alert) => alert.silenced_until);
  const quietEnds = [quietUntil(quiet, { service: name }, nowMs), ...silenced].filter((end) => end !== null);
  return summarise({
    name,
    target,
    visit: seen.visits.get(name),
    measured: seen.measured.get(name),
    trend: trends.get(name)?.trend,
    changedAt: changes.get(name)?.at ?? null,
    silencedUntil: quietEnds.sort().at(-1) ?? null,
  });
}
