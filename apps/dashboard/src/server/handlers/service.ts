import type { Figures } from '../../contract/status.js';
import { reportsOf } from '../compose-status.js';
import { DashboardError } from '../errors.js';
import { type Handler, ok } from '../handler.js';
import { isMissingTable, type Recorded } from '../recorded.js';
import { noFigures } from '../summarise.js';
import type { Survey } from '../survey.js';
import { loadYesterday, mainOperation } from '../trends.js';

export interface ServiceDeps {
  readonly recorded: Recorded | null;
  readonly survey: Survey;
  readonly nowMs: () => number;
  onError(error: unknown): void;
}

/** One service with both reports in full. */
export function createServiceHandler(deps: ServiceDeps): Handler<'service'> {
  return async ({ input }) => {
    const latest = deps.survey.latest();
    const service =
      latest !== null && Object.hasOwn(latest.services, input.name) ? latest.services[input.name] : undefined;
    if (latest === null || service === undefined)
      throw new DashboardError('NOT_FOUND', 'No service of this name is watched; the overview lists them.');
    const seen = deps.survey.seen();
    const operation = mainOperation(seen.measured.get(input.name)?.report?.windows['60m'].by_operation ?? {});
    const yesterday = await readYesterday(deps, input.name, operation);
    return ok({ generated_at: latest.generated_at, service, yesterday, ...reportsOf(seen, input.name) });
  };
}

async function readYesterday(
  { recorded, survey, nowMs, onError }: ServiceDeps,
  service: string,
  operation: string,
): Promise<Figures> {
  if (recorded === null || !survey.isDatabaseUp()) return noFigures;
  try {
    return await loadYesterday(recorded, service, operation, nowMs());
  } catch (error) {
    if (!isMissingTable(error)) onError(error);
    return noFigures;
  }
}
