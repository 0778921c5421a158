import type { AlertsReply } from '../../contract/alerts.js';
import { type Handler, ok } from '../handler.js';
import type { HandlerDeps } from '../handler-deps.js';
import { createLastGood, PAGE_FRESH_MS } from '../last-good.js';

/** Open alerts and what happened; without a database the last known. */
export function createAlertsHandler(deps: HandlerDeps): Handler<'alerts'> {
  const readings = createLastGood<Omit<AlertsReply, 'recorded'>>(deps, PAGE_FRESH_MS);
  const empty = { open: [], history: [], notices: [], silences: [] };
  return async ({ input: { limit } }) =>
    ok(
      await readings.read(String(limit), empty, async () => {
        if (deps.books === null) return empty;
        const [{ alerts: open }, past] = await Promise.all([deps.books.alerts.open(), deps.books.alerts.past(limit)]);
        return { open, ...past };
      }),
    );
}
