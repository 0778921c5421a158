// How one candidate is measured; every measure writes real files in a folder of its own.
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises';
import { candidates } from './peers.mjs';

export const message = 'Reading completed for the user';

const simple = (n) => ({ user_id: `user-${n % 977}`, action: 'reading', duration_ms: n % 1500 });

/** Fields of a line: few, or with an object of ten fields and two secrets. */
export const fieldsOf = {
  simple,
  // Written out: a spread would cost more than the loggers that are measured.
  nested: (n) => ({
    user_id: `user-${n % 977}`,
    action: 'reading',
    duration_ms: n % 1500,
    request: {
      method: 'POST',
      path: '/api/oracle/reading',
      status: 200,
      bytes: 1234,
      cached: false,
      region: 'eu-west-1',
      attempt: 1,
      queue: 'default',
      password: 'hunter2secret',
      api_key: 'abcdef',
    },
  }),
};

const folders = [];

export function newFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'logger-bench-'));
  folders.push(folder);
  return folder;
}

/** At the very end: some peers still open files after they said that they finished. */
export function removeFolders() {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
}

/** Until threads have started: nobody logs a burst in the first milliseconds of a process. */
export const ready = () => delay(80);

/** Lines before the measured ones: what a service runs all day is compiled. */
const WARM_LINES = 20_000;

/**
 * A logger of this name, ready and warm: one like it has worked and ended before. Nobody collects garbage by force: that
 * throws away compiled code too, the more of it the more a logger does.
 */
async function start(name, kind = 'simple', folder = newFolder()) {
  const warmer = await candidates[name](newFolder());
  for (let n = 0; n < WARM_LINES; n++) {
    warmer.log(message, fieldsOf[kind](n));
    if (n % 100 === 99) await nextTurn();
  }
  await warmer.close();
  const logger = await candidates[name](folder);
  await ready();
  return logger;
}

/** All lines at once, until they are on disk: thousand lines a second and CPU microseconds a line. */
export async function burst(name, kind, lines) {
  const logger = await start(name, kind);
  const cpu = process.cpuUsage();
  const startedAt = performance.now();
  for (let n = 0; n < lines; n++) logger.log(message, fieldsOf[kind](n));
  await logger.close();
  const tookMs = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(cpu);
  return { rate: lines / tookMs, cpuUs: (user + system) / lines };
}

/** A hundred lines, then a turn of the event loop, as a busy server logs: thousand lines a second until all is on disk. */
export async function paced(name, lines) {
  const logger = await start(name);
  const startedAt = performance.now();
  for (let n = 0; n < lines; n++) {
    logger.log(message, fieldsOf.simple(n));
    if (n % 100 === 99) await nextTurn();
  }
  await logger.close();
  return { rate: lines / (performance.now() - startedAt) };
}

/** Fifty lines a millisecond: what one call costs its caller in microseconds, and the event loop's delay. */
export async function calls(name, batches) {
  const logger = await start(name);
  const loop = monitorEventLoopDelay({ resolution: 1 });
  loop.enable();
  const costs = [];
  for (let batch = 0; batch < batches; batch++) {
    for (let n = 0; n < 50; n++) {
      const fields = fieldsOf.simple(n);
      const startedAt = process.hrtime.bigint();
      logger.log(message, fields);
      costs.push(Number(process.hrtime.bigint() - startedAt) / 1000);
    }
    await delay(1);
  }
  loop.disable();
  await logger.close();
  costs.sort((a, b) => a - b);
  const at = (q) => costs[Math.floor(costs.length * q)];
  return { p50: at(0.5), p99: at(0.99), p999: at(0.999), p9999: at(0.9999), loopP99Ms: loop.percentile(99) / 1e6 };
}

/** The worst of 60,000 calls in milliseconds while a disk is full, a folder is gone, or a file never takes anything. */
export async function worstCall(fault) {
  const folder = newFolder();
  const logger = await start('ours', 'nested', folder);
  arrangements[fault](folder);
  let worstMs = 0;
  for (let n = 0; n < 60_000; n++) {
    const fields = fieldsOf.nested(n);
    const startedAt = performance.now();
    logger.log(message, fields);
    worstMs = Math.max(worstMs, performance.now() - startedAt);
    if (n % 1000 === 0) await nextTurn();
  }
  await logger.close();
  return worstMs;
}

export const arrangements = {
  'a full disk': (folder) => symlinkSync('/dev/full', join(folder, 'oracle.log')),
  'a removed folder': (folder) => rmSync(folder, { recursive: true }),
  'a folder in the way': (folder) => {
    rmSync(folder, { recursive: true });
    symlinkSync('/nowhere/at/all', folder);
  },
};
