import type { Handlers } from '../handler.js';
import type { HandlerDeps } from '../handler-deps.js';
import { createAcknowledgeLinkHandlers } from './acknowledge-link.js';
import { createAlertHandlers } from './alert.js';
import { createAlertContextHandler } from './alert-context.js';
import { createAlertsHandler } from './alerts.js';
import { createBadgeHandler } from './badge.js';
import { createCostsHandler } from './costs.js';
import { createDeliveriesHandler } from './deliveries.js';
import { createDeployHandlers } from './deploys.js';
import { createHistoryHandler } from './history.js';
import { createJobsHandler } from './jobs.js';
import { createLogHandlers } from './logs.js';
import { createMaintenanceHandlers } from './maintenance.js';
import { createOpenApiHandler } from './openapi.js';
import { createProbeHandlers } from './probes.js';
import { createServiceHandler } from './service.js';
import { createSessionHandlers } from './session.js';
import { createSettingsHandler } from './settings.js';
import { createSloHandler } from './slo.js';
import { createStatusHandler } from './status.js';
import { createUsageHandler } from './usage.js';

/** One handler per line of the endpoint table. */
export function createHandlers(deps: HandlerDeps): Handlers {
  return {
    status: createStatusHandler(deps),
    service: createServiceHandler(deps),
    history: createHistoryHandler(deps),
    usage: createUsageHandler(deps),
    alerts: createAlertsHandler(deps),
    ...createAlertHandlers(deps),
    ...createAcknowledgeLinkHandlers(deps),
    alertContext: createAlertContextHandler(deps),
    deliveries: createDeliveriesHandler(deps),
    ...createMaintenanceHandlers(deps),
    ...createDeployHandlers(deps),
    ...createLogHandlers(deps.logs),
    jobs: createJobsHandler(deps),
    costs: createCostsHandler(deps),
    slo: createSloHandler(deps),
    settings: createSettingsHandler(deps),
    badge: createBadgeHandler(deps),
    openapi: createOpenApiHandler(),
    ...createSessionHandlers(deps),
    ...createProbeHandlers(deps),
  };
}
