// @ts-check
// Holds the checkout to its own rules; prints each fault and exits 1 when there is one.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { findArchitectureFaults, findNamedPaths, findVersionFaults } from './architecture.mjs';

const paths = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { encoding: 'utf8' })
  .split('\n')
  .filter((path) => path !== '' && existsSync(path));
/** @param {RegExp} pattern */
const read = (pattern) =>
  paths.filter((path) => pattern.test(path)).map((path) => ({ path, text: readFileSync(path, 'utf8') }));

const faults = [
  ...findArchitectureFaults(read(/\.(ts|tsx|mjs|cjs)$/)),
  ...read(/(^|\/)package\.json$/).flatMap(findVersionFaults),
  ...read(/^(?!.*(CHANGELOG|\/fixtures\/)).*\.md$/).flatMap((file) =>
    findNamedPaths(file)
      .filter((named) => !existsSync(named))
      .map((named) => `${file.path}: names ${named}, which does not exist`),
  ),
];
for (const fault of faults) process.stderr.write(`${fault}\n`);
process.stdout.write(`architecture: ${paths.length} files, ${faults.length} faults\n`);
process.exitCode = faults.length > 0 ? 1 : 0;
