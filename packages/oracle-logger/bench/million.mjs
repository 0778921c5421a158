// A million lines in a process of their own, whose memory is that of the logger alone; prints its findings as JSON.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fieldsOf, message, newFolder, ready, removeFolders } from './measures.mjs';
import { candidates } from './peers.mjs';

const count = 1_000_000;
const folder = newFolder();
const logger = candidates.ours(folder);
await ready();
let worstMs = 0;
const startedAt = performance.now();
for (let n = 0; n < count; n++) {
  const fields = fieldsOf.simple(n);
  // Not by a spread: Node 20 gives every such object a hidden class of its own, whose collection is what would be measured.
  fields.n = n;
  const calledAt = performance.now();
  logger.log(message, fields);
  worstMs = Math.max(worstMs, performance.now() - calledAt);
}
await logger.close();
const seconds = (performance.now() - startedAt) / 1000;
const peakMb = process.resourceUsage().maxRSS / 1000;
const files = readdirSync(folder).filter((name) => name.startsWith('oracle.log'));
const numbers = files
  .toSorted((a, b) => Number(b.slice(11) || 0) - Number(a.slice(11) || 0))
  .flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n').slice(0, -1))
  .map((line) => JSON.parse(line).n);
const gaps = numbers.filter((n, index) => index > 0 && n !== numbers[index - 1] + 1).length;
const lost = logger.stats().dropped + gaps + (numbers.at(-1) === count - 1 ? 0 : 1);
process.stdout.write(JSON.stringify({ seconds, peakMb, worstMs, files: files.length, lost }));
removeFolders();
