// @ts-check
// `npm test`: everything CI runs, in order, all of it even when something fails; ends with "N passed, N failed".
import { spawnSync } from 'node:child_process';
import { readResults, removeResults } from './results.mjs';

const root = process.cwd();
const env = { ...process.env, TURBO_TELEMETRY_DISABLED: '1' };
const turbo = ['turbo', 'run', '--continue', '--output-logs=errors-only', '--log-order=grouped', '--concurrency=2'];

/** @type {readonly [name: string, command: string, args: readonly string[]][]} */
const STEPS = [
  ['architecture', process.execPath, ['development/checks/src/check-architecture.mjs']],
  [
    'build, types, lint, suites',
    turbo[0] ?? '',
    [...turbo.slice(1), 'build', 'typecheck', 'lint', 'test', '--filter=!@nps/e2e'],
  ],
  [
    'end to end',
    'turbo',
    ['run', 'test', 'typecheck', 'lint', '--filter=@nps/e2e', '--output-logs=full', '--log-prefix=none'],
  ],
];

removeResults(root);
const failedSteps = STEPS.filter(([name, command, args]) => {
  const startedAt = performance.now();
  const { status, error } = spawnSync(command, args, { stdio: 'inherit', env });
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  process.stdout.write(
    `${status === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)${error ? `: ${error.message}` : ''}\n\n`,
  );
  return status !== 0;
}).map(([name]) => name);

const results = readResults(root);
for (const { folder, passed, failed, skipped } of results) {
  process.stdout.write(
    `${folder.padEnd(32)} ${String(passed).padStart(5)} passed ${String(failed).padStart(3)} failed ${skipped ? `${skipped} skipped` : ''}\n`,
  );
}
// Said again here, because the end of a long output is what is looked at first.
for (const { folder, failures } of results) {
  for (const { name, lines } of failures)
    process.stdout.write(`\n● ${folder}: ${name}\n${lines.map((line) => `    ${line}\n`).join('')}`);
}
/** @param {'passed' | 'failed'} field */
const sum = (field) => results.reduce((total, result) => total + result[field], 0);
// A step may fail though every test passed: a type, a lint rule, a coverage gate, a broken build.
const failed = Math.max(sum('failed'), failedSteps.length);
if (failedSteps.length > 0) process.stdout.write(`failed: ${failedSteps.join(', ')}\n`);
process.stdout.write(`${sum('passed')} passed, ${failed} failed\n`);
process.exitCode = failed > 0 ? 1 : 0;
