import type { RequestHandler } from '@nps/oracle-health';
import type { JobMonitor } from '@nps/oracle-metrics';
import type { OracleConfig } from './config.js';
import { createFaultRoute, type FaultRouteDeps } from './fault-route.js';

/** What this service answers on its sidecar beyond what every sidecar does. */
export function sidecarRoutes(
  { faults }: Pick<OracleConfig, 'faults'>,
  deps: FaultRouteDeps & { readonly jobs: JobMonitor },
): Readonly<Record<string, RequestHandler>> {
  const listJobs: RequestHandler = (_request, response) => {
    deps.jobs.status().then(
      (runs) => response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(runs)),
      () => response.writeHead(503).end(),
    );
  };
  // The short form of /jobs/status, for people.
  const routes = { 'GET /jobs': listJobs };
  if (faults === 'off') return routes;
  const faultRoute = createFaultRoute(deps);
  return { ...routes, 'GET /faults': faultRoute, 'POST /faults': faultRoute };
}
