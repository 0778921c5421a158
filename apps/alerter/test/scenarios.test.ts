import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';

const RUNNER = join(dirname(fileURLToPath(import.meta.url)), 'scenarios/run.mjs');

/** The runner needs a build; it prints what failed and ends with 1 when something did. */
async function runScenarios(...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [RUNNER, ...args], { maxBuffer: 10_000_000 });
  return stdout;
}

describe('the shipped alerter on a fake clock', () => {
  it('does what every scenario asks, ours and those handed to us', async () => {
    expect(await runScenarios()).toMatch(/^\d{2,} passed, 0 failed\n$/);
  }, 180_000);

  it('is noticed when one of its rules is broken on purpose', async () => {
    const one = ['A003', 'A007', 'A030', 'A040', 'A043', 'A061', 'B029', 'B030'];
    expect(await runScenarios('--broken', '--only', one.join())).toMatch(/\n8 noticed, 0 unnoticed\n$/);
  }, 180_000);
});
