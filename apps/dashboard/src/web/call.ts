import { type ArgumentsOf, api, type EndpointName, type ReplyOf } from '../contract/api.js';
import { type AnyEndpoint, fillPath, pathFields } from '../contract/endpoint.js';
import type { Problem } from '../contract/problem.js';

/** Calls an endpoint by its name. Rejects with a {@link CallFault} only. */
export type CallApi = <N extends EndpointName>(
  name: N,
  input?: ArgumentsOf<N>,
  signal?: AbortSignal,
) => Promise<ReplyOf<N>>;

/** Why a call brought nothing: the server is `away`, or it `refused` and said why. */
export class CallFault extends Error {
  override readonly name = 'CallFault';
  readonly kind: 'away' | 'refused';
  readonly status: number;

  constructor(kind: 'away' | 'refused', message: string, status = 0, cause?: unknown) {
    super(message, { cause });
    this.kind = kind;
    this.status = status;
  }
}

/** A reply that takes longer is no reply. */
const TIMEOUT_MS = 10_000;

/** @param fetch the browser's */
export function createCall(fetch: typeof globalThis.fetch): CallApi {
  return async <N extends EndpointName>(
    name: N,
    input: ArgumentsOf<N> = {} as ArgumentsOf<N>,
    signal?: AbortSignal,
  ) => {
    const endpoint: AnyEndpoint = api[name];
    const { url, init } = requestOf(endpoint, input);
    const deadline = AbortSignal.timeout(TIMEOUT_MS);
    const response = await reach(() =>
      fetch(url, { ...init, signal: signal === undefined ? deadline : AbortSignal.any([signal, deadline]) }),
    );
    const body = await reach(() => response.json() as Promise<unknown>);
    if (response.ok) return body as ReplyOf<N>;
    const { title, detail } = body as Problem;
    throw new CallFault('refused', `${title}. ${detail}`, response.status);
  };
}

async function reach<T>(step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (cause) {
    throw new CallFault('away', 'The dashboard’s server does not answer.', 0, cause);
  }
}

function requestOf(
  endpoint: AnyEndpoint,
  input: Readonly<Record<string, unknown>>,
): { readonly url: string; readonly init: RequestInit } {
  const path = fillPath(endpoint.path, input);
  const inPath = pathFields(endpoint.path);
  const rest = Object.entries(input).filter(([field, value]) => value !== undefined && !inPath.includes(field));
  if (endpoint.method === 'POST') {
    return {
      url: path,
      init: {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(Object.fromEntries(rest)),
      },
    };
  }
  const query = new URLSearchParams(rest.map(([field, value]) => [field, String(value)])).toString();
  return { url: query === '' ? path : `${path}?${query}`, init: { method: endpoint.method } };
}
