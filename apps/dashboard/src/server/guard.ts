import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { SignInMethod } from '../contract/session.js';
import type { DashboardConfig } from './config.js';
import type { Visitor } from './handler.js';
import { isLoopbackHost, plainAddress } from './loopback.js';
import { refuseForeignHost, refuseForeignOrigin } from './origin-check.js';
import type { Sessions } from './sessions.js';

/** Decides who a request comes from and what it may do. */
export interface Guard {
  visitor(request: IncomingMessage): Visitor;
  /** The user's name when a credential typed into the sign-in form is right, else `null`. */
  recognise(credential: {
    readonly token?: string | undefined;
    readonly user?: string | undefined;
    readonly password?: string | undefined;
  }): string | null;
  /** Refuses a change that another site's page could have caused. */
  refuseForeign(request: IncomingMessage, visitor: Visitor): void;
  /** Refuses a name that is not ours: a page whose DNS was rebound to this address must not read it. */
  refuseForeignHost(request: IncomingMessage): void;
  sessionCookie(id: string | null): string;
  readonly methods: readonly SignInMethod[];
}

/** @param config which sign-in methods exist, and whether reading needs one */
export function createGuard(config: DashboardConfig, sessions: Sessions): Guard {
  const { token, basic, proxy } = config.signIn;
  const secure = !isLoopbackHost(config.host) || (config.publicUrl?.startsWith('https:') ?? false);
  // The prefix makes browsers refuse the cookie without Secure, or when it was set for a wider domain.
  const cookieName = secure ? '__Host-nps-session' : 'nps-session';
  const named = (user: string | null, by: Visitor['by'], sessionId: string | null): Visitor =>
    user === null
      ? { user: null, may: config.reading === 'anonymous' ? 'read' : 'nothing', by: 'nobody', sessionId }
      : { user, may: 'change', by, sessionId };
  const recognise: Guard['recognise'] = (credential) => {
    if (token !== null && credential.token !== undefined && same(credential.token, token)) return 'operator';
    if (basic === null || credential.user === undefined || credential.password === undefined) return null;
    const right = [same(credential.user, basic.user), same(credential.password, basic.password)];
    return right.every(Boolean) ? basic.user : null;
  };
  return {
    methods: [
      ...(token === null ? [] : ['token' as const]),
      ...(basic === null ? [] : ['basic' as const]),
      ...(proxy === null ? [] : ['proxy' as const]),
    ],
    recognise,
    visitor(request) {
      const id = readCookie(request.headers.cookie, cookieName);
      const { authorization } = request.headers;
      if (authorization !== undefined) return named(recognise(parseAuthorization(authorization)), 'credential', id);
      const user = id === null ? null : sessions.find(id);
      if (user !== null) return named(user, 'cookie', id);
      return named(proxy === null ? null : proxyUser(request, proxy.header, proxy.trusted), 'cookie', id);
    },
    refuseForeign: (request, visitor) => refuseForeignOrigin(request, visitor, config),
    refuseForeignHost: (request) => refuseForeignHost(request, config),
    sessionCookie(id) {
      const life = id === null ? '; Max-Age=0' : '';
      return `${cookieName}=${id ?? ''}; Path=/; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}${life}`;
    },
  };
}

/** Compares without telling by its time how much was right: both sides are hashed to one length first. */
function same(given: string, expected: string): boolean {
  const digest = (value: string) => createHash('sha256').update(value).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

function parseAuthorization(header: string): { token?: string; user?: string; password?: string } {
  const [, scheme = '', rest = ''] = /^(\S{1,20}) +(\S{1,4096})$/.exec(header) ?? [];
  if (scheme.toLowerCase() === 'bearer') return { token: rest };
  if (scheme.toLowerCase() !== 'basic') return {};
  const decoded = Buffer.from(rest, 'base64').toString('utf8');
  const colon = decoded.indexOf(':');
  return colon < 0 ? {} : { user: decoded.slice(0, colon), password: decoded.slice(colon + 1) };
}

function proxyUser(request: IncomingMessage, header: string, trusted: readonly string[]): string | null {
  const value = request.headers[header];
  if (typeof value !== 'string' || !/^[\w.@+ -]{1,120}$/.test(value)) return null;
  return trusted.includes(plainAddress(request.socket.remoteAddress)) ? value : null;
}

function readCookie(header: string | undefined, name: string): string | null {
  for (const part of (header ?? '').split(';')) {
    const [key, value] = part.trim().split('=', 2);
    if (key === name && value !== undefined && /^[\w-]{20,100}$/.test(value)) return value;
  }
  return null;
}
