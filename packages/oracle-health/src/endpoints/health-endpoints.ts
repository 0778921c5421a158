import type { IncomingMessage, ServerResponse } from 'node:http';

import { expectHealth, type Health } from '../health.js';
import { type EndpointOptions, type EndpointPath, endpointPaths } from './answer.js';
import { type Answerer, createAnswerer } from './answerer.js';
import { methodNotAllowed, problem, send } from './reply.js';
import { pathOf, queryOf } from './target.js';

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

/**
 * Handlers for `/health`, `/healthz`, `/livez`, `/readyz` and `/ready`, for `node:http`, Express and the like.
 * @throws HealthError `INVALID_OPTION` without a health
 */
export function healthEndpoints(health: Health, options: EndpointOptions = {}): HealthEndpoints {
  expectHealth('healthEndpoints', health);
  const answerer = createAnswerer(health, options);
  const serve = (path: EndpointPath): RequestHandler => {
    return (request, response, next) => {
      // Most ask the plain question: what was answered a moment ago is theirs without a further turn of the loop.
      const recent = isPlain(request) ? answerer.recent(path) : undefined;
      if (recent) {
        send(response, recent, request.method);
        return;
      }
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
  answerer: Answerer,
  path: EndpointPath,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { method, url = '/', headers } = request;
  if (method !== 'GET' && method !== 'HEAD') {
    send(response, methodNotAllowed(), method);
    return;
  }
  const { accept = '', authorization = '' } = headers;
  const question = { path, query: queryOf(url), accept, authorization };
  send(response, await (isPlain(request) ? answerer.plain(path) : answerer.answer(question)), method);
}

/** Whether it is a question that is answered to all alike. */
function isPlain({ method, url = '/', headers: { authorization, accept } }: IncomingMessage): boolean {
  const isRead = method === 'GET' || method === 'HEAD';
  return isRead && authorization === undefined && !url.includes('?') && !(accept && /health\+json/i.test(accept));
}

const notFound = problem(404, 'Not Found');
const internalError = problem(500, 'Internal Server Error');

function isEndpoint(path: string): path is EndpointPath {
  return (endpointPaths as readonly string[]).includes(path);
}
