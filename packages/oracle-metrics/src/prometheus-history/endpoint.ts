import { MetricsError } from '../errors.js';

/** How an engine is reached. */
export interface EndpointOptions {
  /** `http:` or `https:`; a user and password in it become a Basic header. */
  readonly url: string;
  /** Sent as a bearer token. */
  readonly token?: string | undefined;
  /** Further headers, for example the tenant: `{ 'X-Scope-OrgID': 'nps' }`. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** For connection, headers and body together. Default 10,000 ms, range 100 … 120,000. */
  readonly timeoutMs?: number | undefined;
}

export interface Answer {
  readonly status: number;
  readonly text: string;
}

/** A request to the engine, relative to its address. */
export type Exchange = (request: {
  readonly path?: string;
  readonly method: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array<ArrayBuffer> | string;
}) => Promise<Answer>;

/** A month of one operation in 2,000 points is some 10 MB. */
const ANSWER_LIMIT_BYTES = 64 * 1024 * 1024;

/**
 * Speaks to one engine: one deadline for everything, no redirects, a bounded answer.
 * @throws MetricsError `INVALID_OPTION`; an exchange rejects with `REMOTE_AWAY` when no complete answer came.
 */
export function endpoint({ url, token, headers = {}, timeoutMs = 10_000 }: EndpointOptions): Exchange {
  const base = readUrl(url);
  if (!(timeoutMs >= 100 && timeoutMs <= 120_000)) {
    throw new MetricsError('INVALID_OPTION', `timeoutMs must be from 100 to 120,000, got ${String(timeoutMs)}.`);
  }
  const authorization = authorizationOf(base, token);
  base.username = '';
  base.password = '';
  const name = `${base.protocol}//${base.host}`;
  return async ({ path = '', method, headers: more = {}, body }) => {
    const deadline = AbortSignal.timeout(timeoutMs);
    try {
      const answer = await fetch(`${base.href.replace(/\/$/, '')}${path}`, {
        method,
        headers: { ...headers, ...authorization, ...more },
        redirect: 'error',
        signal: deadline,
        ...(body === undefined ? {} : { body }),
      });
      return { status: answer.status, text: await readBounded(answer) };
    } catch (error) {
      const why = deadline.aborted ? `within ${timeoutMs} ms` : 'at all';
      throw new MetricsError('REMOTE_AWAY', `${name} gave no complete answer ${why}.`, { cause: error });
    }
  };
}

function readUrl(url: string): URL {
  const read = URL.canParse(url) ? new URL(url) : null;
  if (read === null || !['http:', 'https:'].includes(read.protocol)) {
    throw new MetricsError('INVALID_OPTION', 'The address of an engine must be an http:// or https:// URL.');
  }
  return read;
}

function authorizationOf({ username, password }: URL, token: string | undefined): Readonly<Record<string, string>> {
  if (token !== undefined && token !== '') return { Authorization: `Bearer ${token}` };
  if (username === '' && password === '') return {};
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { Authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
}

async function readBounded({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of body ?? []) {
    sizeBytes += (chunk as Uint8Array).length;
    if (sizeBytes > ANSWER_LIMIT_BYTES) throw new Error(`The answer is longer than ${ANSWER_LIMIT_BYTES} bytes`);
    chunks.push(chunk as Uint8Array);
  }
  return Buffer.concat(chunks).toString('utf8');
}
