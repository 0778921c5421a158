import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { OracleLogger } from './logger.js';
import { runWithContext } from './request-context.js';

/** A request id from outside is taken only in this form: it ends up in every line. */
const acceptableId = /^[\w.:-]{1,128}$/;

/** W3C Trace Context, `version-traceid-parentid-flags`: https://www.w3.org/TR/trace-context/#traceparent-header */
const traceparent = /^[\da-f]{2}-([\da-f]{32})-[\da-f]{16}-[\da-f]{2}$/;

/**
 * HTTP middleware (Express, Connect or plain Node): gives the request an id, runs what follows in its context and logs
 * one line when the response is over: INFO below 400, WARN below 500, ERROR from 500 or when the client went away.
 */
export function requestLogger(logger: OracleLogger) {
  return (request: IncomingMessage, response: ServerResponse, next: () => void): void => {
    const startedAt = performance.now();
    const requestId = requestIdOf(request);
    const traceId = traceparent.exec(String(request.headers['traceparent'] ?? ''))?.[1];
    const context = { request_id: requestId, ...(traceId === undefined ? {} : { trace_id: traceId }) };
    if (!response.headersSent) response.setHeader('x-request-id', requestId);
    const path = pathOf(request);
    response.once('close', () => {
      const finished = response.writableFinished;
      logger.log(finished ? levelOf(response.statusCode) : 'error', `${request.method} ${path}`, {
        ...context,
        action: 'http_request',
        method: request.method,
        path,
        status: response.statusCode,
        duration_ms: Math.round((performance.now() - startedAt) * 1000) / 1000,
        ...(finished ? {} : { error_type: 'ClientAborted' }),
      });
    });
    runWithContext(context, next);
  };
}

function requestIdOf(request: IncomingMessage): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && acceptableId.test(given) ? given : randomUUID();
}

// The query string is left out: it is where callers put tokens and personal data.
function pathOf(request: IncomingMessage): string {
  const original = (request as { originalUrl?: unknown }).originalUrl;
  const url = typeof original === 'string' ? original : (request.url ?? '/');
  const end = url.indexOf('?');
  return end === -1 ? url : url.slice(0, end);
}

function levelOf(status: number): 'info' | 'warn' | 'error' {
  if (status >= 500) return 'error';
  return status >= 400 ? 'warn' : 'info';
}
