import type { Handlers } from '../handler.js';
import type { HandlerDeps } from '../handler-deps.js';
import { createLogFiles } from '../log-files.js';
import { createAlertHandlers } from './alert.js';
import { createAlertsHandler } from './alerts.js';
import { createBadgeHandler } from './badge.js';
import { createCostsHandler } from './costs.js';
import { createDeployHandlers } from './deploys.js';
import { createHistoryHandler } from './history.js';
import { createJobsHandler } from './jobs.js';
import { createLogsHandler } from './logs.js';
import { createOpenApiHandler } from './openapi.js';
import { createProbeHandlers } from './probes.js';
import { createServiceHandler } from './service.js';
import { createSessionHandlers } from './session.js';
import { createSettingsHandler } from './settings.js';
import { createSloHandler } from './slo.js';
import { createStatusHandler } from './status.js';

/** One handler per line of the endpoint table. */
export function createHandlers(deps: HandlerDeps): Handlers {
  return {
    status: createStatusHandler(deps),
    service: createServiceHandler(deps),
    history: createHistoryHandler(deps),
    alerts: createAlertsHandler(deps),
    ...createAlertHandlers(deps),
    ...createDeployHandlers(deps),
    logs: createLogsHandler(createLogFiles(deps.config.logDirectory, (text) => deps.redact(text))),
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
