import { type IncomingMessage, type RequestOptions, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';

import { HealthError } from '../errors.js';
import { type ConnectionContext, fixedLookup } from './socket.js';

/** One request. */
export interface HttpQuestion {
  readonly url: string;
  readonly method?: 'GET' | 'HEAD' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Cap on the body after decoding, in bytes. Default 65536. */
  readonly maxBytes?: number;
}

/** The whole answer, read to its end. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** Cap on a health report, in bytes. */
export const maxHealthBytes = 64 * 1024;

/**
 * Sends one request on a connection of its own and reads the answer to its end, under the signal's deadline.
 * No redirect is followed, no connection is kept.
 * @throws HealthError of class OVERSIZE, MALFORMED, DNS, UNREACHABLE, or whatever the socket reports
 */
export async function httpExchange(question: HttpQuestion, context: ConnectionContext): Promise<HttpAnswer> {
  const url = parseHttpUrl(question.url);
  const addresses = await context.resolver.resolve(url.hostname, context.signal);
  const { signal } = context;
  signal.throwIfAborted();
  const options: RequestOptions = {
    method: question.method ?? 'GET',
    headers: { 'user-agent': 'nps-oracle-health', 'accept-encoding': 'identity', ...question.headers },
    lookup: fixedLookup(addresses),
    agent: false,
  };
  const request =
    url.protocol === 'https:' ? requestHttps(url, { ...options, ...context.tls }) : requestHttp(url, options);
  const onAbort = () => request.destroy(signal.reason as Error);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      request.once('response', resolve);
      request.on('error', reject);
      request.once('close', () => reject(new HealthError('RESET', 'The connection was closed before an answer')));
      request.end(question.body);
    });
    const body = await readBody(response, question.maxBytes ?? maxHealthBytes, signal);
    return { status: response.statusCode ?? 0, headers: response.headers, body };
  } finally {
    signal.removeEventListener('abort', onAbort);
    request.destroy();
  }
}

/** The URL, or a fault that does not repeat it (it may hold a password). */
export function parseHttpUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
  throw new HealthError('INVALID_OPTION', 'Expected a url that begins with http:// or https://');
}

async function readBody(response: IncomingMessage, maxBytes: number, signal: AbortSignal): Promise<string> {
  const stream = decoded(response);
  const parts: Buffer[] = [];
  let sizeBytes = 0;
  const onAbort = () => stream.destroy(signal.reason as Error);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    for await (const part of stream) {
      sizeBytes += (part as Buffer).length;
      if (sizeBytes > maxBytes) throw new HealthError('OVERSIZE', `The answer is longer than ${maxBytes} bytes`);
      parts.push(part as Buffer);
    }
    return Buffer.concat(parts).toString('utf8');
  } finally {
    signal.removeEventListener('abort', onAbort);
    response.destroy();
    stream.destroy();
  }
}

// We ask for `identity`; a server that compresses all the same is capped after decoding (decompression bombs).
function decoded(response: IncomingMessage): Readable {
  const encoding = (response.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  if (encoding === 'identity' || encoding === '') return response;
  const decoder =
    encoding === 'gzip' || encoding === 'x-gzip'
      ? createGunzip()
      : encoding === 'deflate'
        ? createInflate()
        : encoding === 'br'
          ? createBrotliDecompress()
          : undefined;
  if (!decoder) throw new HealthError('MALFORMED', 'The answer has a content-encoding that was not asked for');
  response.on('error', (error) => decoder.destroy(error));
  decoder.on('error', (error: Error & { code?: string }) => {
    if (error.code?.startsWith('Z_')) error.code = 'MALFORMED';
  });
  return response.pipe(decoder);
}
