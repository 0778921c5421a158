/** Looks at what a server sends before pg does; `false` means that no PostgreSQL would say this. */
export type FrameGuard = (chunk: Buffer) => boolean;

// The whole dialogue of a sign-in and one row is a few hundred bytes.
const maxDialogueBytes = 64 * 1024;
const headBytes = 5;

/**
 * A check of the server's messages, https://www.postgresql.org/docs/current/protocol-message-formats.html
 * pg looks for the end of a text beyond the end of its message, and, if there is none, for ever: a hostile server
 * could stop the whole process. Only what a sign-in and a simple query can bring is let through, with its texts ended.
 */
export function createFrameGuard(): FrameGuard {
  let rest = Buffer.alloc(0);
  let seenBytes = 0;
  return (chunk) => {
    seenBytes += chunk.length;
    if (seenBytes > maxDialogueBytes) return false;
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= headBytes) {
      const sizeBytes = rest.readUInt32BE(1) + 1;
      if (sizeBytes < headBytes || sizeBytes > maxDialogueBytes) return false;
      if (rest.length < sizeBytes) return isExpected(rest[0] ?? 0);
      if (!isSound(rest[0] ?? 0, rest.subarray(headBytes, sizeBytes))) return false;
      rest = rest.subarray(sizeBytes);
    }
    return true;
  };
}

const soundByType: Readonly<Record<string, (body: Buffer) => boolean>> = {
  R: isSoundAuthentication,
  S: (body) => countZeros(body) === 2 && body.at(-1) === 0,
  K: (body) => body.length >= 8,
  Z: (body) => body.length === 1,
  T: isSoundRowDescription,
  D: (body) => body.length >= 2,
  C: (body) => countZeros(body) === 1 && body.at(-1) === 0,
  E: endsTwice,
  N: endsTwice,
  v: (body) => body.length >= 8,
};

function isExpected(type: number): boolean {
  return Object.hasOwn(soundByType, String.fromCharCode(type));
}

function isSound(type: number, body: Buffer): boolean {
  const name = String.fromCharCode(type);
  return Object.hasOwn(soundByType, name) && (soundByType[name]?.(body) ?? false);
}

// Fields and lists of texts end with an empty one.
function endsTwice(body: Buffer): boolean {
  return body.length >= 2 && body.at(-1) === 0 && body.at(-2) === 0;
}

// 10 is AuthenticationSASL: a list of mechanisms.
function isSoundAuthentication(body: Buffer): boolean {
  return body.length >= 4 && (body.readUInt32BE(0) !== 10 || endsTwice(body));
}

// A count, then for each column a name that ends and 18 bytes.
function isSoundRowDescription(body: Buffer): boolean {
  if (body.length < 2) return false;
  let offset = 2;
  for (let column = body.readUInt16BE(0); column > 0; column -= 1) {
    const end = body.indexOf(0, offset);
    if (end === -1) return false;
    offset = end + 1 + 18;
  }
  return offset === body.length;
}

function countZeros(body: Buffer): number {
  return body.reduce((count, byte) => count + (byte === 0 ? 1 : 0), 0);
}
