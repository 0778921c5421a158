// Ten million records in a simulated hour: what stays in memory, and how long a report over 60 minutes takes.
import { spawnSync } from 'node:child_process';
import { createMetrics } from '@nps/oracle-metrics';
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

/** One operation's window and its three quantiles, without the rest of a report: five reports of 1 and of 11 operations. */
function benchWindow() {
  const reportOf = (operations) => {
    let nowMs = Date.UTC(2026, 1, 8);
    const metrics = createMetrics({ service: 'bench', now: () => nowMs });
    const durations = values(18_000);
    for (let minute = 0; minute < 60; minute++) {
      for (let at = 0; at < 300; at++) {
        for (let name = 0; name < operations; name++) metrics.record(`operation-${name}`, durations[minute * 300 + at]);
      }
      nowMs += 60_000;
    }
    return time(() => metrics.getMetrics());
  };
  const [one, eleven] = [reportOf(1), reportOf(11)];
  const perOperation = (eleven - one) / 10;
  line(
    `${perOperation.toFixed(0).padStart(10)} µs  each further operation of a report: 60 minutes and 5 minutes read, six quantiles (300 records a minute)`,
  );
  return perOperation;
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
