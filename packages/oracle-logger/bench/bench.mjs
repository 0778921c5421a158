// Measures this logger and its peers in one process run, interleaved, and compares medians of ratios with the bars of
// the specification. BENCH_LINES (200000) and BENCH_ROUNDS (5) make it shorter.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { candidates } from './peers.mjs';

const lines = Number(process.env.BENCH_LINES ?? 200_000);
const rounds = Number(process.env.BENCH_ROUNDS ?? 5);
const message = 'Reading completed for the user';

const fieldsOf = {
  simple: (n) => ({ user_id: `user-${n % 977}`, action: 'reading', duration_ms: n % 1500 }),
  nested: (n) => ({
    ...fieldsOf.simple(n),
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

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const quantile = (sorted, q) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))];

// Removed at the very end: some peers still open files after they said that they finished.
const folders = [];

function inFolder(use) {
  const folder = mkdtempSync(join(tmpdir(), 'logger-bench-'));
  folders.push(folder);
  return use(folder);
}

/** All lines at once, until they are on disk: thousand lines a second and CPU microseconds a line. */
const burst = (name, kind) =>
  inFolder(async (folder) => {
    const logger = await candidates[name](folder);
    await delay(80);
    globalThis.gc?.();
    const cpu = process.cpuUsage();
    const startedAt = performance.now();
    for (let n = 0; n < lines; n++) logger.log(message, fieldsOf[kind](n));
    await logger.close();
    const tookMs = performance.now() - startedAt;
    const { user, system } = process.cpuUsage(cpu);
    return { rate: lines / tookMs, cpuUs: (user + system) / lines };
  });

/** Batches with pauses, as services log: what one call costs its caller, and the event loop's delay. */
const paced = (name) =>
  inFolder(async (folder) => {
    const logger = await candidates[name](folder);
    await delay(80);
    const loop = monitorEventLoopDelay({ resolution: 1 });
    loop.enable();
    const costs = [];
    const cpu = process.cpuUsage();
    for (let batch = 0; batch < 400; batch++) {
      for (let n = 0; n < 50; n++) {
        const fields = fieldsOf.simple(n);
        const startedAt = process.hrtime.bigint();
        logger.log(message, fields);
        costs.push(Number(process.hrtime.bigint() - startedAt) / 1000);
      }
      await delay(1);
    }
    loop.disable();
    const { user, system } = process.cpuUsage(cpu);
    await logger.close();
    costs.sort((a, b) => a - b);
    return {
      p50: quantile(costs, 0.5),
      p99: quantile(costs, 0.99),
      p999: quantile(costs, 0.999),
      loopP99Ms: loop.percentile(99) / 1e6,
      cpuUs: (user + system) / costs.length,
    };
  });

async function interleave(names, measure) {
  const results = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) results[name].push(await measure(name));
  }
  return results;
}

const medianOf = (results, name, field) => median(results[name].map((result) => result[field]));

/** Median over the rounds of ours ÷ theirs: what disturbed a whole round is in both. */
const ratio = (results, name, field) =>
  median(results.ours.map((ours, round) => ours[field] / results[name][round][field]));

let missed = 0;
function bar(text, value, isReached, unit = '×') {
  if (!isReached) missed++;
  console.log(`  ${isReached ? 'reached' : 'MISSED '}  ${text}: ${value.toFixed(2)}${unit}`);
}

const fastestPino = (results) => Math.min(ratio(results, 'pino sync', 'rate'), ratio(results, 'pino async', 'rate'));

for (const kind of ['simple', 'nested']) {
  const names = Object.keys(candidates);
  const results = await interleave(names, (name) => burst(name, kind));
  console.log(`\n${kind}: ${lines} lines, medians of ${rounds} interleaved rounds`);
  for (const name of names) {
    const [rate, cpuUs] = [medianOf(results, name, 'rate'), medianOf(results, name, 'cpuUs')];
    console.log(
      `  ${name.padEnd(28)} ${rate.toFixed(0).padStart(6)} k lines/s  ${cpuUs.toFixed(2).padStart(6)} µs CPU/line`,
    );
  }
  const wants =
    kind === 'simple'
      ? { pino: 3, redact: 5, hand: 0.45, cpu: 1 / 2.5 }
      : { pino: 1.8, redact: 3, hand: 0.33, cpu: 1 / 1.7 };
  bar(`fastest plain pino ≥ ${wants.pino}`, fastestPino(results), fastestPino(results) >= wants.pino);
  const redactName = kind === 'simple' ? 'pino redact of equal power' : 'pino redact';
  bar(
    `${redactName} ≥ ${wants.redact}`,
    ratio(results, redactName, 'rate'),
    ratio(results, redactName, 'rate') >= wants.redact,
  );
  if (kind === 'simple') {
    bar('winston File ≥ 8', ratio(results, 'winston File', 'rate'), ratio(results, 'winston File', 'rate') >= 8);
    bar(
      'winston daily-rotate ≥ 4',
      ratio(results, 'winston daily-rotate', 'rate'),
      ratio(results, 'winston daily-rotate', 'rate') >= 4,
    );
  }
  bar(
    `hand limit ≥ ${wants.hand}`,
    ratio(results, 'hand limit', 'rate'),
    ratio(results, 'hand limit', 'rate') >= wants.hand,
  );
  bar(
    `CPU a line of pino async ≤ ${wants.cpu.toFixed(2)}`,
    ratio(results, 'pino async', 'cpuUs'),
    ratio(results, 'pino async', 'cpuUs') <= wants.cpu,
  );
}

const calm = await interleave(['ours', 'pino async', 'pino sync', 'winston File'], paced);
console.log('\npaced: 50 lines a millisecond; one call in µs, the event loop in ms');
for (const name of Object.keys(calm)) {
  const [p50, p99, p999, loop] = ['p50', 'p99', 'p999', 'loopP99Ms'].map((field) =>
    medianOf(calm, name, field).toFixed(2),
  );
  console.log(`  ${name.padEnd(28)} p50 ${p50}  p99 ${p99}  p99.9 ${p999}  loop p99 ${loop}`);
}
bar('caller p50 of pino async ≤ 0.4', ratio(calm, 'pino async', 'p50'), ratio(calm, 'pino async', 'p50') <= 0.4);
bar('caller p99.9 of pino async ≤ 0.6', ratio(calm, 'pino async', 'p999'), ratio(calm, 'pino async', 'p999') <= 0.6);

await inFolder(async (folder) => {
  const logger = candidates.ours(folder);
  const times = [];
  for (let round = 0; round < 7; round++) {
    const startedAt = performance.now();
    for (let n = 0; n < 1_000_000; n++) logger.debug('not wanted');
    times.push(performance.now() - startedAt);
  }
  await logger.close();
  bar('a disabled level ≤ 15 ns', Math.min(...times), Math.min(...times) <= 15, ' ns');
});

await inFolder(async (folder) => {
  const count = 1_000_000;
  const logger = candidates.ours(folder);
  let worstMs = 0;
  for (let n = 0; n < count; n++) {
    const startedAt = performance.now();
    logger.log(message, { n });
    worstMs = Math.max(worstMs, performance.now() - startedAt);
  }
  await logger.close();
  const rssMb = process.memoryUsage.rss() / 1e6;
  const files = readdirSync(folder).filter((name) => name.startsWith('oracle.log'));
  const numbers = files
    .toSorted((a, b) => Number(b.slice(11) || 0) - Number(a.slice(11) || 0))
    .flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n').slice(0, -1))
    .map((line) => JSON.parse(line).n);
  const isWhole =
    numbers.at(-1) === count - 1 && numbers.every((n, index) => index === 0 || n === numbers[index - 1] + 1);
  console.log(
    `\na million lines: ${files.length} files, ${numbers.length} lines kept, worst call ${worstMs.toFixed(1)} ms`,
  );
  bar('lost or torn', logger.stats().dropped + (isWhole ? 0 : 1), logger.stats().dropped === 0 && isWhole, '');
  bar('files = 6', files.length, files.length === 6, '');
  bar('memory ≤ 200 MB', rssMb, rssMb <= 200, ' MB');
});

for (const folder of folders) rmSync(folder, { recursive: true, force: true });
console.log(missed === 0 ? '\nAll bars reached.' : `\n${missed} bars missed.`);
