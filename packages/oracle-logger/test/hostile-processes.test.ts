import { execFile, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { hostileValues } from './hostile-values.js';
import { temporaryFolder } from './log-file.js';

const run = promisify(execFile);

/** HOSTILE_PER_PROCESS=1, as the soak sets it, gives each value a process of its own. */
const perProcess = Number(process.env['HOSTILE_PER_PROCESS'] ?? 12);

describe('hostile values in processes of their own, with 512 MB', () => {
  it('end none of them and become one valid line each', async () => {
    const out = resolve('coverage/hostile');
    const tsc = [
      'test/hostile-values.ts',
      '--outDir',
      out,
      '--module',
      'nodenext',
      '--target',
      'es2022',
      '--types',
      'node',
    ];
    spawnSync('npx', ['tsc', ...tsc, '--ignoreConfig'], { stdio: 'ignore' });
    const failures: string[] = [];
    for (let first = 0; first < hostileValues.length; first += perProcess) {
      const folder = temporaryFolder();
      const count = Math.min(perProcess, hostileValues.length - first);
      const args = ['--max-old-space-size=512', 'test/fixtures/hostile-process.mjs', `${out}/hostile-values.js`];
      try {
        await run(process.execPath, [...args, folder.path, String(first), String(count)], { timeout: 120_000 });
        const lines = readFileSync(`${folder.path}/oracle.log`, 'utf8').trimEnd().split('\n');
        for (const line of lines) JSON.parse(line);
        expect(lines).toHaveLength(3 * count);
      } catch (error) {
        failures.push(`${hostileValues[first]?.name} and on: ${String(error)}`);
      }
      folder.remove();
    }
    expect(failures).toEqual([]);
  }, 300_000);
});
