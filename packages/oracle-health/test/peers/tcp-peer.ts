import { type AddressInfo, createServer, type Socket } from 'node:net';

/** A server that does to each connection whatever the test wants. */
export interface TcpPeer {
  readonly port: number;
  /** How many connections were ever taken. */
  readonly taken: () => number;
  /** How many clients are still there: neither ended nor closed. */
  readonly open: () => number;
  stop(): Promise<void>;
}

export async function startTcpPeer(onSocket: (socket: Socket) => void, port = 0): Promise<TcpPeer> {
  const sockets = new Set<Socket>();
  const here = new Set<Socket>();
  let taken = 0;
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    taken += 1;
    sockets.add(socket);
    here.add(socket);
    socket.on('end', () => here.delete(socket));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      sockets.delete(socket);
      here.delete(socket);
    });
    onSocket(socket);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    taken: () => taken,
    open: () => here.size,
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Takes the connection, reads, and says nothing until the client leaves. */
export function hang(socket: Socket): void {
  socket.resume();
  socket.on('end', () => socket.destroy());
}

/** Sends `head` at once and then one byte every 20 ms, for ever. */
export function trickle(head: string): (socket: Socket) => void {
  return (socket) => {
    socket.write(head);
    const timer = setInterval(() => socket.write('x'), 20);
    socket.resume();
    socket.on('close', () => clearInterval(timer));
  };
}

/** Sends a TCP reset once something was asked. */
export function reset(socket: Socket): void {
  socket.once('data', () => socket.resetAndDestroy());
}

/** Ends its own side at once and keeps the other one open. */
export function halfClose(socket: Socket): void {
  socket.end();
  socket.resume();
}

/** Answers whatever comes with fixed bytes, then ends. */
export function reply(text: string | Buffer): (socket: Socket) => void {
  return (socket) => {
    socket.once('data', () => socket.end(text));
  };
}

/** A port nobody listens on, below the ephemeral range's reuse: taken and given back. */
export async function closedPort(): Promise<number> {
  const peer = await startTcpPeer(hang);
  await peer.stop();
  return peer.port;
}
