import type { Target } from '@nps/oracle-health/contract';
import type { AlertSummary } from '../contract/alerts.js';
import type {
  AlerterState,
  DatabaseState,
  Recording,
  Reports,
  ServiceSummary,
  StatusReply,
} from '../contract/status.js';
import type { Seen } from './seen.js';
import { summarise } from './summarise.js';
import type { Trend } from './trends.js';

/** Everything one reply is made of. */
export interface Known {
  readonly targets: readonly Target[];
  readonly seen: Seen;
  readonly trends: ReadonlyMap<string, Trend>;
  readonly changes: ReadonlyMap<string, { readonly at: string | null }>;
  readonly recording: Recording;
  readonly database: DatabaseState;
  readonly alerter: AlerterState;
  readonly alerts: readonly AlertSummary[];
  readonly nowMs: number;
}

/** Puts one reply of `/api/status` together. Pure. */
export function composeStatus(known: Known): StatusReply {
  const { targets, seen } = known;
  const primary =
    targets.find(({ name }) => name === 'oracle') ?? targets.find(({ kind }) => kind === 'service') ?? null;
  return {
    generated_at: new Date(known.nowMs).toISOString(),
    primary: primary?.name ?? null,
    oracle: reportsOf(seen, primary?.name ?? ''),
    services: Object.fromEntries(targets.map((target) => [target.name, serviceOf(known, target)])),
    database: known.database,
    recording: known.recording,
    alerter: known.alerter,
    alerts: known.alerts,
  };
}

/** The two reports of one service as they came. */
export function reportsOf(seen: Seen, name: string): Reports {
  return { health: seen.visits.get(name)?.health ?? null, metrics: seen.measured.get(name)?.report ?? null };
}

function serviceOf({ seen, trends, changes, alerts }: Known, target: Target): ServiceSummary {
  const { name } = target;
  const silences = alerts.flatMap((alert) =>
    alert.service === name && alert.silenced_until !== null ? [alert.silenced_until] : [],
  );
  return summarise({
    name,
    target,
    visit: seen.visits.get(name),
    measured: seen.measured.get(name),
    trend: trends.get(name),
    changedAt: changes.get(name)?.at ?? null,
    silencedUntil: silences.sort().at(-1) ?? null,
  });
}
