// Ten million records in a simulated hour: what stays in memory, and how long a report over 60 minutes takes.
import { spawnSync } from 'node:child_process';
import { createMetrics } from '@nps/oracle-metrics';
import { Operation } from '../dist/esm/operations/operation.js';
import { cpuNs, line, median, values } from './measure.mjs';

const RECORDS = 10_000_000;
const HOUR_MS = 3_600_000;

/** In a process of its own, so that no other garbage is in the figure. */
export function benchMemoryAndReads() {
  const child = spawnSync(
    process.execPath,
    ['--expose-gc', '--no-flush-bytecode', new URL(import.meta.url).pathname, 'measure'],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      encoding: 'utf8',
    },
  );
  const lines = child.stdout.trimEnd().split('\n');
  line(`\n${lines.slice(0, -1).join('\n')}`);
  return JSON.parse(lines.at(-1));
}

/** The figure is the mean of this many operations, so that the engine's own coming and going does not drown it. */
const OPERATIONS = 5;

function measure() {
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
  const bytes = (held() - before) / OPERATIONS;
  line('10 million records in an hour, of each of five operations');
  line(`${ns.toFixed(1).padStart(10)} ns a record, clock and sealing included`);
  line(`${(bytes / 1024).toFixed(1).padStart(10)} KB held by an operation`);
  return { bytes, readUs: benchWindow() };
}

/** What one operation adds to a report: its last 60 minutes merged, and three quantiles of them. */
function benchWindow() {
  const operation = new Operation('reading', 120);
  const durations = values(18_000);
  const firstSlot = Date.UTC(2026, 1, 8) / 10_000;
  durations.forEach((ms, at) => operation.record(firstSlot + Math.floor(at / 50), ms / 1000, false));
  const slot = firstSlot + 360;
  const read = time(() => {
    const { sketch } = operation.within(HOUR_MS, slot);
    return [0.5, 0.95, 0.99].map((q) => sketch.quantile(q));
  });
  line(`${read.toFixed(0).padStart(10)} µs to read 60 minutes and three quantiles of them (300 records a minute)`);
  return read;
}

function time(work) {
  for (let warm = 0; warm < 30; warm++) work();
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

if (process.argv[2] === 'measure') line(JSON.stringify(measure()));
