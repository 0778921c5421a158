import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A TCP proxy that can fall silent without closing anything, as a cut cable or a frozen host does. */
export interface FreezingProxy {
  readonly port: number;
  /** From here on no byte passes, in either direction; connections stay open and new ones are taken. */
  freeze(): void;
  thaw(): void;
  stop(): Promise<void>;
}

export async function startFreezingProxy(toPort: number): Promise<FreezingProxy> {
  const sockets = new Set<Socket>();
  let isFrozen = false;
  const track = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    if (isFrozen) socket.pause();
  };
  const forward = (from: Socket, to: Socket): void => {
    from.on('data', (chunk) => {
      if (!isFrozen) to.write(chunk);
      else from.pause();
    });
    from.on('close', () => to.destroy());
  };
  const server = createServer((inner) => {
    const outer = connect(toPort, '127.0.0.1');
    track(inner);
    track(outer);
    forward(inner, outer);
    forward(outer, inner);
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    freeze: () => {
      isFrozen = true;
      for (const socket of sockets) socket.pause();
    },
    thaw: () => {
      isFrozen = false;
      for (const socket of sockets) socket.resume();
    },
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => void server.close(resolve));
    },
  };
}
