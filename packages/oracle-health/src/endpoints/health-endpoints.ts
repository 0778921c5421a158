import type { IncomingMessage, ServerResponse } from 'node:http';

import type { Health } from '../health.js';
import { type Answer, type EndpointOptions, type EndpointPath, endpointPaths } from './answer.js';
import { createAnswerer } from './plain-answers.js';

/** A plain Node request handler; Express calls it with `next` too. */
export type RequestHandler = (
  request: IncomingMessage,
  response: ServerResponse,
  next?: (error?: unknown) => void,
) => void;

/**
 * One handler for all paths (unknown ones go to `next`, or are answered with 404), which also holds one handler for
 * each path: `endpoints['/livez']`.
 */
export type HealthEndpoints = RequestHandler & Readonly<Record<EndpointPath, RequestHandler>>;

/** Handlers for `/health`, `/healthz`, `/livez`, `/readyz` and `/ready`, for `node:http`, Express and the like. */
export function healthEndpoints(health: Health, options: EndpointOptions = {}): HealthEndpoints {
  const answerer = createAnswerer(health, options);
  const serve = (path: EndpointPath): RequestHandler => {
    return (request, response, next) => {
      respond(answerer, path, request, response).catch((error: unknown) => {
        if (next) next(error);
        else send(response, internalError, request.method);
      });
    };
  };
  const handlers = Object.fromEntries(endpointPaths.map((path) => [path, serve(path)])) as Record<
    EndpointPath,
    RequestHandler
  >;
  const dispatch: RequestHandler = (request, response, next) => {
    const path = pathOf(request.url ?? '/');
    if (isEndpoint(path)) handlers[path](request, response, next);
    else if (next) next();
    else send(response, notFound, request.method);
  };
  return Object.assign(dispatch, handlers);
}

async function respond(
  answerer: ReturnType<typeof createAnswerer>,
  path: EndpointPath,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('allow', 'GET, HEAD');
    send(response, problem(405, 'Method Not Allowed'), request.method);
    return;
  }
  const { accept = '', authorization = '' } = request.headers;
  const query = queryOf(request.url ?? '/');
  send(response, await answerer({ path, query, accept, authorization }), request.method);
}

/** Writes a whole answer; HEAD gets its headers only. */
export function send(
  response: ServerResponse,
  { statusCode, contentType, body, cacheControl }: Answer,
  method?: string,
): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(statusCode, {
    'content-type': contentType,
    'content-length': Buffer.byteLength(body),
    'cache-control': cacheControl ?? 'no-store',
    'x-content-type-options': 'nosniff',
    vary: 'accept, authorization',
  });
  response.end(method === 'HEAD' ? undefined : body);
}

/** The path of a request target without its query and trailing slash. */
export function pathOf(url: string): string {
  const path = url.split('?', 1)[0] ?? '/';
  return path.length > 1 ? path.replace(/\/+$/, '') : path;
}

/** The query of a request target. */
export function queryOf(url: string): URLSearchParams {
  const mark = url.indexOf('?');
  return new URLSearchParams(mark === -1 ? '' : url.slice(mark + 1));
}

/** An RFC 9457 answer. */
export function problem(statusCode: number, title: string, detail?: string): Answer {
  const body = JSON.stringify({ type: 'about:blank', title, status: statusCode, ...(detail ? { detail } : {}) });
  return { statusCode, contentType: 'application/problem+json', body };
}

const notFound = problem(404, 'Not Found');
const internalError = problem(500, 'Internal Server Error');

function isEndpoint(path: string): path is EndpointPath {
  return (endpointPaths as readonly string[]).includes(path);
}
