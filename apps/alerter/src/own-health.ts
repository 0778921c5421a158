import type { ChannelStatus, EngineStatus } from '@nps/oracle-alerts';
import { type CheckOptions, type CheckOutcome, postgresCheck } from '@nps/oracle-health';
import type { CollectStatus } from './collect.js';
import type { SettingsState } from './settings.js';
import { shownList } from './shown-list.js';

/** What the alerter's own health is read from. */
export interface OwnState {
  readonly databaseUrl: string | null;
  /** Longest time between two visits and between two evaluations that is still normal, in ms. */
  readonly collectIntervalMs: number;
  readonly checkIntervalMs: number;
  /** Wall clock in ms. */
  now(): number;
  engine(): EngineStatus;
  collect(): CollectStatus;
  /** Names of the channels that reach a person; without any, nobody would be told. */
  channels(): readonly string[];
  settings(): SettingsState;
}

/** A notice this old is stuck: the slowest regular way, a retry after a 429, takes less (ALERTING 1, 9). */
const STUCK_AFTER_SECONDS = 60;

/** After so many missed turns the loop does not work; one is a hiccup. */
const MISSED_TURNS = 3;

/** What the alerter's own `/health` asks: does it look, judge and tell? */
export function ownChecks(state: OwnState): readonly CheckOptions[] {
  return [
    databaseCheck(state),
    collectCheck(state),
    evaluationCheck(state),
    ...deliveryChecks(state),
    settingsCheck(state),
  ];
}

function databaseCheck({ databaseUrl }: OwnState): CheckOptions {
  // Alerting goes on from memory while it is away, hence not critical.
  if (databaseUrl !== null) return postgresCheck({ connectionString: databaseUrl, critical: false });
  return {
    name: 'database',
    critical: false,
    run: () => ({ status: 'skipped', detail: 'DATABASE_URL is not set: nothing is recorded' }),
  };
}

function collectCheck(state: OwnState): CheckOptions {
  return {
    name: 'collect',
    run: () => {
      if (state.engine().role === 'standby') return { status: 'ok', detail: 'standing by, another alerter leads' };
      return judgeAge(state.collect().lastVisitAt, state.now(), state.collectIntervalMs, 'visit of any target');
    },
  };
}

function evaluationCheck(state: OwnState): CheckOptions {
  return {
    name: 'evaluation',
    run: () => {
      const { role, network, lastEvaluationAt } = state.engine();
      if (role === 'standby') return { status: 'ok', detail: 'standing by, another alerter leads' };
      if (network === 'isolated')
        return { status: 'error', error: 'UNREACHABLE', detail: 'cut off from the network: outages are not believed' };
      return judgeAge(lastEvaluationAt, state.now(), state.checkIntervalMs, 'evaluation');
    },
  };
}

function judgeAge(lastAt: number | null, now: number, intervalMs: number, what: string): CheckOutcome {
  if (lastAt === null) return { status: 'warning', detail: `no ${what} yet` };
  const ageSeconds = Math.round((now - lastAt) / 100) / 10;
  const measured = { value: ageSeconds, unit: 'seconds' };
  if (ageSeconds * 1000 <= MISSED_TURNS * intervalMs + 2000) return { status: 'ok', ...measured };
  return { status: 'error', error: 'THRESHOLD', ...measured, detail: `the last ${what} was ${ageSeconds} s ago` };
}

function deliveryChecks(state: OwnState): readonly CheckOptions[] {
  return [
    { name: 'channels', critical: false, run: () => judgeChannels(state.channels(), state.engine().channels) },
    {
      name: 'outbox',
      critical: false,
      run: () => {
        const { outboxAgeSeconds: value, outboxWaiting } = state.engine();
        const detail = `${outboxWaiting} notices wait, the oldest for ${Math.round(value)} s`;
        return value > STUCK_AFTER_SECONDS
          ? { status: 'error', error: 'THRESHOLD', value, unit: 'seconds', detail }
          : { status: 'ok', value, unit: 'seconds' };
      },
    },
  ];
}

function judgeChannels(configured: readonly string[], status: readonly ChannelStatus[]): CheckOutcome {
  if (configured.length === 0) {
    return {
      status: 'warning',
      error: 'NOT_FOUND',
      value: 0,
      unit: 'channels',
      detail: 'no channel is configured: nobody would be told',
    };
  }
  const failing = status.filter((channel) => configured.includes(channel.name) && channel.state === 'failing');
  const measured = { value: configured.length - failing.length, unit: 'channels' };
  if (failing.length === 0) return { status: 'ok', ...measured };
  const detail = failing.map((channel) => `${channel.name}: ${channel.lastFailure ?? 'failing'}`).join('; ');
  return {
    status: failing.length === configured.length ? 'error' : 'warning',
    error: 'UNREACHABLE',
    ...measured,
    detail,
  };
}

function settingsCheck(state: OwnState): CheckOptions {
  return {
    name: 'configuration',
    critical: false,
    run: () => {
      const { faults } = state.settings();
      if (faults.length === 0) return { status: 'ok' };
      return {
        status: 'warning',
        error: 'MALFORMED',
        detail: `the changed file is not used: ${shownList(faults).join('; ')}`,
      };
    },
  };
}
