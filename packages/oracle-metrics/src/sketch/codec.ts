import { MetricsError } from '../errors.js';
import { HIGHEST_INDEX, LARGEST_VALUE, LOWEST_INDEX, SCALE } from './bucket-index.js';

/*
 * Encoded sketch, format 1:
 *
 *   byte    format (high four bits) and scale (low four bits): 0x15
 *   varint  zeros
 *   varint  rejected
 *   float64 sum in billionths, smallest, largest — little endian; only if anything was recorded
 *   zigzag  index of the first non-empty bucket — only if there is one, and then to the end:
 *   varint  count of the next bucket; a 0 is followed by a varint: how many further buckets are empty too
 *
 * Varints are little-endian base 128 as in Protocol Buffers, up to 2^53 - 1. The last bucket is not empty, so equal
 * sketches have equal bytes.
 */
const HEADER = (1 << 4) | SCALE;
const TOTALS_BYTES = 24;

/** A first byte from here on says that the number goes on. */
const LONG = 128;

/** What is written, and what decoding adds to: in place, because a report reads thousands of buckets. */
export interface SketchState {
  readonly counts: Float64Array;
  readonly firstIndex: number;
  /** Makes room for a range of buckets; replaces `counts`. */
  reserve(low: number, high: number): void;
  zeros: number;
  /** Values in buckets. */
  positives: number;
  rejected: number;
  billionths: number;
  smallest: number;
  largest: number;
}

export function encode(state: SketchState): Uint8Array {
  const { first, last } = filledRange(state.counts);
  const out = new ByteWriter(16 + TOTALS_BYTES + (last - first + 1) * 2);
  out.byte(HEADER);
  out.varint(state.zeros);
  out.varint(state.rejected);
  if (state.zeros + state.positives > 0) {
    out.float64(state.billionths);
    out.float64(state.smallest);
    out.float64(state.largest);
  }
  if (first <= last) writeBuckets(out, state, first, last);
  return out.done();
}

function filledRange(counts: Float64Array): { first: number; last: number } {
  let first = 0;
  let last = counts.length - 1;
  while (first <= last && counts[first] === 0) first++;
  while (last > first && counts[last] === 0) last--;
  return { first, last };
}

function writeBuckets(out: ByteWriter, state: SketchState, first: number, last: number): void {
  out.varint(zigzag(state.firstIndex + first));
  for (let at = first; at <= last; at++) {
    const count = state.counts[at] as number;
    out.varint(count);
    if (count !== 0) continue;
    let further = 0;
    while (state.counts[at + 1] === 0) {
      at++;
      further++;
    }
    out.varint(further);
  }
}

/**
 * Adds an encoded sketch to another.
 * @throws MetricsError `MALFORMED_SKETCH`; buckets read until then stay added
 */
export function decode(bytes: Uint8Array, into: SketchState): void {
  // Not `instanceof`: the bytes may come from another realm.
  if (!ArrayBuffer.isView(bytes))
    throw malformed(`expected a Uint8Array, got ${bytes === null ? 'null' : typeof bytes}`);
  const input = new ByteReader(bytes);
  const header = input.byte();
  if (header !== HEADER) {
    throw malformed(`expected format byte 0x${HEADER.toString(16)}, got 0x${header.toString(16)}`);
  }
  const zeros = input.varint();
  const rejected = input.varint();
  if (!input.atEnd()) readValues(input, into, zeros);
  else if (zeros > 0) throw malformed('it ends before its totals');
  into.zeros += zeros;
  into.rejected += rejected;
}

function readValues(input: ByteReader, into: SketchState, zeros: number): void {
  const billionths = input.float64();
  const smallest = input.float64();
  const largest = input.float64();
  const inOrder = smallest >= 0 && smallest <= largest && largest <= LARGEST_VALUE;
  if (!inOrder || !(billionths >= 0 && billionths < Number.POSITIVE_INFINITY)) {
    throw malformed('its smallest, largest or sum is not possible');
  }
  if (!input.atEnd()) into.positives += readBuckets(input, into);
  else if (zeros === 0) throw malformed('it has totals but no value');
  into.billionths += billionths;
  if (smallest < into.smallest) into.smallest = smallest;
  if (largest > into.largest) into.largest = largest;
}

/**
 * Adds the counts of all buckets and answers their sum. The hot loop of every report, so it reads the bytes itself:
 * almost every count is one byte. Longer numbers go through the reader.
 */
function readBuckets(input: ByteReader, into: SketchState): number {
  let index = unzigzag(input.varint());
  const { bytes } = input;
  let { counts, firstIndex } = into;
  let { at } = input;
  let count = 0;
  let total = 0;
  while (at < bytes.length) {
    count = bytes[at++] as number;
    const next = bytes[at] ?? LONG;
    if (count === 0 && next < LONG) {
      index += 1 + next;
      at++;
      continue;
    }
    if (count === 0) {
      input.at = at;
      index += 1 + input.varint();
      at = input.at;
      continue;
    }
    if (count >= LONG) {
      input.at = at - 1;
      count = input.varint();
      at = input.at;
    }
    let place = index - firstIndex;
    if (place < 0 || place >= counts.length) {
      if (index < LOWEST_INDEX || index > HIGHEST_INDEX) throw malformed(`bucket ${index} lies outside the scale`);
      into.reserve(index, index);
      ({ counts, firstIndex } = into);
      place = index - firstIndex;
    }
    counts[place] = (counts[place] as number) + count;
    total += count;
    index++;
  }
  if (count === 0) throw malformed('its last bucket is empty');
  return total;
}

function zigzag(value: number): number {
  return value < 0 ? -2 * value - 1 : 2 * value;
}

function unzigzag(value: number): number {
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
}

function malformed(what: string): MetricsError {
  return new MetricsError(
    'MALFORMED_SKETCH',
    `These bytes are not an encoded sketch: ${what}. Pass what encode() returned.`,
  );
}

class ByteWriter {
  #bytes: Uint8Array;
  #view: DataView;
  #length = 0;

  constructor(capacityBytes: number) {
    this.#bytes = new Uint8Array(capacityBytes);
    this.#view = new DataView(this.#bytes.buffer);
  }

  #reserve(bytes: number): void {
    if (this.#length + bytes <= this.#bytes.length) return;
    const larger = new Uint8Array(this.#bytes.length * 2 + bytes);
    larger.set(this.#bytes);
    this.#bytes = larger;
    this.#view = new DataView(larger.buffer);
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }

  /** Divides instead of shifting: counts may exceed 32 bits. */
  varint(value: number): void {
    this.#reserve(8);
    let rest = value;
    while (rest > 127) {
      this.#bytes[this.#length++] = (rest % 128) + 128;
      rest = Math.floor(rest / 128);
    }
    this.#bytes[this.#length++] = rest;
  }

  float64(value: number): void {
    this.#reserve(8);
    this.#view.setFloat64(this.#length, value, true);
    this.#length += 8;
  }

  /** A copy of exactly what was written, so that no spare room stays in memory. */
  done(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }
}

class ByteReader {
  readonly bytes: Uint8Array;
  at = 0;
  readonly #view: DataView;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  atEnd(): boolean {
    return this.at >= this.bytes.length;
  }

  byte(): number {
    const value = this.bytes[this.at++];
    if (value === undefined) throw malformed('it ends too early');
    return value;
  }

  varint(): number {
    const first = this.byte();
    if (first < 128) return first;
    let value = first - 128;
    let factor = 128;
    for (let next = this.byte(); ; next = this.byte()) {
      value += (next & 127) * factor;
      if (value > Number.MAX_SAFE_INTEGER) throw malformed('a number in it is above 2^53 - 1');
      if (next < 128) return value;
      factor *= 128;
    }
  }

  float64(): number {
    if (this.at + 8 > this.bytes.length) throw malformed('it ends too early');
    this.at += 8;
    return this.#view.getFloat64(this.at - 8, true);
  }
}
