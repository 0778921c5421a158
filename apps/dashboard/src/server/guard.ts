import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { SignInMethod } from '../contract/session.js';
import type { DashboardConfig, ProxySignIn } from './config.js';
import type { Visitor } from './handler.js';
import { isLoopbackHost, plainAddress } from './loopback.js';
import { refuseForeignHost, refuseForeignOrigin } from './origin-check.js';
import type { Sessions } from './sessions.js';
import type { Tries } from './tries.js';

interface Credential {
  readonly token?: string | undefined;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
}

/** `user` is `null` when it is wrong, or was not even looked at: then for so many seconds. */
export interface Recognised {
  readonly user: string | null;
  readonly waitSeconds: number;
}

/** Decides who a request comes from and what it may do. */
export interface Guard {
  visitor(request: IncomingMessage): Visitor;
  /** Looks at a credential, unless too many wrong ones came from this address. */
  recognise(credential: Credential, address: string): Recognised;
  /** Refuses a change that another site's page could have caused. */
  refuseForeign(request: IncomingMessage, visitor: Visitor): void;
  /** Refuses a name that is not ours: a page whose DNS was rebound to this address must not read it. */
  refuseForeignHost(request: IncomingMessage): void;
  sessionCookie(id: string | null): string;
  readonly methods: readonly SignInMethod[];
}

/** @param config which sign-in methods exist, and whether reading needs one */
export function createGuard(config: DashboardConfig, sessions: Sessions, tries: Tries): Guard {
  const { token, basic, proxy } = config.signIn;
  const secure = !isLoopbackHost(config.host) || (config.publicUrl?.startsWith('https:') ?? false);
  // The prefix makes browsers refuse the cookie without Secure, or when it was set for a wider domain.
  const cookieName = secure ? '__Host-nps-session' : 'nps-session';
  const ownerOf = (credential: Credential): string | null => {
    if (token !== null && credential.token !== undefined && same(credential.token, token)) return 'operator';
    if (basic === null || credential.user === undefined || credential.password === undefined) return null;
    const right = [same(credential.user, basic.user), same(credential.password, basic.password)];
    return right.every(Boolean) ? basic.user : null;
  };
  const recognise: Guard['recognise'] = (credential, address) => {
    const waitSeconds = tries.waitSeconds(address);
    if (waitSeconds > 0) return { user: null, waitSeconds };
    const user = ownerOf(credential);
    if (user === null) tries.countWrong(address);
    return { user, waitSeconds };
  };
  return {
    methods: [
      ...(token === null ? [] : ['token' as const]),
      ...(basic === null ? [] : ['basic' as const]),
      ...(proxy === null ? [] : ['proxy' as const]),
    ],
    recognise,
    visitor(request) {
      const address = plainAddress(request.socket.remoteAddress);
      const sessionId = readCookie(request.headers.cookie, cookieName);
      const named = ({ user, waitSeconds }: Recognised, by: Visitor['by']): Visitor => {
        const from = { user, waitSeconds, sessionId, address };
        if (user !== null) return { ...from, may: 'change', by };
        return { ...from, may: config.reading === 'anonymous' ? 'read' : 'nothing', by: 'nobody' };
      };
      const { authorization } = request.headers;
      if (authorization !== undefined) {
        const credential = parseAuthorization(authorization);
        // A token is too long to be guessed; counting wrong ones would let anybody lock a pipeline out.
        if (credential.password === undefined)
          return named({ user: ownerOf(credential), waitSeconds: 0 }, 'credential');
        return named(recognise(credential, address), 'credential');
      }
      const user = sessionId === null ? null : sessions.find(sessionId);
      const known = user ?? (proxy === null ? null : proxyUser(request, proxy));
      return named({ user: known, waitSeconds: 0 }, 'cookie');
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

function parseAuthorization(header: string): Credential {
  const [, scheme = '', rest = ''] = /^(\S{1,20}) +(\S{1,4096})$/.exec(header) ?? [];
  if (scheme.toLowerCase() === 'bearer') return { token: rest };
  if (scheme.toLowerCase() !== 'basic') return {};
  const decoded = Buffer.from(rest, 'base64').toString('utf8');
  const colon = decoded.indexOf(':');
  return colon < 0 ? {} : { user: decoded.slice(0, colon), password: decoded.slice(colon + 1) };
}

function proxyUser(request: IncomingMessage, { header, trusted }: ProxySignIn): string | null {
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
