import { randomBytes } from 'node:crypto';

export interface Sessions {
  /** Opens one and answers its id: 256 random bits. */
  open(user: string): string;
  /** Whose session it is, or `null` when unknown or expired. */
  find(id: string): string | null;
  close(id: string): void;
}

const MOST_SESSIONS = 1000;
const LIFETIME_MS = 12 * 3_600_000;

/** Sessions live on the server, so that signing out ends them; a restart signs everybody out. */
export function createSessions(nowMs: () => number): Sessions {
  const sessions = new Map<string, { readonly user: string; readonly expiresAtMs: number }>();
  return {
    open(user) {
      const id = randomBytes(32).toString('base64url');
      sessions.set(id, { user, expiresAtMs: nowMs() + LIFETIME_MS });
      if (sessions.size > MOST_SESSIONS) sessions.delete(sessions.keys().next().value ?? '');
      return id;
    },
    find(id) {
      const session = sessions.get(id);
      if (session === undefined) return null;
      if (session.expiresAtMs > nowMs()) return session.user;
      sessions.delete(id);
      return null;
    },
    close(id) {
      sessions.delete(id);
    },
  };
}
