import type { IncomingMessage, ServerResponse } from 'node:http';

import type { EndpointOptions } from '../endpoints/answer.js';
import { healthEndpoints, type RequestHandler } from '../endpoints/health-endpoints.js';
import { type Answer, methodNotAllowed, problem, send } from '../endpoints/reply.js';
import { pathOf } from '../endpoints/target.js';
import { HealthError } from '../errors.js';
import type { Health } from '../health.js';
import { jobStats, jobStatus } from './job-answers.js';
import { metricsJson, metricsText, wantsText } from './metrics-answers.js';
import type { JobSource, MetricsSource } from './sources.js';

/** What the sidecar serves. */
export interface SidecarContent extends EndpointOptions {
  readonly health: Health;
  readonly metrics?: MetricsSource;
  readonly jobs?: JobSource;
  /** Further handlers by `METHOD /path`, for example `POST /faults`. They come before the built-in paths. */
  readonly routes?: Readonly<Record<string, RequestHandler>>;
}

/**
 * One handler for everything on the sidecar's port.
 * @throws HealthError `INVALID_OPTION` when a key of `routes` is not `METHOD /path`
 */
export function createSidecarHandler(content: SidecarContent): RequestHandler {
  const { routes = {} } = content;
  for (const key of Object.keys(routes)) {
    if (!/^[A-Z]+ \/\S*$/.test(key)) {
      throw new HealthError('INVALID_OPTION', `Expected routes named like "POST /faults", got ${JSON.stringify(key)}`);
    }
  }
  const table = new Map(Object.entries(routes));
  const endpoints = healthEndpoints(content.health, content);
  return (request, response) => {
    const own = table.get(`${request.method} ${pathOf(request.url ?? '/')}`);
    if (own) own(request, response);
    else endpoints(request, response, (error) => void serve(content, request, response, error));
  };
}

async function serve(content: SidecarContent, request: IncomingMessage, response: ServerResponse, error: unknown) {
  try {
    if (error) throw error;
    send(response, await answerFor(content, request), request.method);
  } catch {
    send(response, problem(500, 'Internal Server Error'), request.method);
  }
}

async function answerFor(
  { health, metrics, jobs, routes = {} }: SidecarContent,
  request: IncomingMessage,
): Promise<Answer> {
  const path = pathOf(request.url ?? '/');
  const name = /^\/jobs\/stats\/([^/]+)$/.exec(path)?.[1];
  const isKnown =
    name !== undefined || ['/metrics', '/metrics.json', '/metrics/prometheus', '/jobs/status'].includes(path);
  if (!isKnown) return unknownPath(routes, path);
  if (request.method !== 'GET' && request.method !== 'HEAD') return methodNotAllowed();
  if (name !== undefined) return jobStats(jobs, name);
  if (path === '/jobs/status') return jobStatus(jobs, request);
  if (path === '/metrics.json') return metricsJson(metrics, request);
  if (path === '/metrics/prometheus') return metricsText(metrics, health);
  // Without metrics of its own a service still has its checks to show.
  return wantsText(request.headers.accept ?? '') ? metricsText(metrics, health) : metricsJson(metrics, request);
}

/** A path that only the service's own routes know is there for other methods. */
function unknownPath(routes: NonNullable<SidecarContent['routes']>, path: string): Answer {
  const methods = Object.keys(routes).flatMap((key) => (key.endsWith(` ${path}`) ? [key.split(' ', 1)[0]] : []));
  return methods.length > 0 ? methodNotAllowed(methods.join(', ')) : problem(404, 'Not Found');
}
