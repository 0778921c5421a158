/** The reading half of Snappy, as its description has it; throws for what our writing half should not make. */
export function unpack(block: Uint8Array): Buffer {
  let at = 0;
  let length = 0;
  for (let shift = 1; ; shift *= 128) {
    const byte = block[at++] as number;
    length += (byte % 128) * shift;
    if (byte < 128) break;
  }
  const bytes = Buffer.alloc(length);
  let end = 0;
  while (at < block.length) {
    const tag = block[at++] as number;
    const number = (size: number): number => {
      at += size;
      return Buffer.from(block).readUIntLE(at - size, size);
    };
    if (tag % 4 === 0) {
      const size = (tag >> 2 < 60 ? tag >> 2 : number((tag >> 2) - 59)) + 1;
      bytes.set(block.subarray(at, at + size), end);
      at += size;
      end += size;
    } else {
      const distance = number(2);
      if (tag % 4 !== 2 || distance === 0 || distance > end) throw new Error(`no copy of two bytes at ${at}`);
      // Byte by byte: a copy may reach into itself.
      for (let size = (tag >> 2) + 1; size > 0; size--, end++) bytes[end] = bytes[end - distance] as number;
    }
  }
  if (end !== length) throw new Error(`${end} bytes instead of ${length}`);
  return bytes;
}
