/** Repeats are looked for inside parts of this size, so that a distance fits into two bytes. */
const PART_BYTES = 65_536;
const SHORTEST_REPEAT = 4;
const LONGEST_COPY = 64;
const HASH_BITS = 14;

/**
 * A Snappy block: greedy, one hash table a part. The labels of a minute's series are mostly the same, so a request shrinks to
 * about a tenth. https://github.com/google/snappy/blob/main/format_description.txt
 */
export function snappyBlock(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const packed = new Packed(bytes.length);
  for (let from = 0; from < bytes.length; from += PART_BYTES) {
    packPart(bytes.subarray(from, from + PART_BYTES), packed);
  }
  return packed.bytes();
}

function packPart(part: Uint8Array, packed: Packed): void {
  const words = new DataView(part.buffer, part.byteOffset, part.length);
  const seenAt = new Int32Array(2 ** HASH_BITS).fill(-1);
  let literalFrom = 0;
  for (let at = 0; at + SHORTEST_REPEAT <= part.length; ) {
    const word = words.getUint32(at, true);
    const slot = Math.imul(word, 0x1e35a7bd) >>> (32 - HASH_BITS);
    const earlier = seenAt[slot] as number;
    seenAt[slot] = at;
    if (earlier < 0 || words.getUint32(earlier, true) !== word) {
      at++;
      continue;
    }
    packed.literal(part.subarray(literalFrom, at));
    const length = repeatLength(part, earlier, at);
    packed.copies(at - earlier, length);
    at += length;
    literalFrom = at;
  }
  packed.literal(part.subarray(literalFrom));
}

function repeatLength(part: Uint8Array, earlier: number, at: number): number {
  let length = SHORTEST_REPEAT;
  while (at + length < part.length && part[earlier + length] === part[at + length]) length++;
  return length;
}

/** What was packed so far: the length, then literals and copies. */
class Packed {
  readonly #bytes: Uint8Array<ArrayBuffer>;
  #length = 0;

  constructor(sizeBytes: number) {
    // Google's own bound of what nothing repeats in.
    this.#bytes = new Uint8Array(32 + sizeBytes + Math.ceil(sizeBytes / 6));
    let rest = sizeBytes;
    for (; rest > 127; rest = Math.floor(rest / 128)) this.#put((rest % 128) + 128);
    this.#put(rest);
  }

  bytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#length);
  }

  literal(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    const length = bytes.length - 1;
    // Up to 60 bytes are told by the tag itself, more by the two bytes behind tag 61.
    if (length < 60) this.#put(length * 4);
    else this.#put(61 * 4, length % 256, Math.floor(length / 256));
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  copies(distance: number, length: number): void {
    for (let rest = length; rest > 0; rest -= LONGEST_COPY) {
      const copied = Math.min(rest, LONGEST_COPY);
      this.#put((copied - 1) * 4 + 2, distance % 256, Math.floor(distance / 256));
    }
  }

  #put(...bytes: readonly number[]): void {
    for (const byte of bytes) this.#bytes[this.#length++] = byte;
  }
}
