import { connect as connectTcp, isIP, type LookupFunction, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from 'node:tls';

import { HealthError } from '../errors.js';
import type { Resolver } from './resolver.js';

/** What every connection of this package needs to know. */
export interface ConnectionContext {
  /** Total deadline; aborting it destroys the connection. */
  readonly signal: AbortSignal;
  readonly resolver: Resolver;
  /** Certificate authorities, client certificate … for TLS. */
  readonly tls?: ConnectionOptions;
}

/** Host and port of a server. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/**
 * A lookup that returns addresses found before. Names are resolved once, checked, and then connected to:
 * a second resolution could bring a different address (DNS rebinding).
 */
export function fixedLookup(addresses: readonly string[]): LookupFunction {
  return (_hostname, options, callback) => {
    const all = addresses.map((address) => ({ address, family: isIP(address) }));
    const wanted = options.family === 4 || options.family === 6 ? all.filter((a) => a.family === options.family) : all;
    const [first] = wanted;
    if (!first) callback(Object.assign(new Error('No address of this family'), { code: 'ENOTFOUND' }), '');
    else if (options.all) callback(null, wanted);
    else callback(null, first.address, first.family);
  };
}

/** Opens a TCP connection; the caller destroys the socket, and so does the signal. */
export async function openTcp({ host, port }: Endpoint, { signal, resolver }: ConnectionContext): Promise<Socket> {
  const lookup = fixedLookup(await resolver.resolve(host, signal));
  signal.throwIfAborted();
  const socket = connectTcp({ host: unbracket(host), port, lookup });
  await established(socket, 'connect', signal);
  return socket;
}

/** Opens a TLS connection, verified unless `tls.rejectUnauthorized` is false. */
export async function openTls({ host, port }: Endpoint, context: ConnectionContext): Promise<TLSSocket> {
  const { signal, resolver, tls } = context;
  const lookup = fixedLookup(await resolver.resolve(host, signal));
  signal.throwIfAborted();
  const name = unbracket(host);
  const servername = isIP(name) === 0 ? { servername: name } : {};
  const socket = connectTls({ host: name, port, lookup, ...servername, ...tls });
  await established(socket, 'secureConnect', signal);
  return socket;
}

function established(socket: Socket, event: 'connect' | 'secureConnect', signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      socket.destroy();
      reject(signal.reason as Error);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    socket.once('close', () => signal.removeEventListener('abort', onAbort));
    socket.once(event, resolve);
    socket.on('error', reject);
    socket.once('close', () => reject(new HealthError('RESET', 'The connection was closed while it was being opened')));
  });
}

function unbracket(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1');
}
