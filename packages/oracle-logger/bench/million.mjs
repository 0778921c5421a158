// A million lines in a process of their own, whose memory is that of the logger alone; prints its findings as JSON.
// The hand limit (as argument) shows what the machine itself takes.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fieldsOf, message, newFolder, ready, removeFolders } from './measures.mjs';
import { candidates } from './peers.mjs';

const count = 1_000_000;
const folder = newFolder();
const logger = candidates[process.argv[2] ?? 'ours'](folder);
await ready();
/** Calls that took longer than 0.1 ms. */
const slowMs = [];
const startedAt = performance.now();
for (let n = 0; n < count; n++) {
  const fields = fieldsOf.simple(n);
  // Not by a spread: Node 20 gives every such object a hidden class of its own, whose collection is what would be measured.
  fields.n = n;
  const calledAt = performance.now();
  logger.log(message, fields);
  const tookMs = performance.now() - calledAt;
  if (tookMs > 0.1) slowMs.push(tookMs);
}
await logger.close();
const seconds = (performance.now() - startedAt) / 1000;
// Not resourceUsage's maximum: a process inherits that of its parent.
const peakMb = Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))[1]) / 1000;
slowMs.sort((a, b) => b - a);
const calls = { worstMs: slowMs[0] ?? 0.1, p9999Ms: slowMs[count / 10_000] ?? 0.1 };
process.stdout.write(JSON.stringify({ seconds, peakMb, ...calls, ...(logger.stats === undefined ? {} : inspect()) }));
removeFolders();

function inspect() {
  const files = readdirSync(folder).filter((name) => name.startsWith('oracle.log'));
  const numbers = files
    .toSorted((a, b) => Number(b.slice(11) || 0) - Number(a.slice(11) || 0))
    .flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n').slice(0, -1))
    .map((line) => JSON.parse(line).n);
  const gaps = numbers.filter((n, index) => index > 0 && n !== numbers[index - 1] + 1).length;
  const lost = logger.stats().dropped + gaps + (numbers.at(-1) === count - 1 ? 0 : 1);
  return { files: files.length, lost };
}
