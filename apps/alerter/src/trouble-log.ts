import type { Clock } from '@nps/oracle-alerts';
import { messageOf } from './errors.js';

/** Where troubles are written; the logger fits. */
export interface WarningLog {
  warn(message: string, fields?: object): unknown;
}

/** Takes a trouble of one part of the alerter. */
export type TroubleLog = (part: string, error: unknown) => void;

/** The same trouble is written at most once in this time; what was left out is counted. */
const REPEAT_MS = 60_000;

/** Different troubles remembered at a time; beyond it the oldest is forgotten and may be written again. */
const MAX_REMEMBERED = 200;

/** Builds a log for background troubles: a database that is away for an hour must not write an hour of lines. */
export function createTroubleLog(log: WarningLog, clock: Clock): TroubleLog {
  const seen = new Map<string, { writtenMs: number; heldBack: number }>();
  return (part, error) => {
    const text = `${part}: ${messageOf(error)}`;
    const nowMs = clock.monotonicMs();
    const before = seen.get(text);
    if (before !== undefined && nowMs - before.writtenMs < REPEAT_MS) {
      before.heldBack += 1;
      return;
    }
    const oldest = seen.keys().next();
    if (before === undefined && seen.size >= MAX_REMEMBERED && !oldest.done) seen.delete(oldest.value);
    seen.set(text, { writtenMs: nowMs, heldBack: 0 });
    const heldBack = before?.heldBack ?? 0;
    log.warn(heldBack > 0 ? `${text} (and ${heldBack} times more)` : text, { action: 'trouble', part, error });
  };
}
