import type { Check, CheckOutcome } from './check.js';
import { outcomeOfError, readOutcome } from './check-outcome.js';
import type { Sample } from './check-state.js';
import { withDeadline } from './connection/deadline.js';
import { createSingleFlight } from './single-flight.js';

/** Runs one check, never twice at a time. */
export interface CheckRunner {
  /** Joins the run in flight or begins one. Always resolves, within the check's time. */
  run(): Promise<Sample>;
  /** Aborts the run in flight. */
  abort(): void;
}

// A run that ignores its signal blocks further ones this long; after that it is given up for lost.
const lostAfterMs = 30_000;

/** @param limitMs upper bound on the check's own timeout, in milliseconds */
export function createCheckRunner(check: Check, limitMs: number): CheckRunner {
  const timeoutMs = Math.min(check.timeoutMs, limitMs);
  let deafSince: number | undefined;
  let controller = new AbortController();

  async function work(signal: AbortSignal): Promise<CheckOutcome> {
    const startedAt = performance.now();
    deafSince = startedAt;
    try {
      return readOutcome(await check.run(signal));
    } finally {
      if (deafSince === startedAt) deafSince = undefined;
    }
  }

  async function sample(): Promise<Sample> {
    const startedAt = performance.now();
    const outcome = await observe();
    const latencyMs = performance.now() - startedAt;
    return { outcome: judgeLatency(check, outcome, latencyMs), latencyMs, at: Date.now() };
  }

  async function observe(): Promise<CheckOutcome> {
    if (deafSince !== undefined && performance.now() - deafSince < lostAfterMs) {
      return { status: 'error', error: 'TIMEOUT', detail: 'The last run has still not ended' };
    }
    try {
      return await withDeadline(timeoutMs, controller.signal, work);
    } catch (error) {
      return outcomeOfError(error);
    }
  }

  const flight = createSingleFlight(sample);
  return {
    run: flight.run,
    abort() {
      controller.abort(new DOMException('Health checks were stopped', 'AbortError'));
      controller = new AbortController();
    },
  };
}

function judgeLatency(check: Check, outcome: CheckOutcome, latencyMs: number): CheckOutcome {
  if (outcome.status !== 'ok' || check.warnAfterMs === undefined || latencyMs <= check.warnAfterMs) return outcome;
  return { ...outcome, status: 'warning', error: 'THRESHOLD', detail: `Slower than ${check.warnAfterMs} ms` };
}
