import type { SessionReply } from '../../contract/session.js';
import { DashboardError } from '../errors.js';
import { type Handlers, ok } from '../handler.js';
import type { HandlerDeps } from '../handler-deps.js';
import { createRateLimiter } from '../rate-limit.js';

/** Signing in is what passwords are guessed at: ten tries, then one every six seconds. */
const TRIES = { burst: 10, perSecond: 1 / 6 };

/** Who is asking; signing in and out. */
export function createSessionHandlers(
  deps: Pick<HandlerDeps, 'config' | 'guard' | 'sessions' | 'nowMs'>,
): Pick<Handlers, 'session' | 'signIn' | 'signOut'> {
  const { config, guard, sessions, nowMs } = deps;
  const tries = createRateLimiter(TRIES, nowMs);
  const reader: SessionReply = {
    user: null,
    may: config.reading === 'anonymous' ? 'read' : 'nothing',
    methods: guard.methods,
  };
  return {
    session: ({ visitor }) => ok({ user: visitor.user, may: visitor.may, methods: guard.methods }),
    signIn({ input, visitor }) {
      // All addresses share one count: behind a proxy they look alike, and a thief may have many.
      const waitSeconds = tries.take('all');
      if (waitSeconds > 0)
        throw new DashboardError('TOO_MANY', `Too many tries; wait ${waitSeconds} s.`, {
          headers: { 'retry-after': String(waitSeconds) },
        });
      const user = guard.recognise(input);
      if (user === null)
        throw new DashboardError('NOT_SIGNED_IN', 'The token, or the user and password, are not right.');
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
