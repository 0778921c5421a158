// The first log calls of a process of their own, where nothing is compiled yet; prints what they cost in ms as JSON.
import { performance } from 'node:perf_hooks';
import { fieldsOf, message, newFolder, ready, removeFolders } from './measures.mjs';
import { candidates } from './peers.mjs';

function timed(run) {
  const startedAt = performance.now();
  const result = run();
  return [performance.now() - startedAt, result];
}

const folder = newFolder();
const [createMs, logger] = timed(() => candidates.ours(folder));
await ready();
const [lineMs] = timed(() => logger.log(message, fieldsOf.nested(1)));
const [errorMs] = timed(() => logger.log(message, { error: new Error('Cannot reach redis://:pass@host?token=1') }));
await logger.close();
process.stdout.write(JSON.stringify({ createMs, lineMs, errorMs }));
removeFolders();
