import type { Check, CheckOutcome } from './check.js';
import type { CheckReport } from './contract/index.js';

/** One finished run. Times are wall-clock milliseconds. */
export interface Sample {
  readonly outcome: CheckOutcome;
  readonly latencyMs: number;
  readonly at: number;
}

/** What is held to be true of a check. */
export interface CheckState {
  readonly sample: Sample;
  /** When the present status was first seen. */
  readonly since: number;
  readonly lastOkAt: number | null;
  /** When the last run ended, also one whose result is not believed yet. */
  readonly checkedAt: number;
  /** A different status that waits for confirmation. */
  readonly doubt?: { readonly status: CheckOutcome['status']; readonly since: number; readonly seen: number };
}

/**
 * The next state after a run. A changed status is believed once it was seen `changesAfter` times in a row,
 * the very first one at once.
 */
export function advance(state: CheckState | undefined, sample: Sample, changesAfter: number): CheckState {
  const { status } = sample.outcome;
  const { at } = sample;
  const lastOkAt = status === 'ok' || status === 'warning' ? at : (state?.lastOkAt ?? null);
  if (!state) return { sample, since: at, lastOkAt, checkedAt: at };
  if (status === state.sample.outcome.status) return { sample, since: state.since, lastOkAt, checkedAt: at };
  const again = state.doubt?.status === status ? state.doubt : { status, since: at, seen: 0 };
  const doubt = { ...again, seen: again.seen + 1 };
  if (doubt.seen >= changesAfter) return { sample, since: doubt.since, lastOkAt, checkedAt: at };
  return { ...state, lastOkAt, checkedAt: at, doubt };
}

/**
 * The check as the report shows it, detail included (the endpoints take that out again).
 * @param nowMs wall clock; no instant is shown later than this, though the clock may have been set back
 */
export function describe(check: Check, state: CheckState, nowMs = Date.now()): CheckReport {
  const { outcome, latencyMs } = state.sample;
  const shown = (at: number) => new Date(Math.min(at, nowMs)).toISOString();
  return {
    status: outcome.status,
    latency_ms: Math.round(latencyMs * 10) / 10,
    critical: check.critical,
    ...(check.fatal ? { fatal: true } : {}),
    since: shown(state.since),
    last_ok_at: state.lastOkAt === null ? null : shown(state.lastOkAt),
    checked_at: shown(state.checkedAt),
    ...(outcome.error === undefined ? {} : { error: outcome.error }),
    ...(outcome.value === undefined ? {} : { value: outcome.value }),
    ...(outcome.unit === undefined ? {} : { unit: outcome.unit }),
    ...(outcome.detail === undefined ? {} : { detail: outcome.detail }),
  };
}
