// What takes too long for the tests: twenty restarts of 60 MB each over files of full size, and every hostile value in a
// process of its own with 512 MB.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createLogger } from '@nps/oracle-logger';
import { benchSection } from '@nps/testing';
import { newFolder, removeFolders } from './measures.mjs';

const section = benchSection('logger-soak');
const folder = newFolder();
const lineBytes = 300;
const filler = 'x'.repeat(lineBytes - 150);
let logged = 0;
for (let restart = 0; restart < 20; restart++) {
  const logger = createLogger({ service: 'oracle', directory: folder, console: false });
  for (let bytes = 0; bytes < 60_000_000; bytes += lineBytes) {
    logger.info('Reading completed', { n: logged++, filler });
    if (logged % 2000 === 0) await new Promise(setImmediate);
  }
  await logger.close();
}
const files = readdirSync(folder).filter((name) => name.startsWith('oracle.log'));
const bytes = files.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
const last = JSON.parse(readFileSync(join(folder, 'oracle.log'), 'utf8').trimEnd().split('\n').at(-1));
section.bar('20 restarts × 60 MB: files', files.length, '', { atMost: 6 });
section.bar('20 restarts × 60 MB: megabytes left', bytes / 1e6, ' MB', { atMost: 60 });
section.bar('20 restarts × 60 MB: lines missing at the end', logged - 1 - last.n, '', { atMost: 0 });
removeFolders();

const jest = ['--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js', 'test/hostile-processes'];
const { status } = spawnSync(process.execPath, [...jest, '--testTimeout=900000'], {
  stdio: 'inherit',
  env: { ...process.env, HOSTILE_PER_PROCESS: '1' },
});
section.bar('hostile values that end a process of 512 MB of their own', status === 0 ? 0 : 1, '', { atMost: 0 });
section.finish();
