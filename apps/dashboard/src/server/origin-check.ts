import type { IncomingMessage } from 'node:http';
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
  const isOurs =
    origin !== undefined && (hostOf(origin) === request.headers.host || origin === publicOrigin(config.publicUrl));
  if (isOurs && (site === undefined || site === 'same-origin')) return;
  throw new DashboardError(
    'FOREIGN_ORIGIN',
    'Changes are taken from this dashboard’s own page, or with a token in the Authorization header.',
  );
}

/** Refuses a name that is not ours: a page whose DNS was rebound to this address must not read it. */
export function refuseForeignHost(request: IncomingMessage, config: Pick<DashboardConfig, 'host' | 'publicUrl'>): void {
  if (!isLoopbackHost(config.host)) return;
  const host = hostOf(`http://${request.headers.host ?? ''}`);
  const name = host?.replace(/:\d+$/, '') ?? '';
  if (isLoopbackHost(name)) return;
  if (host !== null && config.publicUrl !== null && new URL(config.publicUrl).host === host) return;
  throw new DashboardError(
    'FOREIGN_HOST',
    'This dashboard listens on loopback only; set DASHBOARD_URL to the address people type when a proxy stands in front.',
  );
}

function publicOrigin(publicUrl: string | null): string | null {
  return publicUrl === null ? null : new URL(publicUrl).origin;
}

function hostOf(address: string): string | null {
  return URL.canParse(address) ? new URL(address).host : null;
}
