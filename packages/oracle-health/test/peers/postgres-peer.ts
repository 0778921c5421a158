import type { Socket } from 'node:net';

/** An ErrorResponse of the PostgreSQL protocol: what a server says that will not let anybody in. */
export function postgresRefusal(code: string, message: string): Buffer {
  const fields = Buffer.from(`SFATAL\0VFATAL\0C${code}\0M${message}\0\0`);
  const head = Buffer.alloc(5);
  head.write('E');
  head.writeUInt32BE(fields.length + 4, 1);
  return Buffer.concat([head, fields]);
}

/** Answers the start-up packet as PgBouncer does: parameters it does not know are refused, all else gets `then`. */
export function refuseParameter(parameter: string, then: Buffer): (socket: Socket) => void {
  return (socket) => {
    socket.once('data', (start) => {
      const isRefused = start.includes(parameter);
      socket.end(isRefused ? postgresRefusal('08P01', `unsupported startup parameter: ${parameter}`) : then);
    });
  };
}
