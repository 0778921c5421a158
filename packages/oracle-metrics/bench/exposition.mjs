// A scrape of 100, 1,000 and 10,000 series beside prom-client, which holds the same counters; and of histograms.
import { createMetrics } from '@nps/oracle-metrics';
import prom from 'prom-client';
import { cpuNs, line, median } from './measure.mjs';

const ROUNDS = 11;

export async function benchExposition() {
  line('\nScrape: CPU ms of one exposition, all of it a block of the event loop; median of 11 interleaved rounds');
  const results = {};
  for (const series of [100, 1000, 10_000]) {
    results[series] = await compare(series);
    const { ours, theirs, block } = results[series];
    line(
      `${String(series).padStart(10)} series: ours ${ours.toFixed(2)} ms (longest ${block.toFixed(2)}), prom-client ${theirs.toFixed(2)} ms, ratio ${(theirs / ours).toFixed(1)}`,
    );
  }
  return results;
}

async function compare(series) {
  const { registry, toPrometheus } = createMetrics({ service: 'bench', maxSeries: 20_000 });
  const own = registry.counter({ name: 'requests_total', help: 'x', labels: ['method', 'endpoint', 'status'] });
  const foreignRegistry = new prom.Registry();
  const foreign = new prom.Counter({
    name: 'requests_total',
    help: 'x',
    labelNames: ['method', 'endpoint', 'status'],
    registers: [foreignRegistry],
  });
  for (let at = 0; at < series; at++) {
    const labels = { method: 'GET', endpoint: `/api/${at}`, status: '200' };
    own.inc(labels, at);
    foreign.inc(labels, at);
  }
  const ours = [];
  const theirs = [];
  for (let round = -5; round < ROUNDS; round++) {
    const mine = await time(toPrometheus);
    const other = await time(() => foreignRegistry.metrics());
    if (round < 0) continue;
    ours.push(mine);
    theirs.push(other);
  }
  return { ours: median(ours), theirs: median(theirs), block: Math.max(...ours) };
}

async function time(work) {
  const startedAt = cpuNs();
  await work();
  return (cpuNs() - startedAt) / 1e6;
}
