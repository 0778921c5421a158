import type { Figures } from '../../contract/status.js';
import { reportsOf } from '../compose-status.js';
import { DashboardError } from '../errors.js';
import { type Handler, ok } from '../handler.js';
import type { HandlerDeps } from '../handler-deps.js';
import { createLastGood } from '../last-good.js';
import { noFigures } from '../summarise.js';
import { loadYesterday, mainOperation } from '../trends.js';

/** One service with both reports in full. */
export function createServiceHandler(deps: HandlerDeps): Handler<'service'> {
  const readings = createLastGood<Figures>(deps);
  return async ({ input: { name } }) => {
    const latest = deps.survey.latest();
    const service = latest !== null && Object.hasOwn(latest.services, name) ? latest.services[name] : undefined;
    if (latest === null || service === undefined) {
      throw new DashboardError('NOT_FOUND', 'No service of this name is watched; the overview lists them.');
    }
    const seen = deps.survey.seen();
    const operation = mainOperation(seen.measured.get(name)?.report?.windows['60m'].by_operation ?? {});
    const { value } = await readings.read(JSON.stringify([name, operation]), async () =>
      deps.books === null ? noFigures : loadYesterday(deps.books.recorded, name, operation, deps.nowMs()),
    );
    return ok({ generated_at: latest.generated_at, service, yesterday: value ?? noFigures, ...reportsOf(seen, name) });
  };
}
