// How far the answers are from the exact ones, beside the peers' answers to the same question.
import { DDSketch } from '@datadog/sketches-js';
import { createSketch } from '@nps/oracle-metrics';
import prom from 'prom-client';
import { line, values } from './measure.mjs';

export function benchAccuracy() {
  const data = values(1_000_000);
  const sorted = Float64Array.from(data).sort();
  const sketch = createSketch();
  const dd = new DDSketch({ relativeAccuracy: 0.010830001253373618 });
  const registry = new prom.Registry();
  const histogram = new prom.Histogram({ name: 'h', help: 'h', registers: [registry] });
  for (const ms of data) {
    sketch.record(ms);
    dd.accept(ms);
    histogram.observe(ms / 1000);
  }
  line('\nRelative error of a million lognormal durations');
  let worst = 0;
  for (const q of [0.5, 0.95, 0.99, 0.999]) {
    const exact = sorted[Math.ceil(q * sorted.length) - 1];
    const error = (answer) => Math.abs(answer / exact - 1) * 100;
    worst = Math.max(worst, error(sketch.quantile(q)));
    line(
      `${`p${q * 100}`.padStart(10)}  ours ${error(sketch.quantile(q)).toFixed(3)} %, DDSketch ${error(dd.getValueAtQuantile(q)).toFixed(3)} %`,
    );
  }
  const shards = Array.from({ length: 60 }, (_, shard) => data.filter((_value, at) => at % 60 === shard));
  const merged = createSketch();
  for (const shard of shards) {
    const part = createSketch();
    for (const ms of shard) part.record(ms);
    merged.merge(part);
  }
  const same = Buffer.from(merged.encode()).equals(Buffer.from(sketch.encode()));
  line(
    `      merge of 60 shards ${same ? 'equals' : 'DIFFERS FROM'} one sketch, byte for byte; ${sketch.encode().length} B encoded`,
  );
  return { worst, same };
}
