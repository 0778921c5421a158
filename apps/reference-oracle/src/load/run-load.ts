import { setTimeout as delay } from 'node:timers/promises';
import type { OracleLogger } from '@nps/oracle-logger';
import type { Sender, SendResult } from './clients.js';
import type { PlannedRequest } from './plan.js';

/** Requests under way at most; beyond it a planned request is skipped and counted. */
const IN_FLIGHT_LIMIT = 50;
const SUMMARY_EVERY_MS = 60_000;

/** What became of the planned requests. */
export interface LoadCounts {
  readonly answered: number;
  readonly failed: number;
  readonly no_answer: number;
  readonly skipped: number;
}

export interface LoadDeps {
  readonly plan: Iterator<PlannedRequest, unknown>;
  readonly sender: Sender;
  readonly logger: OracleLogger;
  /** Ends the load; requests under way are waited for. */
  readonly signal: AbortSignal;
}

/** Sends the plan's requests at their times until it is stopped, whatever the Oracle does meanwhile. */
export async function runLoad({ plan, sender, logger, signal }: LoadDeps): Promise<LoadCounts> {
  const counts = { answered: 0, failed: 0, no_answer: 0, skipped: 0 };
  const inFlight = new Set<Promise<void>>();
  let answers: 'unknown' | 'yes' | 'no' = 'unknown';
  const note = (result: SendResult): void => {
    counts[result] += 1;
    const now = result === 'no_answer' ? 'no' : 'yes';
    if (now !== answers && now === 'no') logger.warn('the Oracle does not answer; the load goes on', { ...counts });
    if (now !== answers && now === 'yes' && answers === 'no') logger.info('the Oracle answers again', { ...counts });
    answers = now;
  };
  const summary = setInterval(
    () => logger.info('load so far', { ...counts, in_flight: inFlight.size }),
    SUMMARY_EVERY_MS,
  );
  try {
    while (!signal.aborted) {
      const { value: request, done } = plan.next();
      if (done) break;
      await delay(request.pauseMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) break;
      if (inFlight.size >= IN_FLIGHT_LIMIT) {
        counts.skipped += 1;
        continue;
      }
      const sending: Promise<void> = sender
        .send(request)
        .then(note)
        .finally(() => inFlight.delete(sending));
      inFlight.add(sending);
    }
    await Promise.all(inFlight);
  } finally {
    clearInterval(summary);
  }
  return counts;
}
