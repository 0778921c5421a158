import type { ServerResponse } from 'node:http';

/** A whole answer, ready to be sent any number of times, from any thread. */
export interface Answer {
  readonly statusCode: number;
  /** Names and values in turn, as `writeHead` takes them. */
  readonly headers: readonly string[];
  readonly body: string;
}

/** An answer of any type; nobody may keep it unless `cacheControl` says so. */
export function reply(
  statusCode: number,
  contentType: string,
  body: string,
  { cacheControl = 'no-store', allow }: { readonly cacheControl?: string; readonly allow?: string } = {},
): Answer {
  const headers = {
    'content-type': contentType,
    'content-length': String(Buffer.byteLength(body)),
    'cache-control': cacheControl,
    'x-content-type-options': 'nosniff',
    vary: 'accept, authorization',
    ...(allow === undefined ? {} : { allow }),
  };
  return { statusCode, headers: Object.entries(headers).flat(), body };
}

/** An answer in JSON; `undefined` is `null` there. */
export function jsonReply(statusCode: number, value: unknown): Answer {
  return reply(statusCode, 'application/json; charset=utf-8', JSON.stringify(value ?? null));
}

/** An RFC 9457 answer. */
export function problem(statusCode: number, title: string, detail?: string): Answer {
  return reply(statusCode, 'application/problem+json', problemBody(statusCode, title, detail));
}

/** The answer to a method that a path does not know; `allow` lists those it does. */
export function methodNotAllowed(allow = 'GET, HEAD'): Answer {
  return reply(405, 'application/problem+json', problemBody(405, 'Method Not Allowed'), { allow });
}

function problemBody(status: number, title: string, detail?: string): string {
  return JSON.stringify({ type: 'about:blank', title, status, ...(detail ? { detail } : {}) });
}

/** Sends an answer; HEAD gets its headers only. */
export function send(response: ServerResponse, { statusCode, headers, body }: Answer, method?: string): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(statusCode, headers as string[]);
  response.end(method === 'HEAD' ? undefined : body);
}
