import type { Registry } from '../registry/registry.js';
import { createOutgoingCalls, endpointOf, failureWord, type OutgoingOptions } from './outgoing-calls.js';

/** What is used of an axios instance. */
export interface InstrumentableAxios {
  readonly interceptors: {
    readonly request: { use(fulfilled: <T extends object>(config: T) => T): number; eject(id: number): void };
    readonly response: {
      use(fulfilled: <T extends object>(answer: T) => T, rejected: (error: unknown) => Promise<never>): number;
      eject(id: number): void;
    };
  };
}

interface Config {
  readonly url?: string;
  readonly baseURL?: string;
}

interface Answered {
  readonly config?: Config;
  readonly status?: number;
  readonly response?: { readonly status?: number };
}

/**
 * Counts and times the calls of an axios instance, from the request to the end of the answer's body. Answers and errors
 * pass through unchanged. Answers a function that takes the instrumentation away.
 */
export function instrumentAxios(
  metrics: { readonly registry: Registry },
  axios: InstrumentableAxios,
  options: OutgoingOptions,
): () => void {
  const { service, endpoint: nameEndpoint = endpointOf } = options;
  const calls = createOutgoingCalls(metrics.registry, service);
  const started = new WeakMap<object, number>();

  function ended(config: Config | undefined, status: number | string): void {
    const startedAtMs = config === undefined ? undefined : started.get(config);
    if (config === undefined || startedAtMs === undefined) return;
    started.delete(config);
    calls.ended({ endpoint: nameEndpoint(addressOf(config)), status, startedAtMs });
  }

  const request = axios.interceptors.request.use(<T extends object>(config: T): T => {
    started.set(config, performance.now());
    return config;
  });
  const response = axios.interceptors.response.use(
    <T extends object>(answer: T): T => {
      const { config, status = 0 } = answer as Answered;
      ended(config, status);
      return answer;
    },
    async (error: unknown): Promise<never> => {
      const { config, response: refused } = (typeof error === 'object' && error !== null ? error : {}) as Answered;
      ended(config, refused?.status ?? failureWord(error));
      throw error;
    },
  );
  return () => {
    axios.interceptors.request.eject(request);
    axios.interceptors.response.eject(response);
  };
}

function addressOf({ url = '', baseURL = '' }: Config): string {
  return URL.canParse(url) ? url : `${baseURL}${url}`;
}
