import { createSocket } from 'node:dgram';

/** Answers to names: addresses, silence (`null`), or "no such name" for all others. */
export type Zone = Readonly<Record<string, readonly string[] | null>>;

/** A DNS server on the loopback that can be silent about a name. RFC 1035, section 4. */
export async function startDnsServer(zone: Zone, ttlSeconds = 60) {
  const asked: string[] = [];
  let current: Zone = zone;
  const socket = createSocket('udp4');
  socket.on('message', (query, peer) => {
    const { name, type, end } = readQuestion(query);
    asked.push(`${name} ${type === 1 ? 'A' : 'AAAA'}`);
    const addresses = Object.hasOwn(current, name) ? current[name] : [];
    if (addresses === null) return;
    const isKnown = Object.hasOwn(current, name);
    const records = type === 1 ? (addresses ?? []).map((address) => record(address, ttlSeconds)) : [];
    const header = Buffer.alloc(12);
    query.copy(header, 0, 0, 2);
    header.writeUInt16BE(isKnown ? 0x8180 : 0x8183, 2);
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(records.length, 6);
    socket.send(Buffer.concat([header, query.subarray(12, end), ...records]), peer.port, peer.address);
  });
  await new Promise<void>((resolve) => {
    socket.bind(0, '127.0.0.1', resolve);
  });
  return {
    address: `127.0.0.1:${socket.address().port}`,
    asked,
    change(next: Zone) {
      current = next;
    },
    stop: () => new Promise<void>((resolve) => socket.close(() => resolve())),
  };
}

function readQuestion(query: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = [];
  let offset = 12;
  for (let length = query[offset] ?? 0; length > 0; length = query[offset] ?? 0) {
    labels.push(query.toString('latin1', offset + 1, offset + 1 + length));
    offset += length + 1;
  }
  return { name: labels.join('.').toLowerCase(), type: query.readUInt16BE(offset + 1), end: offset + 5 };
}

function record(address: string, ttlSeconds: number): Buffer {
  const buffer = Buffer.alloc(16);
  // A pointer to the question's name, type A, class IN.
  buffer.writeUInt16BE(0xc00c, 0);
  buffer.writeUInt16BE(1, 2);
  buffer.writeUInt16BE(1, 4);
  buffer.writeUInt32BE(ttlSeconds, 6);
  buffer.writeUInt16BE(4, 10);
  Buffer.from(address.split('.').map(Number)).copy(buffer, 12);
  return buffer;
}
