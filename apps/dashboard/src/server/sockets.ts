import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { plainAddress } from './loopback.js';

/** Sockets of one address that may stay in each line; a proxy keeps fewer. */
const MOST_WAITING = 256;
/** And while they are new: more than a thousand of a flood, so that whoever comes with it is read before it is swept. */
const MOST_NEW = 2048;
/** Sockets of all addresses together, below the usual limit of open files. */
const MOST_SOCKETS = 4000;
const SWEEP_MS = 1000;

/** Waiting sockets, the one that waits longest first, and whether a sweep has seen it. */
type Line = Map<Socket, 'new' | 'seen'>;

/**
 * Keeps sockets that say nothing, or say it one letter a second, from using up the server: of one address only the newest
 * stay. A socket is swept away by the second sweep that finds it, so even a server out of breath has read it before. Those
 * that were answered and may ask again wait in a line of their own, where strangers do not push them out; those with a
 * request under way are left to the request's own deadline.
 */
export function limitSockets(server: Server): void {
  const lines = [createLines(), createLines()] as const;
  const [strangers, answered] = lines;
  server.maxConnections = MOST_SOCKETS;
  server.on('connection', (socket: Socket) => {
    const address = plainAddress(socket.remoteAddress);
    strangers.wait(socket, address);
    socket.once('close', () => {
      for (const each of lines) each.leave(socket, address);
    });
  });
  server.on('request', ({ socket }, response) => {
    const address = plainAddress(socket.remoteAddress);
    for (const each of lines) each.leave(socket, address);
    response.once('close', () => {
      if (response.shouldKeepAlive) answered.wait(socket, address);
    });
  });
  const timer = setInterval(() => {
    for (const each of lines) each.sweep();
  }, SWEEP_MS).unref();
  server.once('close', () => clearInterval(timer));
}

/** A line for each address. */
function createLines() {
  const lines = new Map<string, Line>();
  return {
    leave(socket: Socket, address: string): void {
      const line = lines.get(address);
      line?.delete(socket);
      if (line?.size === 0) lines.delete(address);
    },
    wait(socket: Socket, address: string): void {
      if (socket.destroyed) return;
      const line: Line = lines.get(address) ?? new Map();
      lines.set(address, line.set(socket, 'new'));
      const [oldest] = line.keys();
      if (line.size > MOST_NEW) oldest?.destroy();
    },
    sweep(): void {
      for (const line of lines.values()) sweepLine(line);
    },
  };
}

function sweepLine(line: Line): void {
  let tooMany = line.size - MOST_WAITING;
  for (const [socket, state] of line) {
    if (state === 'seen' && tooMany > 0) {
      tooMany -= 1;
      socket.destroy();
    }
    line.set(socket, 'seen');
  }
}
