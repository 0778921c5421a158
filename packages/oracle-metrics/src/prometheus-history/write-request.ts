import { ProtobufWriter } from '../exposition/protobuf-writer.js';
import type { RemoteSeries } from './series.js';

/**
 * The body of a remote-write 1.0 request: `prometheus.WriteRequest` in Protocol Buffers, framed as a Snappy block.
 * https://prometheus.io/docs/specs/prw/remote_write_spec/
 */
export function writeRequest(series: readonly RemoteSeries[]): Uint8Array<ArrayBuffer> {
  const request = new ProtobufWriter();
  for (const { labels, samples } of series) {
    const timeSeries = new ProtobufWriter();
    for (const [name, value] of labels) {
      const label = new ProtobufWriter();
      label.string(1, name);
      label.string(2, value);
      timeSeries.message(1, label);
    }
    for (const { value, atMs } of samples) {
      const sample = new ProtobufWriter();
      sample.double(1, value);
      sample.varintField(2, atMs);
      timeSeries.message(2, sample);
    }
    request.message(1, timeSeries);
  }
  return snappyBlock(request.bytes());
}

/** The longest literal whose length fits into the two bytes of tag 61. */
const LITERAL_BYTES = 65_536;

/**
 * A Snappy block of literals only: valid, and not compressed. A minute of a service is some kilobytes, which is not worth a
 * dependency. https://github.com/google/snappy/blob/main/format_description.txt
 */
export function snappyBlock(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [varint(bytes.length)];
  for (let from = 0; from < bytes.length; from += LITERAL_BYTES) {
    const literal = bytes.subarray(from, from + LITERAL_BYTES);
    const length = literal.length - 1;
    parts.push(Uint8Array.of(61 * 4, length % 256, Math.floor(length / 256)), literal);
  }
  return new Uint8Array(Buffer.concat(parts));
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return Uint8Array.from([...bytes, rest]);
}
