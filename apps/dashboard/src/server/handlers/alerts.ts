import type { AlertsReply } from '../../contract/alerts.js';
import type { AlertBook } from '../alert-book.js';
import { type Handler, ok } from '../handler.js';
import { isMissingTable } from '../recorded.js';
import type { Survey } from '../survey.js';

export interface AlertsDeps {
  readonly book: AlertBook | null;
  readonly survey: Survey;
  readonly nowMs: () => number;
  onError(error: unknown): void;
}

/** Open alerts and what happened; without a database the last known. */
export function createAlertsHandler({ book, survey, nowMs, onError }: AlertsDeps): Handler<'alerts'> {
  let lastGood: AlertsReply = { open: [], history: [], notices: [], silences: [], recorded: false };
  return async ({ input }) => {
    if (book === null || !survey.isDatabaseUp()) return ok({ ...lastGood, recorded: false });
    try {
      const [open, rest] = await Promise.all([book.open(nowMs()), book.past(input.limit)]);
      lastGood = { open, ...rest, recorded: true };
      return ok(lastGood);
    } catch (error) {
      if (!isMissingTable(error)) onError(error);
      return ok({ ...lastGood, recorded: false });
    }
  };
}
