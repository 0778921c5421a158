import type { Registry } from '../registry/registry.js';
import { createOutgoingCalls, endpointOf, failureWord, type OutgoingOptions } from './outgoing-calls.js';

type Fetch = typeof globalThis.fetch;

export interface FetchOptions extends OutgoingOptions {
  /** Default: the global `fetch`. */
  readonly fetch?: Fetch;
}

/** A `fetch` that counts and times its calls, from the request to the head of the answer. Errors pass through unchanged. */
export function instrumentFetch(metrics: { readonly registry: Registry }, options: FetchOptions): Fetch {
  const { service, endpoint: nameEndpoint = endpointOf, fetch = globalThis.fetch } = options;
  const calls = createOutgoingCalls(metrics.registry, service);
  return async (input, init) => {
    const startedAtMs = performance.now();
    const url = typeof input === 'string' ? input : input instanceof URL ? input.href : input.url;
    const endpoint = nameEndpoint(url);
    try {
      const answer = await fetch(input, init);
      calls.ended({ endpoint, status: answer.status, startedAtMs });
      return answer;
    } catch (error) {
      calls.ended({ endpoint, status: failureWord(error), startedAtMs });
      throw error;
    }
  };
}
