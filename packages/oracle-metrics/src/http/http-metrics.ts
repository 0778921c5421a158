import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Registry } from '../registry/registry.js';
import { routeOf } from './route.js';

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'CONNECT', 'TRACE']);

/** nginx' code for a client that left before the answer. */
const CLIENT_CLOSED = 499;

export interface HttpMetricsOptions {
  /** Names the route of a finished request when the framework is not Express: a template, never the raw path. */
  readonly route?: (req: IncomingMessage) => string;
}

/** What a middleware of Express, Connect or a plain `http` server gets. */
export type HttpMiddleware = (req: IncomingMessage, res: ServerResponse, next?: (error?: unknown) => void) => void;

/**
 * Counts and times requests by method, route template and status. Put it before the routes; in a plain `http` server
 * call it first in the handler.
 */
export function httpMetrics(
  metrics: { readonly registry: Registry },
  options: HttpMetricsOptions = {},
): HttpMiddleware {
  const { registry } = metrics;
  const requests = registry.counter({
    name: 'http_requests_total',
    help: 'HTTP requests by method, route and status; 499 is a client that left before the answer.',
    labels: ['method', 'endpoint', 'status'],
  });
  const durations = registry.histogram({
    name: 'http_request_duration_seconds',
    help: 'Time of HTTP requests, from their head to the end of the answer.',
    labels: ['method', 'endpoint'],
  });
  const inProgress = registry.gauge({
    name: 'http_requests_in_progress',
    help: 'HTTP requests being answered.',
    labels: ['method'],
  });
  const nameRoute = options.route ?? routeOf;

  return (req, res, next) => {
    const startedAtMs = performance.now();
    const method = METHODS.has(req.method ?? '') ? (req.method as string) : '_OTHER';
    inProgress.add(1, { method });
    // `close` comes once for every response, after `finish` or in its stead.
    res.once('close', () => {
      const endpoint = nameRoute(req);
      const status = res.writableFinished ? res.statusCode : CLIENT_CLOSED;
      inProgress.add(-1, { method });
      requests.inc({ method, endpoint, status });
      durations.observe((performance.now() - startedAtMs) / 1000, { method, endpoint });
    });
    next?.();
  };
}
