import type { Registry } from '../registry/registry.js';

/** The instruments that calls to other services share, whatever client makes them. */
export interface OutgoingCalls {
  ended(call: OutgoingCall): void;
}

export interface OutgoingCall {
  readonly endpoint: string;
  /** HTTP status, or a word for why there was none. */
  readonly status: number | string;
  readonly startedAtMs: number;
}

export interface OutgoingOptions {
  /** What the other service is called in labels, such as `anthropic`. */
  readonly service: string;
  /** Names the endpoint of a call: a template. Default: the path, with what looks like an id as `:id`. */
  readonly endpoint?: (url: string) => string;
}

const ID_SEGMENT = /\/(?:\d+|[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{16,}|[^/]{41,})(?=\/|$)/gi;

export function createOutgoingCalls(registry: Registry, service: string): OutgoingCalls {
  const requests = registry.counter({
    name: 'external_api_requests_total',
    help: 'Calls to other services by status; a word where there was no answer.',
    labels: ['service', 'endpoint', 'status'],
  });
  const durations = registry.histogram({
    name: 'external_api_duration_seconds',
    help: 'Time of calls to other services.',
    labels: ['service', 'endpoint'],
  });
  return {
    ended({ endpoint, status, startedAtMs }) {
      requests.inc({ service, endpoint, status });
      durations.observe((performance.now() - startedAtMs) / 1000, { service, endpoint });
    },
  };
}

/** The path of an address without its query, ids replaced; never a host, credential or query. */
export function endpointOf(url: string): string {
  const path = URL.canParse(url) ? new URL(url).pathname : (url.split(/[?#]/, 1)[0] ?? '/');
  return path.replace(ID_SEGMENT, '/:id').slice(0, 120);
}

/** Why there was no answer: the code word of the error or of its cause (fetch hides it there), else the class of the error. */
export function failureWord(error: unknown): string {
  return codeOf(error) ?? codeOf(propertyOf(error, 'cause')) ?? nameOf(error);
}

function codeOf(error: unknown): string | undefined {
  const code = propertyOf(error, 'code');
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]{0,59}$/.test(code) ? code : undefined;
}

function nameOf(error: unknown): string {
  const name = propertyOf(error, 'name');
  return typeof name === 'string' ? name.slice(0, 60) : 'unknown';
}

function propertyOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
