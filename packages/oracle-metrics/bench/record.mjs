// CPU time and bytes per record, interleaved: each round runs every candidate once, the median of the rounds counts.
import { DDSketch } from '@datadog/sketches-js';
import { createMetrics, createSketch } from '@nps/oracle-metrics';
import { MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics';
import * as hdr from 'hdr-histogram-js';
import prom from 'prom-client';
import { cpuNs, median, medianRatio, values } from './measure.mjs';

const RECORDS = 400_000;
const ROUNDS = 9;
/** Until every candidate runs in optimised code. */
const WARM_UP_ROUNDS = 4;

const OURS = 'sketch.record';
const EMPTY = 'empty loop over a typed array';
const DDSKETCH = 'DDSketch.accept (1.083 %)';
const PROM = 'prom-client Histogram, 3 labels';
const START_END = 'metrics.start/end by name';
const CLOCK = 'one clock read (performance.now)';
const DEQUE = 'deque rebuilt on every record (2,000 in the window)';

/** A reader nobody asks: without one OpenTelemetry records nothing at all. */
class SilentReader extends MetricReader {
  async onForceFlush() {}
  async onShutdown() {}
}

async function candidates() {
  await hdr.initWebAssembly();
  const wasm = hdr.build({ useWebAssembly: true, numberOfSignificantValueDigits: 2, highestTrackableValue: 1e9 });
  const histogram = (name, labelNames) =>
    new prom.Histogram({ name, help: name, labelNames, registers: [new prom.Registry()] });
  const plain = histogram('plain', []);
  const labelled = histogram('labelled', ['a', 'b', 'c']);
  const meter = new MeterProvider({ readers: [new SilentReader()] }).getMeter('bench');
  const otel = meter.createHistogram('plain');
  const otel3 = meter.createHistogram('labelled');
  const sketch = createSketch();
  const dd = new DDSketch({ relativeAccuracy: 0.010830001253373618 });
  const metrics = createMetrics({ service: 'bench' });
  const own3 = metrics.registry.histogram({ name: 'labelled_seconds', help: 'x', labels: ['a', 'b', 'c'] });
  const counts = new Float64Array(4096);
  const labels = { a: 'x', b: 'y', c: 'z' };
  return {
    [EMPTY]: (v) => void counts[v & 4095]++,
    [OURS]: (v) => sketch.record(v),
    [DDSKETCH]: (v) => dd.accept(v),
    'hdr-histogram-js WASM': (v) => wasm.recordValue(v),
    'prom-client Histogram, 0 labels': (v) => plain.observe(v),
    'OpenTelemetry Histogram, 0 attributes': (v) => otel.record(v),
    'registry histogram, 3 labels': (v) => own3.observe(v, labels),
    [PROM]: (v) => labelled.observe(labels, v),
    'OpenTelemetry Histogram, 3 attributes': (v) => otel3.record(v, labels),
    [CLOCK]: () => performance.now(),
    'metrics.record by name (reads a clock)': (v) => metrics.record('reading', v),
    [START_END]: () => metrics.start('reading').end(),
    'metrics.track of an empty function': () => metrics.track('reading', nothing),
    [DEQUE]: rebuiltDeque(2000),
  };
}

function nothing() {}

/** What a straightforward service does: keep the samples, drop the old ones, sort for each quantile. */
function rebuiltDeque(limit) {
  let samples = [];
  return (v) => {
    samples = [...samples, { at: performance.now(), v }].slice(-limit);
  };
}

export async function benchRecord(section) {
  const all = await candidates();
  const durations = values(RECORDS);
  const names = Object.keys(all);
  const nanoseconds = Object.fromEntries(names.map((name) => [name, []]));
  const bytes = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round++) {
    for (const name of names) {
      const { ns, allocated } = run(all[name], durations, name === DEQUE ? 2000 : RECORDS);
      if (round < 0) continue;
      nanoseconds[name].push(ns);
      bytes[name].push(allocated);
    }
  }
  section.table(
    `CPU time and allocation of a record: medians of ${ROUNDS} interleaved rounds of 400,000, loop and call included`,
    ['candidate', 'ns', 'bytes'],
    names.map((name) => [name, median(nanoseconds[name]), median(bytes[name])]),
  );
  const ratio = (ours, theirs) => medianRatio(nanoseconds[ours], nanoseconds[theirs]);
  section.bar('a record ÷ an empty typed-array loop', ratio(OURS, EMPTY), '×', { atMost: 6 });
  section.bar('prom-client with 3 labels ÷ a record', 1 / ratio(OURS, PROM), '×', { atLeast: 20 });
  section.bar('a record ÷ DDSketch.accept', ratio(OURS, DDSKETCH), '×', { atMost: 1.5 });
  section.bar('start/end by name ÷ one clock read', ratio(START_END, CLOCK), '×', { atMost: 4 });
  section.bar('allocated by a record', median(bytes[OURS]), ' B', { atMost: 2 });
}

function run(record, durations, count) {
  globalThis.gc?.();
  const heapBefore = process.memoryUsage().heapUsed;
  const startedAt = cpuNs();
  for (let at = 0; at < count; at++) record(durations[at]);
  const ns = (cpuNs() - startedAt) / count;
  // A collection in between hides allocations; the median of the rounds is read with that in mind.
  return { ns, allocated: Math.max(0, process.memoryUsage().heapUsed - heapBefore) / count };
}
