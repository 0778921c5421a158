import type { RequestHandler } from 'express';

import { type EndpointOptions } from '../endpoints/answer.js';
import { healthEndpoints } from '../endpoints/health-endpoints.js';
import type { Health } from '../health.js';

/** `app.use(expressHealth(health))`: `/health /healthz /livez /readyz /ready`, all else goes on to the app. */
export function expressHealth(health: Health, options: EndpointOptions = {}): RequestHandler {
  return healthEndpoints(health, options);
}
