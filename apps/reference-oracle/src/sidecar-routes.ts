import type { RequestHandler } from '@nps/oracle-health';
import { type JobMonitor, metricsEndpoint, type OracleMetrics } from '@nps/oracle-metrics';
import type { OracleConfig } from './config.js';
import { createFaultRoute, type FaultRouteDeps } from './fault-route.js';

/** What this service answers on its sidecar beyond what every sidecar does. */
export function sidecarRoutes(
  { faults }: Pick<OracleConfig, 'faults'>,
  deps: FaultRouteDeps & { readonly jobs: JobMonitor; readonly metrics: OracleMetrics },
): Readonly<Record<string, RequestHandler>> {
  const listJobs: RequestHandler = (_request, response) => {
    deps.jobs.status().then(
      (runs) => response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(runs)),
      () => response.writeHead(503).end(),
    );
  };
  // In the place of the sidecar's own text, because this one speaks OpenMetrics and native histograms too.
  const metrics = metricsEndpoint(deps.metrics);
  const routes = {
    'GET /metrics': metrics,
    'GET /metrics/prometheus': metrics,
    // The short form of /jobs/status, for people.
    'GET /jobs': listJobs,
  };
  if (faults === 'off') return routes;
  const faultRoute = createFaultRoute(deps);
  return { ...routes, 'GET /faults': faultRoute, 'POST /faults': faultRoute };
}
