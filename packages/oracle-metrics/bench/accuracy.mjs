// How far the answers are from the exact ones, beside a peer's answers to the same question.
import { DDSketch } from '@datadog/sketches-js';
import { createSketch } from '@nps/oracle-metrics';
import prom from 'prom-client';
import { values } from './measure.mjs';

const QUANTILES = [0.5, 0.95, 0.99, 0.999];
const SHARDS = 60;

export async function benchAccuracy(section) {
  const data = values(1_000_000);
  const sorted = Float64Array.from(data).sort();
  const sketch = createSketch();
  const dd = new DDSketch({ relativeAccuracy: 0.010830001253373618 });
  const summary = new prom.Histogram({ name: 'h', help: 'h', registers: [new prom.Registry()] });
  for (const ms of data) {
    sketch.record(ms);
    dd.accept(ms);
    summary.observe(ms / 1000);
  }
  const buckets = (await summary.get()).values.filter(({ metricName }) => metricName === 'h_bucket');
  const rows = QUANTILES.map((q) => {
    const exact = sorted[Math.ceil(q * sorted.length) - 1];
    const percent = (answer) => Math.abs(answer / exact - 1) * 100;
    return [
      `p${q * 100}`,
      percent(sketch.quantile(q)),
      percent(dd.getValueAtQuantile(q)),
      percent(interpolated(buckets, q) * 1000),
    ];
  });
  section.table(
    'Relative error in percent of a million lognormal durations',
    ['quantile', 'ours', 'DDSketch', 'prom-client, default buckets, interpolated as Prometheus does'],
    rows,
  );
  section.bar('worst quantile error', Math.max(...rows.map((row) => row[1])), ' %', { atMost: 1.09 });
  section.bar(`bytes in which a merge of ${SHARDS} shards differs from one sketch`, differing(data, sketch), '', {
    atMost: 0,
  });
  section.figure('one encoded sketch of a million durations', sketch.encode().length, ' B');
}

/** `histogram_quantile` over cumulative buckets. */
function interpolated(buckets, q) {
  const rank = q * buckets.at(-1).value;
  const at = buckets.findIndex(({ value }) => value >= rank);
  const bound = (index) => (index < 0 ? 0 : Number(buckets[index].labels.le));
  if (!Number.isFinite(bound(at))) return bound(at - 1);
  const below = at === 0 ? 0 : buckets[at - 1].value;
  return bound(at - 1) + ((bound(at) - bound(at - 1)) * (rank - below)) / (buckets[at].value - below);
}

function differing(data, whole) {
  const merged = createSketch();
  for (let shard = 0; shard < SHARDS; shard++) {
    const part = createSketch();
    for (let at = shard; at < data.length; at += SHARDS) part.record(data[at]);
    merged.merge(part);
  }
  const [a, b] = [merged.encode(), whole.encode()];
  return Math.abs(a.length - b.length) + a.filter((byte, at) => byte !== b[at]).length;
}
