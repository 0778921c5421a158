import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { connectionFailure, failure, type ScrapeFailure } from './failure.js';
import type { KeptConnections } from './kept-connections.js';
import { isLinkLocal } from './name-lookup.js';

/** Bytes of an answer, counted after decompression. */
export const ANSWER_LIMIT_BYTES = 1_048_576;

export interface FetchTextOptions {
  readonly url: URL;
  readonly accept: string;
  readonly token?: string | undefined;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  readonly lookup: LookupFunction;
  /** Default: one connection for this request alone. */
  readonly connections?: KeptConnections | undefined;
}

export type FetchedText = { readonly outcome: 'text'; readonly text: string } | ScrapeFailure;

/** One GET under one deadline for name, connection, headers and body. Follows no redirect. */
export async function fetchText(options: FetchTextOptions): Promise<FetchedText> {
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), options.timeoutMs);
  const onAbort = (): void => deadline.abort();
  options.signal?.addEventListener('abort', onAbort, { once: true });
  if (options.signal?.aborted === true) deadline.abort();
  try {
    return await exchange(options, deadline.signal);
  } catch (error) {
    if (options.signal?.aborted === true) return failure('aborted', 'The scrape was aborted');
    if (deadline.signal.aborted) return failure('timeout', `No complete answer within ${options.timeoutMs} ms`);
    return connectionFailure(error);
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener('abort', onAbort);
  }
}

async function exchange(options: FetchTextOptions, signal: AbortSignal): Promise<FetchedText> {
  if (isLinkLocal(options.url.hostname.replace(/^\[|\]$/g, ''))) {
    return failure('unreachable', 'Link-local addresses are not visited');
  }
  const answer = await requestOnce(options, signal);
  try {
    const refused = statusFailure(answer.statusCode ?? 0);
    return refused ?? (await readBody(answer));
  } finally {
    answer.destroy();
  }
}

/** A kept connection may be closed by the other side just now: that says nothing, and a new one is asked. */
async function requestOnce(options: FetchTextOptions, signal: AbortSignal): Promise<IncomingMessage> {
  try {
    return await requestHead(options, signal);
  } catch (error) {
    if (!(error instanceof StaleConnection)) throw error;
    return requestHead({ ...options, connections: undefined }, signal);
  }
}

class StaleConnection extends Error {}

function requestHead(options: FetchTextOptions, signal: AbortSignal): Promise<IncomingMessage> {
  const { url, accept, token, lookup, connections } = options;
  const isSecure = url.protocol === 'https:';
  const send = isSecure ? httpsRequest : httpRequest;
  const agent = (isSecure ? connections?.https : connections?.http) ?? false;
  return new Promise((resolve, reject) => {
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const request = send(url, {
      signal,
      agent,
      lookup,
      // An IP address is no server name for TLS.
      ...(isIP(host) === 0 ? { servername: host } : {}),
      headers: {
        Accept: accept,
        'Accept-Encoding': 'gzip',
        ...(agent === false ? { Connection: 'close' } : {}),
        ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
      },
    });
    request.once('response', resolve);
    // Stays on: an abort after the head is told here again.
    request.on('error', (error) => {
      reject(request.reusedSocket && !signal.aborted ? new StaleConnection() : error);
    });
    request.end();
  });
}

function statusFailure(status: number): ScrapeFailure | null {
  if (status >= 200 && status < 300) return null;
  if (status >= 300 && status < 400)
    return failure('redirect', `Answered ${status}; redirects are not followed, set the final address`);
  if (status === 401 || status === 403) return failure('auth', `Answered ${status}: not authorised`);
  return failure(status >= 500 ? 'http_5xx' : 'http_4xx', `Answered ${status}`);
}

async function readBody(answer: IncomingMessage): Promise<FetchedText> {
  const encoding = answer.headers['content-encoding'] ?? 'identity';
  if (encoding !== 'gzip' && encoding !== 'identity') {
    return failure('malformed', 'The answer is compressed in a way that was not asked for');
  }
  const body = encoding === 'gzip' ? gunzipped(answer) : answer;
  const bytes = await allOf(body);
  if (bytes === null) return failure('oversize', `The answer is longer than ${ANSWER_LIMIT_BYTES} bytes`);
  return { outcome: 'text', text: bytes.toString('utf8') };
}

/** Null when it is longer than the limit. */
function allOf(body: Readable): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  return new Promise((resolve, reject) => {
    body.on('data', (chunk: Buffer) => {
      sizeBytes += chunk.length;
      if (sizeBytes > ANSWER_LIMIT_BYTES) resolve(null);
      else chunks.push(chunk);
    });
    body.once('end', () => resolve(Buffer.concat(chunks)));
    body.on('error', reject);
    // An answer that was cut off may end without an error.
    body.once('close', () => reject(Object.assign(new Error('cut off'), { code: 'ECONNRESET' })));
  });
}

function gunzipped(answer: IncomingMessage): Readable {
  const gunzip = createGunzip();
  answer.on('error', (error) => gunzip.destroy(error));
  return answer.pipe(gunzip);
}
