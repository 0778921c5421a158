import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { RequestHandler } from '../endpoints/health-endpoints.js';
import { HealthError } from '../errors.js';

/** A server that listens. */
export interface Listener {
  readonly port: number;
  /** Takes no new connections, lets running answers end for at most a second, then closes the rest. */
  close(): Promise<void>;
}

/**
 * In milliseconds: connections stay longer than any usual poll interval, slow senders do not. Node looks for the latter
 * every half minute unless told otherwise.
 */
export const timeouts = {
  keepAliveTimeout: 65_000,
  headersTimeout: 5_000,
  requestTimeout: 10_000,
  connectionsCheckingInterval: 2_000,
} as const;

/** What running answers get to end, in milliseconds. */
export const closeGraceMs = 1_000;

/** @throws HealthError `LISTEN_FAILED` when the port is taken or may not be used */
export async function listen(handler: RequestHandler, port: number, host: string): Promise<Listener> {
  const server = createServer(timeouts, handler);
  server.maxHeadersCount = 100;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(listenFailed(port, host, error)));
    server.listen(port, host, resolve);
  });
  return { port: (server.address() as AddressInfo).port, close: () => closeServer(server) };
}

/** One sentence for the operator. */
export function listenFailed(port: number, host: string, error: { readonly code?: string | undefined }): HealthError {
  const reason =
    error.code === 'EADDRINUSE' ? 'it is in use; stop the other process or choose another port' : error.code;
  return new HealthError('LISTEN_FAILED', `Cannot listen on ${host}:${port}: ${reason ?? 'unknown reason'}`, error);
}

async function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), closeGraceMs);
  await closed;
  clearTimeout(timer);
}
