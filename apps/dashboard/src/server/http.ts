import express, { type Express, type Request, type Response } from 'express';
import { api, type EndpointName } from '../contract/api.js';
import { type AnyEndpoint, pathFields } from '../contract/endpoint.js';
import { parseInput } from '../contract/field.js';
import type { Problem } from '../contract/problem.js';
import { DashboardError, isDashboardError, tooManyTries } from './errors.js';
import type { Guard } from './guard.js';
import type { Answer, Call, Handlers, Visitor } from './handler.js';
import { plainAddress } from './loopback.js';
import { createRateLimiter, type RateLimiter } from './rate-limit.js';
import { securityHeaders } from './security-headers.js';
import { createSender, type Sender } from './send.js';

export interface HttpDeps {
  readonly handlers: Handlers;
  readonly guard: Guard;
  /** Serves the page for everything that is not an endpoint. */
  readonly page: (request: Request, response: Response) => Promise<void>;
  readonly nowMs: () => number;
  /** Told after every change that succeeded, before its answer leaves. */
  onChange(): void;
  onError(error: unknown): void;
}

const BODY_LIMIT = '16kb';

/** An Express app with one route per line of the endpoint table, and the page. */
export function createHttp(deps: HttpDeps): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  // Repeated parameters become arrays, which no field accepts; nested ones do not exist.
  app.set('query parser', 'simple');
  const limits = {
    read: createRateLimiter({ burst: 1000, perSecond: 400 }, deps.nowMs),
    change: createRateLimiter({ burst: 120, perSecond: 2 }, deps.nowMs),
  };
  const send = createSender();
  app.use((request, response, next) => {
    response.set(securityHeaders);
    if (request.httpVersion === '1.1' && request.headers.host === undefined)
      throw new DashboardError('INVALID_INPUT', 'HTTP/1.1 needs a Host header.');
    next();
  });
  const json = express.json({ limit: BODY_LIMIT, strict: true });
  for (const name of Object.keys(api) as EndpointName[]) {
    const endpoint: AnyEndpoint = api[name];
    const route = (request: Request, response: Response) => serve(deps, send, limits, name, request, response);
    if (endpoint.method === 'GET') app.get(endpoint.path, route);
    else if (endpoint.method === 'DELETE') app.delete(endpoint.path, route);
    else app.post(endpoint.path, json, route);
  }
  app.use((request: Request, _response: Response, next: () => void) => {
    const methods = methodsOf(request.path);
    if (methods.length > 0)
      throw new DashboardError('METHOD', 'The path exists, the method does not; /api/openapi.json lists both.', {
        headers: { allow: methods.join(', ') },
      });
    if (/^\/api(\/|$)/i.test(request.path))
      throw new DashboardError('NOT_FOUND', 'No such endpoint; /api/openapi.json lists them.');
    next();
  });
  app.use((request: Request, response: Response) => {
    deps.guard.refuseForeignHost(request);
    return deps.page(request, response);
  });
  app.use((error: unknown, _request: Request, response: Response, _next: () => void) =>
    sendProblem(deps, error, response),
  );
  return app;
}

async function serve(
  deps: HttpDeps,
  send: Sender,
  limits: { readonly read: RateLimiter; readonly change: RateLimiter },
  name: EndpointName,
  request: Request,
  response: Response,
): Promise<void> {
  const endpoint: AnyEndpoint = api[name];
  const isProbe = !endpoint.path.startsWith('/api/');
  if (!isProbe) deps.guard.refuseForeignHost(request);
  refuseTooMany(endpoint.method === 'GET' ? limits.read : limits.change, request);
  const visitor = deps.guard.visitor(request);
  refuseUnlessAllowed(deps.guard, endpoint, visitor, request);
  const parsed = parseInput(endpoint.input, rawInput(endpoint, request));
  if (parsed.outcome === 'faults')
    throw new DashboardError('INVALID_INPUT', 'Correct the fields named in "faults".', { faults: parsed.faults });
  const leaving = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) leaving.abort();
  });
  // The table ties name, input and reply together; the compiler cannot follow that through a variable name.
  const handler = deps.handlers[name] as (call: Call<EndpointName>) => Promise<Answer<unknown>> | Answer<unknown>;
  const call = { input: parsed.input, visitor, signal: leaving.signal } as unknown as Call<EndpointName>;
  const answer = await handler(call);
  if (endpoint.access === 'change' || (endpoint.access === 'link' && endpoint.method !== 'GET')) deps.onChange();
  await send(answer, request, response);
}

function refuseTooMany(limiter: RateLimiter, request: Request): void {
  const waitSeconds = limiter.take(plainAddress(request.socket.remoteAddress));
  if (waitSeconds === 0) return;
  throw new DashboardError('TOO_MANY', `Try again in ${waitSeconds} s.`, {
    headers: { 'retry-after': String(waitSeconds) },
  });
}

function refuseUnlessAllowed(guard: Guard, endpoint: AnyEndpoint, visitor: Visitor, request: Request): void {
  if (endpoint.method !== 'GET') guard.refuseForeign(request, visitor);
  if (endpoint.access === 'public' || endpoint.access === 'link' || visitor.may === 'change') return;
  if (endpoint.access === 'read' && visitor.may === 'read') return;
  if (guard.methods.length === 0) {
    throw new DashboardError(
      'NOT_ALLOWED',
      'This dashboard is read-only: set DASHBOARD_TOKEN, or DASHBOARD_USER with DASHBOARD_PASSWORD, and restart it to allow changes.',
    );
  }
  if (visitor.waitSeconds > 0) throw tooManyTries(visitor.waitSeconds);
  const challenge: Readonly<Record<string, string>> = guard.methods.includes('token')
    ? { 'www-authenticate': 'Bearer realm="dashboard"' }
    : {};
  throw new DashboardError('NOT_SIGNED_IN', 'Sign in on the page, or send the token as "Authorization: Bearer …".', {
    headers: challenge,
  });
}

function rawInput(endpoint: AnyEndpoint, request: Request): ReadonlyMap<string, unknown> {
  const raw = new Map<string, unknown>(Object.entries(endpoint.method === 'POST' ? jsonBody(request) : request.query));
  for (const name of pathFields(endpoint.path)) raw.set(name, request.params[name]);
  return raw;
}

function jsonBody(request: Request): Readonly<Record<string, unknown>> {
  const hasBody = request.headers['content-length'] !== undefined && request.headers['content-length'] !== '0';
  if (!hasBody && request.headers['transfer-encoding'] === undefined) return {};
  // Other media types can be sent by a foreign page's form without asking first.
  if (!request.is('application/json')) throw new DashboardError('MEDIA_TYPE', 'Send the body as application/json.');
  const body: unknown = request.body;
  if (typeof body === 'object' && body !== null && !Array.isArray(body))
    return body as Readonly<Record<string, unknown>>;
  throw new DashboardError('INVALID_INPUT', 'Expected a JSON object as the body.');
}

/** What an address of the table takes; empty when it is none. */
function methodsOf(path: string): readonly string[] {
  const parts = path.split('/');
  const found = Object.values(api).filter((endpoint) => {
    const pattern = endpoint.path.split('/');
    return (
      pattern.length === parts.length && pattern.every((part, index) => part.startsWith(':') || part === parts[index])
    );
  });
  return found.flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
}

function sendProblem(deps: HttpDeps, error: unknown, response: Response): void {
  const problem = isDashboardError(error) ? error : translate(error);
  if (problem.code === 'INTERNAL') deps.onError(error);
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const body: Problem = {
    type: 'about:blank',
    title: problem.title,
    status: problem.status,
    detail: problem.message,
    ...(problem.faults === undefined ? {} : { faults: problem.faults }),
  };
  response
    .status(problem.status)
    .set(problem.headers)
    .set('cache-control', 'no-store')
    .type('application/problem+json')
    .send(JSON.stringify(body));
}

/** Express and its body parser throw errors with a status; everything else is ours and stays unexplained outside. */
function translate(error: unknown): DashboardError {
  const status = typeof error === 'object' && error !== null && 'status' in error ? error.status : undefined;
  if (status === 413) return new DashboardError('TOO_LARGE', `At most ${BODY_LIMIT} are taken.`);
  if (status === 415)
    return new DashboardError('MEDIA_TYPE', 'Send the body as application/json in UTF-8, uncompressed.');
  if (typeof status === 'number' && status >= 400 && status < 500)
    return new DashboardError('INVALID_INPUT', 'The request could not be read.');
  return new DashboardError('INTERNAL', 'Its log says why. The page keeps the last good figures.', { cause: error });
}
