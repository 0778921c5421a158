import type { AlertsReply } from '../../contract/alerts.js';
import { type Handler, ok } from '../handler.js';
import type { HandlerDeps } from '../handler-deps.js';
import { createLastGood } from '../last-good.js';

/** Open alerts and what happened; without a database the last known. */
export function createAlertsHandler(deps: HandlerDeps): Handler<'alerts'> {
  const readings = createLastGood<Omit<AlertsReply, 'recorded'>>(deps);
  const empty = { open: [], history: [], notices: [], silences: [] };
  return async ({ input }) => {
    const { value, recorded } = await readings.read(String(input.limit), async () => {
      if (deps.books === null) return empty;
      const [open, past] = await Promise.all([deps.books.alerts.open(), deps.books.alerts.past(input.limit)]);
      return { open: open.alerts, ...past };
    });
    return ok({ ...(value ?? empty), recorded });
  };
}
