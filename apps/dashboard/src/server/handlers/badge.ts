import type { ShownStatus } from '../../contract/status.js';
import { DashboardError } from '../errors.js';
import { type Handler, ok } from '../handler.js';
import type { HandlerDeps } from '../handler-deps.js';

const colors: Readonly<Record<ShownStatus, string>> = {
  healthy: 'brightgreen',
  degraded: 'yellow',
  down: 'red',
  no_data: 'lightgrey',
};
const worstFirst = ['down', 'degraded', 'no_data', 'healthy'] as const;

/** A badge for a README or a wiki page. */
export function createBadgeHandler({ survey }: Pick<HandlerDeps, 'survey'>): Handler<'badge'> {
  return ({ input }) => {
    const services = survey.latest()?.services ?? {};
    if (input.service === undefined)
      return ok(badge('services', worstOf(Object.values(services).map(({ status }) => status))));
    const service = Object.hasOwn(services, input.service) ? services[input.service] : undefined;
    if (service === undefined)
      throw new DashboardError('NOT_FOUND', 'No service of this name is watched; /api/status lists them.');
    return ok(badge(service.display_name, service.status));
  };
}

function badge(label: string, status: ShownStatus) {
  return { schemaVersion: 1, label, message: status.replace('_', ' '), color: colors[status] } as const;
}

function worstOf(statuses: readonly ShownStatus[]): ShownStatus {
  return worstFirst.find((status) => statuses.includes(status)) ?? 'no_data';
}
