import type { Fields, Input, PartialInput } from './field.js';

/**
 * Who may call an endpoint.
 * `public`: anyone, always (probes of an orchestrator, the sign-in itself).
 * `read`: anyone on loopback or where anonymous reading was allowed, else whoever signed in.
 * `link`: whoever holds the signed token of a link, which is among the inputs; nobody has to sign in for it.
 * `change`: whoever signed in, and only from our own page or with a credential in the request.
 */
export type Access = 'public' | 'read' | 'link' | 'change';

/** One line of the endpoint table. `reply` exists for the compiler only. */
export interface Endpoint<F extends Fields, R> {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** `:name` marks a part of the path; it is a field like every other. */
  readonly path: `/${string}`;
  readonly access: Access;
  readonly summary: string;
  /** Path parts, then the query (GET, DELETE) or the JSON body (POST). */
  readonly input: F;
  readonly reply?: R;
}

export type AnyEndpoint = Endpoint<Fields, unknown>;
export type EndpointInput<E> = E extends Endpoint<infer F, unknown> ? Input<F> : never;
export type EndpointArguments<E> = E extends Endpoint<infer F, unknown> ? PartialInput<F> : never;
export type EndpointReply<E> = E extends Endpoint<Fields, infer R> ? R : never;

/** Declares an endpoint whose reply is an `R`: `endpoint<StatusReply>()({ method: 'GET', … })`. */
export function endpoint<R>(): <const F extends Fields>(definition: Endpoint<F, R>) => Endpoint<F, R> {
  return (definition) => definition;
}

/** The names marked with a colon in a path: `/api/alerts/:id` has `id`. */
export function pathFields(path: string): readonly string[] {
  return path.split('/').flatMap((part) => (part.startsWith(':') ? [part.slice(1)] : []));
}

/** Fills a path's named parts, escaped. */
export function fillPath(path: string, values: Readonly<Record<string, unknown>>): string {
  return path
    .split('/')
    .map((part) => (part.startsWith(':') ? encodeURIComponent(String(values[part.slice(1)])) : part))
    .join('/');
}
