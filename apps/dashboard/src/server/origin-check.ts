import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import type { DashboardConfig } from './config.js';
import { DashboardError } from './errors.js';
import type { Visitor } from './handler.js';
import { isLoopbackHost } from './loopback.js';

/**
 * Refuses a change that another site's page could have caused. Browsers say where a request comes from; a program that says
 * nothing of it must bring a credential, because cookies are what foreign pages can borrow.
 */
export function refuseForeignOrigin(
  request: IncomingMessage,
  visitor: Visitor,
  config: Pick<DashboardConfig, 'publicUrl'>,
): void {
  const site = request.headers['sec-fetch-site'];
  const { origin } = request.headers;
  const isProgram = site === undefined && origin === undefined;
  if (isProgram && visitor.by === 'credential') return;
  const isOwnPage =
    origin !== undefined && (hostOf(origin) === request.headers.host || origin === publicOrigin(config.publicUrl));
  if (isOwnPage && (site === undefined || site === 'same-origin')) return;
  throw new DashboardError(
    'FOREIGN_ORIGIN',
    'Changes are taken from this dashboard’s own page, or with a token in the Authorization header.',
  );
}

type Reached = Pick<DashboardConfig, 'host' | 'publicUrl' | 'reading'>;

/**
 * Refuses a name that is not ours: a page whose DNS was rebound to this address must not read it. Where reading needs a
 * sign-in there is nothing to refuse: such a page has neither the cookie, which belongs to our name, nor the token.
 */
export function refuseForeignHost(request: IncomingMessage, config: Reached): void {
  if (config.reading === 'signed_in') return;
  const host = hostOf(`http://${request.headers.host ?? ''}`);
  if (host !== null && isOurs(host, config)) return;
  const expected = isLoopbackHost(config.host)
    ? '127.0.0.1, localhost or [::1], because it listens on loopback only'
    : 'an IP address or a name without a dot, because everybody may read here';
  throw new DashboardError(
    'FOREIGN_HOST',
    `This dashboard was asked for by the name ${host === null ? 'of nobody' : JSON.stringify(host.slice(0, 100))}. Expected ${expected}. If people reach it by that name, set DASHBOARD_URL to the address they type.`,
  );
}

/** Foreign pages have names from the public DNS: no addresses, and never without a dot. Pure. */
function isOurs(host: string, { host: listens, publicUrl }: Reached): boolean {
  const name = host.replace(/:\d+$/, '');
  if (isLoopbackHost(name) || (publicUrl !== null && new URL(publicUrl).host === host)) return true;
  if (isLoopbackHost(listens)) return false;
  return name === listens || isIP(name.replace(/^\[|\]$/g, '')) !== 0 || !name.includes('.');
}

function publicOrigin(publicUrl: string | null): string | null {
  return publicUrl === null ? null : new URL(publicUrl).origin;
}

function hostOf(address: string): string | null {
  return URL.canParse(address) ? new URL(address).host : null;
}
