// Measures this logger and its peers in one process run, interleaved, and compares medians of ratios with the bars of
// the specification. BENCH_LINES (200000) and BENCH_ROUNDS (7) make it shorter.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { benchSection } from '@nps/testing';
import { arrangements, burst, calls, newFolder, paced, removeFolders, worstCall } from './measures.mjs';
import { candidates } from './peers.mjs';

const lines = Number(process.env.BENCH_LINES ?? 200_000);
const rounds = Number(process.env.BENCH_ROUNDS ?? 7);
const PROCESSES = 5;

const section = benchSection('logger');

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

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

const fastestPino = (results) => Math.min(ratio(results, 'pino sync', 'rate'), ratio(results, 'pino async', 'rate'));

/** The peers' redaction must hide what ours hides here, or the comparison is none. */
async function checkEqualPower() {
  const secret = 'opensesame1234';
  const token = ['gh', 'p_', 'a1B2'.repeat(9)].join('');
  for (const name of ['ours', 'pino redact of equal power']) {
    const folder = newFolder();
    const logger = await candidates[name](folder);
    logger.log(`token=${secret} for ${token}`, {
      deep: { list: [{ password: secret, note: `Bearer ${secret}` }], url: `postgres://u:${secret}@h/d`, note: token },
    });
    logger.log('An error', { err: new Error(`cannot use ${token}`) });
    await logger.close();
    const file = readFileSync(join(folder, name === 'ours' ? 'oracle.log' : 'a.log'), 'utf8');
    if (file.includes(secret) || file.includes(token)) throw new Error(`${name} leaks, so it is no redaction: ${file}`);
  }
}

async function compareBursts(kind, want) {
  const names = Object.keys(candidates);
  const results = await interleave(names, (name) => burst(name, kind, lines));
  section.table(
    `${kind}: a burst of ${lines} lines to disk, medians of ${rounds} interleaved rounds`,
    ['logger', 'k lines/s', 'CPU µs/line'],
    names.map((name) => [name, medianOf(results, name, 'rate'), medianOf(results, name, 'cpuUs')]),
  );
  section.bar(`${kind}: rate ÷ the fastest plain pino`, fastestPino(results), '×', { atLeast: want.pino });
  for (const [name, atLeast] of Object.entries(want.peers)) {
    section.bar(`${kind}: rate ÷ ${name}`, ratio(results, name, 'rate'), '×', { atLeast });
  }
  section.bar(`${kind}: CPU a line ÷ pino async`, ratio(results, 'pino async', 'cpuUs'), '×', { atMost: want.cpu });
}

async function compareCalls() {
  const names = ['ours', 'pino sync', 'pino async', 'winston File'];
  const rates = await interleave(names.slice(0, 3), (name) => paced(name, lines));
  section.bar('paced: rate ÷ the fastest plain pino', fastestPino(rates), '×', { atLeast: 2.2 });
  const results = await interleave(names, (name) => calls(name, 400));
  section.table(
    'one call in µs at 50 lines a millisecond, and the event loop’s delay in ms',
    ['logger', 'p50', 'p99', 'p99.9', 'p99.99', 'loop p99'],
    names.map((name) =>
      [name].concat(['p50', 'p99', 'p999', 'p9999', 'loopP99Ms'].map((f) => medianOf(results, name, f))),
    ),
  );
  section.bar('caller p50 ÷ pino async', ratio(results, 'pino async', 'p50'), '×', { atMost: 0.4 });
  section.bar('caller p99.9 ÷ pino async', ratio(results, 'pino async', 'p999'), '×', { atMost: 0.6 });
  section.bar('caller p99.99', medianOf(results, 'ours', 'p9999') / 1000, ' ms', { atMost: 10 });
}

async function measureDisabledLevel() {
  const logger = candidates.ours(newFolder());
  const times = [];
  for (let round = 0; round < 7; round++) {
    const startedAt = performance.now();
    for (let n = 0; n < 1_000_000; n++) logger.debug('not wanted');
    times.push(performance.now() - startedAt);
  }
  await logger.close();
  section.bar('a disabled level', Math.min(...times), ' ns', { atMost: 15 });
}

/** What a script says in JSON, in several processes of its own. */
function inProcesses(name, ...args) {
  const script = fileURLToPath(new URL(name, import.meta.url));
  const run = () => JSON.parse(execFileSync(process.execPath, [script, ...args], { encoding: 'utf8' }));
  return Array.from({ length: PROCESSES }, run);
}

function measureFirstCalls() {
  const runs = inProcesses('first-calls.mjs');
  const of = (name) => median(runs.map((run) => run[name]));
  section.figure('the first createLogger of a process', of('createMs'), ' ms');
  section.bar('the first line of a process', of('lineMs'), ' ms', { atMost: 10 });
  section.bar('the first error of a process', of('errorMs'), ' ms', { atMost: 10 });
}

function measureMillion() {
  const runs = inProcesses('million.mjs');
  const all = (name) => runs.map((run) => run[name]);
  section.figure(`a million lines, median of ${PROCESSES}`, median(all('seconds')), ' s');
  section.bar('a million lines: lost or torn, at most', Math.max(...all('lost')), '', { atMost: 0 });
  section.bar('a million lines: files, at most', Math.max(...all('files')), '', { atMost: 6 });
  section.bar('a million lines: peak memory of the process', Math.max(...all('peakMb')), ' MB', { atMost: 200 });
  section.bar('a million lines: p99.99 of a call', median(all('p9999Ms')), ' ms', { atMost: 10 });
  // A shared machine takes the core away now and then, for longer than any call takes: so beside the least one can do.
  const least = inProcesses('million.mjs', 'hand limit').map(({ worstMs }) => worstMs);
  section.figure(`a million lines: worst call, median of ${PROCESSES}`, median(all('worstMs')), ' ms');
  section.figure(`the same of the hand limit, median of ${PROCESSES}`, median(least), ' ms');
}

async function measureFaults() {
  const worst = await interleave(Object.keys(arrangements), worstCall);
  for (const [fault, times] of Object.entries(worst)) {
    section.bar(`worst of 60,000 calls with ${fault}, median`, median(times), ' ms', { atMost: 10 });
  }
}

await checkEqualPower();
await compareBursts('simple', {
  pino: 3,
  peers: { 'pino redact of equal power': 5, 'winston File': 8, 'winston daily-rotate': 4, 'hand limit': 0.45 },
  cpu: 1 / 2.5,
});
await compareBursts('nested', { pino: 1.8, peers: { 'pino redact': 3, 'hand limit': 0.33 }, cpu: 1 / 1.7 });
await compareCalls();
await measureDisabledLevel();
measureFirstCalls();
measureMillion();
await measureFaults();
removeFolders();
section.finish();
