export type SignInMethod = 'token' | 'basic' | 'proxy';

export interface SessionReply {
  /** Who is signed in, as it is written beside acknowledgements; `null` for a reader without a name. */
  readonly user: string | null;
  readonly may: 'nothing' | 'read' | 'change';
  /** The ways one can sign in here; none means that this dashboard is read-only. */
  readonly methods: readonly SignInMethod[];
}
