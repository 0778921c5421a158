import { ProtobufWriter } from '../exposition/protobuf-writer.js';
import type { RemoteSeries } from './series.js';
import { snappyBlock } from './snappy.js';

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
