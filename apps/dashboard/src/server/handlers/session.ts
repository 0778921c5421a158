import type { SessionReply } from '../../contract/session.js';
import { DashboardError, tooManyTries } from '../errors.js';
import { type Handlers, ok } from '../handler.js';
import type { HandlerDeps } from '../handler-deps.js';

/** Who is asking; signing in and out. */
export function createSessionHandlers(
  deps: Pick<HandlerDeps, 'config' | 'guard' | 'sessions'>,
): Pick<Handlers, 'session' | 'signIn' | 'signOut'> {
  const { config, guard, sessions } = deps;
  const reader: SessionReply = {
    user: null,
    may: config.reading === 'anonymous' ? 'read' : 'nothing',
    methods: guard.methods,
  };
  return {
    session: ({ visitor }) => ok({ user: visitor.user, may: visitor.may, methods: guard.methods }),
    signIn({ input, visitor }) {
      const { user, waitSeconds } = guard.recognise(input, visitor.address);
      if (waitSeconds > 0) throw tooManyTries(waitSeconds);
      if (user === null)
        throw new DashboardError('WRONG_CREDENTIAL', 'The token, or the user and password, are not right.');
      if (visitor.sessionId !== null) sessions.close(visitor.sessionId);
      return {
        status: 200,
        body: { user, may: 'change', methods: guard.methods },
        headers: { 'set-cookie': guard.sessionCookie(sessions.open(user)) },
      };
    },
    signOut({ visitor }) {
      if (visitor.sessionId !== null) sessions.close(visitor.sessionId);
      return { status: 200, body: reader, headers: { 'set-cookie': guard.sessionCookie(null) } };
    },
  };
}
