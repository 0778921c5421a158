// CPU time and bytes per record, interleaved: each round runs every candidate once, the median of the rounds counts.
import { DDSketch } from '@datadog/sketches-js';
import { createMetrics, createSketch } from '@nps/oracle-metrics';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import * as hdr from 'hdr-histogram-js';
import prom from 'prom-client';
import { cpuNs, line, median, values } from './measure.mjs';

const RECORDS = 400_000;
const ROUNDS = 7;

async function candidates() {
  await hdr.initWebAssembly();
  const wasm = hdr.build({ useWebAssembly: true, numberOfSignificantValueDigits: 2, highestTrackableValue: 1e9 });
  const registers = [];
  const histogram = (name, labelNames) => {
    const registry = new prom.Registry();
    registers.push(registry);
    return new prom.Histogram({ name, help: name, labelNames, registers: [registry] });
  };
  const plain = histogram('plain', []);
  const labelled = histogram('labelled', ['a', 'b', 'c']);
  const meter = new MeterProvider().getMeter('bench');
  const otel = meter.createHistogram('plain');
  const otel3 = meter.createHistogram('labelled');
  const sketch = createSketch();
  const dd = new DDSketch({ relativeAccuracy: 0.010830001253373618 });
  const metrics = createMetrics({ service: 'bench' });
  const own3 = metrics.registry.histogram({ name: 'labelled_seconds', help: 'x', labels: ['a', 'b', 'c'] });
  const counts = new Float64Array(4096);
  const labels = { a: 'x', b: 'y', c: 'z' };
  const deque = rebuiltDeque(2000);
  return {
    'empty loop over a typed array': (v) => void counts[v & 4095]++,
    'sketch.record': (v) => sketch.record(v),
    'metrics.record by name (reads a clock)': (v) => metrics.record('reading', v),
    'metrics.start/end by name': () => metrics.start('reading').end(),
    'metrics.track of an empty function': () => metrics.track('reading', nothing),
    'one clock read (performance.now)': () => performance.now(),
    'registry histogram, 3 labels': (v) => own3.observe(v, labels),
    'DDSketch.accept (1.083 %)': (v) => dd.accept(v),
    'hdr-histogram-js WASM': (v) => wasm.recordValue(v),
    'prom-client Histogram, 0 labels': (v) => plain.observe(v),
    'prom-client Histogram, 3 labels': (v) => labelled.observe(labels, v),
    'OpenTelemetry Histogram, 0 attributes': (v) => otel.record(v),
    'OpenTelemetry Histogram, 3 attributes': (v) => otel3.record(v, labels),
    'deque rebuilt on every record (2,000 in the window)': deque,
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

const HEAVY = { 'deque rebuilt on every record (2,000 in the window)': 2000 };

export async function benchRecord() {
  const all = await candidates();
  const durations = values(RECORDS);
  const names = Object.keys(all);
  const nanoseconds = Object.fromEntries(names.map((name) => [name, []]));
  const bytes = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round <= ROUNDS; round++) {
    for (const name of names) {
      const count = HEAVY[name] ?? RECORDS;
      const { ns, allocated } = run(all[name], durations, count);
      if (round === 0) continue;
      nanoseconds[name].push(ns);
      bytes[name].push(allocated);
    }
  }
  line('\nRecord: CPU ns and bytes allocated per call, median of 7 interleaved rounds');
  for (const name of names)
    line(
      `${median(nanoseconds[name]).toFixed(1).padStart(10)} ns ${median(bytes[name]).toFixed(1).padStart(9)} B  ${name}`,
    );
  return Object.fromEntries(names.map((name) => [name, { rounds: nanoseconds[name], bytes: median(bytes[name]) }]));
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
