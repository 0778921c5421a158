import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { plainAddress } from './loopback.js';

/** Sockets of one address that may wait without a request under way; a proxy keeps fewer. */
const MOST_WAITING = 256;
/** Sockets of all addresses together, below the usual limit of open files. */
const MOST_SOCKETS = 4000;

/**
 * Keeps sockets that say nothing, or say it one letter a second, from using up the server: of one address only the newest
 * stay, so that whoever comes next is served. Those with a request under way are left to the request's own deadline.
 */
export function limitSockets(server: Server): void {
  const waiting = new Map<string, Set<Socket>>();
  const leave = (socket: Socket, address: string): void => {
    const own = waiting.get(address);
    own?.delete(socket);
    if (own?.size === 0) waiting.delete(address);
  };
  const wait = (socket: Socket, address: string): void => {
    if (socket.destroyed) return;
    const own = waiting.get(address) ?? new Set();
    waiting.set(address, own.add(socket));
    const [oldest] = own;
    if (own.size > MOST_WAITING) oldest?.destroy();
  };
  server.maxConnections = MOST_SOCKETS;
  server.on('connection', (socket: Socket) => {
    const address = plainAddress(socket.remoteAddress);
    wait(socket, address);
    socket.once('close', () => leave(socket, address));
  });
  server.on('request', ({ socket }, response) => {
    const address = plainAddress(socket.remoteAddress);
    leave(socket, address);
    response.once('close', () => {
      if (response.shouldKeepAlive) wait(socket, address);
    });
  });
}
