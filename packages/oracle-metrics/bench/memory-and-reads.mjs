// Ten million records in a simulated hour: what stays in memory, and how long a report over 60 minutes takes.
import { spawnSync } from 'node:child_process';
import { createServer } from 'node:http';
import { createMetrics, metricsEndpoint } from '@nps/oracle-metrics';
import { Operation } from '../dist/esm/operations/operation.js';
import { cpuNs, median, values } from './measure.mjs';

const RECORDS = 10_000_000;
const HOUR_MS = 3_600_000;

/** The figure is the mean of this many operations, so that the engine's own coming and going does not drown it. */
const OPERATIONS = 5;

export function benchMemoryAndReads(section) {
  const { bytes, ns } = inOwnProcess('operations');
  const { bytes: dequeBytes } = inOwnProcess('deque');
  const { bytes: serviceBytes, rssBytes } = inOwnProcess('service');
  section.table(
    'What stays in memory after ten million records in an hour',
    ['design', 'MB'],
    [
      ['one operation: running slot, 60 … 120 sealed minutes, all since the start', bytes / 1048576],
      ['deque of { at, value }', dequeBytes / 1048576],
    ],
  );
  section.figure('a record by name at that pace, clock and sealing included', ns, ' ns');
  section.bar('memory of an operation at 10 million records an hour', bytes / 1024, ' KB', { atMost: 128 });
  section.bar(
    'heap and buffers of the library in a service (20 operations, 2,000 series)',
    serviceBytes / 1048576,
    ' MB',
    {
      atMost: 15,
    },
  );
  section.figure('the same as growth of resident memory, code included', rssBytes / 1048576, ' MB');
  section.bar('60 minutes of 300 records merged, and three quantiles of them', benchWindow(), ' µs', { atMost: 100 });
}

/** So that no other garbage is in the figure. */
function inOwnProcess(what) {
  const child = spawnSync(
    process.execPath,
    ['--expose-gc', '--no-flush-bytecode', new URL(import.meta.url).pathname, what],
    { stdio: ['ignore', 'pipe', 'inherit'], encoding: 'utf8' },
  );
  return JSON.parse(child.stdout);
}

function measureOperations() {
  const startMs = Date.UTC(2026, 1, 8);
  let nowMs = startMs;
  const durations = values(100_000);
  const metrics = createMetrics({ service: 'bench', now: () => nowMs });
  const names = Array.from({ length: OPERATIONS }, (_, at) => `operation-${at}`);
  const recordHour = (fromMs, records) => {
    const startedAt = cpuNs();
    for (let at = 0; at < records; at++) {
      nowMs = fromMs + (at / records) * HOUR_MS;
      for (const name of names) metrics.record(name, durations[at % durations.length]);
    }
    return (cpuNs() - startedAt) / records / OPERATIONS;
  };
  // The same work first, which is then all forgotten: what stays grown in the engine is not ours.
  recordHour(startMs - 10 * HOUR_MS, 500_000);
  nowMs = startMs;
  for (let warm = 0; warm < 50; warm++) metrics.getMetrics();
  const before = held();
  const ns = recordHour(startMs, RECORDS);
  return { bytes: (held() - before) / OPERATIONS, ns };
}

function measureDeque() {
  const durations = values(100_000);
  const before = held();
  const samples = [];
  for (let at = 0; at < RECORDS; at++) samples.push({ at: at + 0.5, value: durations[at % durations.length] });
  return { bytes: held() - before, last: samples.length };
}

/** A busy service after two hours: what it pays for its metrics. */
async function measureService() {
  const startMs = Date.UTC(2026, 1, 8);
  let nowMs = startMs;
  const before = held();
  const rssBefore = process.memoryUsage().rss;
  const metrics = createMetrics({ service: 'bench', now: () => nowMs });
  const server = createServer(metricsEndpoint(metrics));
  metrics.startWatching();
  const requests = metrics.registry.counter({ name: 'requests_total', help: 'x', labels: ['endpoint', 'status'] });
  const durations = values(100_000);
  for (let at = 0; at < 2_000_000; at++) {
    nowMs = startMs + at * 3.6;
    metrics.record(`operation-${at % 20}`, durations[at % durations.length]);
    if (at % 100 === 0) {
      requests.inc({ endpoint: `/api/${(at / 100) % 500}`, status: 200 + (at % 4) });
      metrics.userSeen(`user-${at % 70_000}`);
      metrics.recordError(`TYPE_${at % 50}`);
      metrics.recordTokens({ model: 'claude-haiku-4-5', input: 100, output: 10 });
    }
    if (at % 100_000 === 0) metrics.toPrometheus();
  }
  metrics.getMetrics({ minutesSince: new Date(0) });
  const bytes = held() - before;
  metrics.stopWatching();
  return { bytes, rssBytes: process.memoryUsage().rss - rssBefore, listening: server.listening };
}

/** What one operation adds to a report: its last 60 minutes merged, and three quantiles of them. In microseconds. */
function benchWindow() {
  const operation = new Operation('reading', 120);
  const durations = values(18_000);
  const firstSlot = Date.UTC(2026, 1, 8) / 10_000;
  durations.forEach((ms, at) => operation.record(firstSlot + Math.floor(at / 50), ms / 1000, false));
  const slot = firstSlot + 360;
  return time(() => {
    const { sketch } = operation.within(HOUR_MS, slot);
    return [0.5, 0.95, 0.99].map((q) => sketch.quantile(q));
  });
}

function time(work) {
  for (let warm = 0; warm < 300; warm++) work();
  const rounds = Array.from({ length: 31 }, () => {
    const startedAt = cpuNs();
    for (let run = 0; run < 20; run++) work();
    return (cpuNs() - startedAt) / 20_000;
  });
  return median(rounds);
}

function held() {
  globalThis.gc();
  globalThis.gc();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

const children = { operations: measureOperations, deque: measureDeque, service: measureService };
const child = children[process.argv[2]];
if (child !== undefined) process.stdout.write(JSON.stringify(await child()));
