// A scrape of 100, 1,000 and 10,000 series beside prom-client with the same counters and its own default metrics.
import { createMetrics } from '@nps/oracle-metrics';
import prom from 'prom-client';
import { cpuNs, median, medianRatio, quantile } from './measure.mjs';

const WARM_UP_ROUNDS = 20;
const ROUNDS = 200;

export async function benchExposition(section) {
  const results = [];
  for (const series of [100, 1000, 10_000]) results.push(await compare(series));
  section.table(
    `A scrape: CPU time, medians of ${ROUNDS} interleaved rounds after ${WARM_UP_ROUNDS}; then ${ROUNDS} of ours alone: how long each blocks the event loop`,
    ['series', 'ours, CPU ms', 'prom-client, CPU ms', 'ratio', 'block p50, ms', 'block p99', 'longest block'],
    results.map(({ series, ours, theirs, ratio, blocks }) => [
      series,
      median(ours),
      median(theirs),
      ratio,
      median(blocks),
      quantile(blocks, 0.99),
      Math.max(...blocks),
    ]),
  );
  const { ratio, blocks } = results.at(-1);
  section.bar('prom-client ÷ ours at 10,000 series', ratio, '×', { atLeast: 3 });
  section.bar('block by a scrape of 10,000 series, p99', quantile(blocks, 0.99), ' ms', { atMost: 10 });
}

async function compare(series) {
  const { registry, toPrometheus } = createMetrics({ service: 'bench', maxSeries: 20_000 });
  const own = registry.counter({ name: 'requests_total', help: 'x', labels: ['method', 'endpoint', 'status'] });
  const theirRegistry = new prom.Registry();
  prom.collectDefaultMetrics({ register: theirRegistry });
  const foreign = new prom.Counter({
    name: 'requests_total',
    help: 'x',
    labelNames: ['method', 'endpoint', 'status'],
    registers: [theirRegistry],
  });
  for (let at = 0; at < series; at++) {
    const labels = { method: 'GET', endpoint: `/api/${at}`, status: '200' };
    own.inc(labels, at);
    foreign.inc(labels, at);
  }
  const ours = [];
  const theirs = [];
  for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round++) {
    const mine = await time(toPrometheus);
    const other = await time(() => theirRegistry.metrics());
    if (round < 0) continue;
    ours.push(mine);
    theirs.push(other);
  }
  // Alone, so that the peer's garbage is not collected in our time.
  globalThis.gc?.();
  const blocks = Array.from({ length: ROUNDS }, () => blockOf(toPrometheus));
  return { series, ours, theirs, blocks, ratio: 1 / medianRatio(ours, theirs) };
}

async function time(work) {
  const startedNs = cpuNs();
  await work();
  return (cpuNs() - startedNs) / 1e6;
}

function blockOf(work) {
  const startedMs = performance.now();
  work();
  return performance.now() - startedMs;
}
