import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { messageOf, OracleError } from './errors.js';

/** How often connections that fell idle are looked for while a server closes. */
const SWEEP_MS = 50;

/**
 * Binds an HTTP server.
 * @returns its real port
 * @throws OracleError LISTEN_FAILED naming `variable`, which moves the port
 */
export function listen(server: Server, host: string, port: number, variable: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const refuse = (error: Error): void => reject(listenFailed(host, port, variable, error));
    server.once('error', refuse);
    server.listen(port, host, () => {
      server.off('error', refuse);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

/** The sentence for a port or host that cannot be used. */
export function listenFailed(host: string, port: number, variable: string, cause: unknown): OracleError {
  const reason = isPortTaken(cause) ? 'another process listens there' : messageOf(cause);
  return new OracleError(
    'LISTEN_FAILED',
    `Cannot listen on ${host}:${port}: ${reason}. Set ${variable} to a free port, or ORACLE_HOST to an address of this machine.`,
    { cause },
  );
}

/** Takes no new connection, lets requests in flight finish, and after `graceMs` cuts what is left. */
export function closeServer(server: Server, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    if (!server.listening) {
      resolve();
      return;
    }
    const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
    const cut = setTimeout(() => server.closeAllConnections(), graceMs);
    server.close(() => {
      clearInterval(sweep);
      clearTimeout(cut);
      resolve();
    });
  });
}

/** Node says it by its code, gRPC in the text of its message. */
function isPortTaken(cause: unknown): boolean {
  return (cause as { readonly code?: unknown }).code === 'EADDRINUSE' || messageOf(cause).includes('EADDRINUSE');
}
