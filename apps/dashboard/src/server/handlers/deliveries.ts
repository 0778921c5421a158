import type { DeliveriesReply } from '../../contract/deliveries.js';
import { type Handler, ok } from '../handler.js';
import type { HandlerDeps } from '../handler-deps.js';
import { createLastGood, PAGE_FRESH_MS } from '../last-good.js';

/** What was sent where, and what came of it. */
export function createDeliveriesHandler(deps: HandlerDeps): Handler<'deliveries'> {
  const readings = createLastGood<Omit<DeliveriesReply, 'recorded'>>(deps, PAGE_FRESH_MS);
  const empty = { channels: [], notices: [] };
  return async ({ input }) =>
    ok(
      await readings.read(
        JSON.stringify([input.service, input.channel, input.state, input.limit]),
        empty,
        async () => (await deps.books?.alerts.deliveries(input)) ?? empty,
      ),
    );
}
