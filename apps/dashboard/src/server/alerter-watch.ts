import { createProber } from '@nps/oracle-health/client';
import type { CheckReport, HealthReport, ProbeResult } from '@nps/oracle-health/contract';
import type { AlerterState } from '../contract/status.js';
import { dependenciesOf } from './summarise.js';

export const alerterAway: AlerterState = {
  state: 'away',
  checks: [],
  last_evaluated_at: null,
  outbox: null,
  channels: 'unknown',
  last_delivery: null,
};

/** Asks the alerter how it is: who watches the watcher is shown on every page. */
export function createAlerterWatch(url: string): { look(signal: AbortSignal): Promise<AlerterState> } {
  const prober = createProber();
  const target = { name: 'alerter', kind: 'service', url } as const;
  return { look: async (signal) => alerterState(await prober.probe(target, { signal })) };
}

/** Reads the alerter's health report. Pure. */
export function alerterState(result: ProbeResult): AlerterState {
  if (result.outcome === 'failure' || result.health === null) return alerterAway;
  const { health } = result;
  const { evaluation, outbox, channels } = health.checks;
  return {
    state: health.status === 'healthy' ? 'running' : 'degraded',
    checks: dependenciesOf(health),
    last_evaluated_at: lastEvaluation(health, evaluation),
    outbox: outbox?.value ?? null,
    channels: channelState(channels),
    last_delivery: null,
  };
}

/** The check says how many seconds ago; the report says when it was asked. */
function lastEvaluation(health: HealthReport, evaluation: CheckReport | undefined): string | null {
  if (evaluation?.value === undefined) return null;
  const askedMs = Date.parse(evaluation.checked_at ?? health.timestamp);
  return Number.isNaN(askedMs) ? null : new Date(askedMs - evaluation.value * 1000).toISOString();
}

function channelState(channels: CheckReport | undefined): AlerterState['channels'] {
  if (channels === undefined) return 'unknown';
  if (channels.status === 'ok') return 'working';
  return channels.value === 0 && channels.error === 'NOT_FOUND' ? 'none' : 'failing';
}
