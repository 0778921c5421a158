import type { EndpointName, InputOf, ReplyOf } from '../contract/api.js';

/** Who asks, as far as it is known. */
export interface Visitor {
  readonly user: string | null;
  readonly may: 'nothing' | 'read' | 'change';
  /** `cookie` needs the guard against foreign pages; a credential in the request itself cannot be forged by them. */
  readonly by: 'nobody' | 'cookie' | 'credential';
  /** The id the cookie carries, valid or not. */
  readonly sessionId: string | null;
  /** How long no password from there is looked at, because too many were wrong. */
  readonly waitSeconds: number;
  /** Of the socket's other end. */
  readonly address: string;
}

export interface Call<N extends EndpointName> {
  readonly input: InputOf<N>;
  readonly visitor: Visitor;
  /** Aborted when the visitor went away: nothing a request starts may outlive it. */
  readonly signal: AbortSignal;
}

export interface Answer<R> {
  readonly status: number;
  readonly body: R;
  readonly headers?: Readonly<Record<string, string>>;
}

export type Handler<N extends EndpointName> = (call: Call<N>) => Promise<Answer<ReplyOf<N>>> | Answer<ReplyOf<N>>;

/** One handler per line of the endpoint table; a missing one does not compile. */
export type Handlers = { readonly [N in EndpointName]: Handler<N> };

/** The usual answer. */
export function ok<R>(body: R): Answer<R> {
  return { status: 200, body };
}
