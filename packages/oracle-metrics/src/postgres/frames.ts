import type { HistoryRow } from '../history/rows.js';

/** A row of timings as bytes: microseconds since 2000, count, errors and length of the sketch, big endian, then the sketch. */
export const FRAME =
  'timestamptz_send(at) || int8send(count) || int8send(errors) || int4send(length(sketch)) || sketch';

const HEAD_BYTES = 28;
const EPOCH_MS = Date.UTC(2000, 0, 1);

/** The rows of one operation out of their frames. */
export function readFrames(service: string, operation: string, frames: Buffer): HistoryRow[] {
  const rows: HistoryRow[] = [];
  for (let at = 0; at < frames.length; ) {
    const sketchAt = at + HEAD_BYTES;
    const endAt = sketchAt + frames.readUInt32BE(at + 24);
    rows.push({
      service,
      operation,
      atMs: EPOCH_MS + int64(frames, at) / 1000,
      count: int64(frames, at + 8),
      errors: int64(frames, at + 16),
      sketch: frames.subarray(sketchAt, endAt),
    });
    at = endAt;
  }
  return rows;
}

/** Up to 2^53 exact, and without the allocation of a bigint. */
function int64(bytes: Buffer, at: number): number {
  return bytes.readInt32BE(at) * 2 ** 32 + bytes.readUInt32BE(at + 4);
}
