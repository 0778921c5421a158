import type { Family, LabelledValue } from '../registry/family.js';
import { toNativeHistogram } from '../sketch/export.js';
import type { ExponentialSketch } from '../sketch/sketch.js';
import { classicBounds, cumulativeCounts } from './classic-buckets.js';
import { ProtobufWriter } from './protobuf-writer.js';

export const protobufContentType =
  'application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited';

/** https://github.com/prometheus/client_model/blob/master/io/prometheus/client/metrics.proto, enum MetricType */
const typeNumbers = { counter: 0, gauge: 1, histogram: 4 } as const;

/** Field of `Metric` that holds a value of each type. */
const valueFields = { counter: 3, gauge: 2, histogram: 7 } as const;

/** Delimited `MetricFamily` messages; histograms carry their native buckets (schema 5) and the classic ones. */
export function writeProtobuf(families: Iterable<Family>): Uint8Array {
  const out = new ProtobufWriter();
  for (const family of families) {
    const message = familyMessage(family);
    if (message !== null) out.delimited(message);
  }
  return out.bytes();
}

function familyMessage(family: Family): ProtobufWriter | null {
  const message = new ProtobufWriter();
  message.string(1, family.name);
  message.string(2, family.help);
  message.varintField(3, typeNumbers[family.type]);
  let series = 0;
  for (const one of family.series as Iterable<LabelledValue<number | ExponentialSketch>>) {
    message.message(4, metricMessage(one, family.type));
    series++;
  }
  return series === 0 ? null : message;
}

function metricMessage(
  { names, values, value }: LabelledValue<number | ExponentialSketch>,
  type: Family['type'],
): ProtobufWriter {
  const metric = new ProtobufWriter();
  names.forEach((name, at) => {
    const pair = new ProtobufWriter();
    pair.string(1, name);
    pair.string(2, values[at] ?? '');
    metric.message(1, pair);
  });
  const inner = typeof value === 'number' ? numberMessage(value) : histogramMessage(value);
  metric.message(valueFields[type], inner);
  return metric;
}

function numberMessage(value: number): ProtobufWriter {
  const message = new ProtobufWriter();
  message.double(1, value);
  return message;
}

function histogramMessage(sketch: ExponentialSketch): ProtobufWriter {
  const native = toNativeHistogram(sketch);
  const message = new ProtobufWriter();
  message.varintField(1, native.count);
  message.double(2, native.sum);
  const counts = cumulativeCounts(sketch);
  classicBounds.forEach((bound, at) => message.message(3, bucketMessage(counts[at] ?? 0, bound)));
  message.message(3, bucketMessage(native.count, Number.POSITIVE_INFINITY));
  message.signedField(5, native.schema);
  message.double(6, native.zeroThreshold);
  message.varintField(7, native.zeroCount);
  for (const { offset, length } of native.positiveSpans) {
    const span = new ProtobufWriter();
    span.signedField(1, offset);
    span.varintField(2, length);
    message.message(12, span);
  }
  for (const delta of native.positiveDeltas) message.signedField(13, delta);
  return message;
}

function bucketMessage(count: number, bound: number): ProtobufWriter {
  const bucket = new ProtobufWriter();
  bucket.varintField(1, count);
  bucket.double(2, bound);
  return bucket;
}
