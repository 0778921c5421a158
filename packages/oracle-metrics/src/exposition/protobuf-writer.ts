const VARINT = 0;
const FIXED64 = 1;
const LENGTH_DELIMITED = 2;

/** As much of the Protocol Buffers encoding as an exposition needs. https://protobuf.dev/programming-guides/encoding/ */
export class ProtobufWriter {
  #buffer = Buffer.allocUnsafe(256);
  #length = 0;

  /** What was written; a view, valid until the next write. */
  bytes(): Uint8Array {
    return this.#buffer.subarray(0, this.#length);
  }

  string(field: number, text: string): void {
    this.#tag(field, LENGTH_DELIMITED);
    const sizeBytes = Buffer.byteLength(text);
    this.#varint(sizeBytes);
    this.#reserve(sizeBytes);
    this.#length += this.#buffer.write(text, this.#length);
  }

  double(field: number, value: number): void {
    this.#tag(field, FIXED64);
    this.#reserve(8);
    this.#length = this.#buffer.writeDoubleLE(value, this.#length);
  }

  varintField(field: number, value: number): void {
    this.#tag(field, VARINT);
    this.#varint(value);
  }

  /** `sint32` and `sint64`: zigzag. */
  signedField(field: number, value: number): void {
    this.varintField(field, value < 0 ? -2 * value - 1 : 2 * value);
  }

  message(field: number, inner: ProtobufWriter): void {
    this.#tag(field, LENGTH_DELIMITED);
    this.delimited(inner);
  }

  /** The message behind its length. */
  delimited(inner: ProtobufWriter): void {
    const bytes = inner.bytes();
    this.#varint(bytes.length);
    this.#reserve(bytes.length);
    this.#buffer.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  #tag(field: number, wireType: number): void {
    this.#varint(field * 8 + wireType);
  }

  /** Divides instead of shifting: numbers may exceed 32 bits. */
  #varint(value: number): void {
    this.#reserve(10);
    let rest = value;
    while (rest > 127) {
      this.#buffer[this.#length++] = (rest % 128) + 128;
      rest = Math.floor(rest / 128);
    }
    this.#buffer[this.#length++] = rest;
  }

  #reserve(bytes: number): void {
    if (this.#length + bytes <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafe((this.#length + bytes) * 2);
    this.#buffer.copy(larger, 0, 0, this.#length);
    this.#buffer = larger;
  }
}
