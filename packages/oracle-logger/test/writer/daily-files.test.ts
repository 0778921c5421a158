import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { waitFor } from '@nps/testing';
import { createLogger } from '../../src/index.js';
import { DailyFiles } from '../../src/writer/daily-files.js';
import { targets } from '../../src/writer/layout.js';
import { temporaryFolder } from '../log-file.js';

const today = () => new Date().toISOString().slice(0, 10);

describe('files by date', () => {
  it('hold every line of a burst after close, redacted, with a link to the live file', async () => {
    const folder = temporaryFolder();
    const logger = createLogger({ service: 'oracle', directory: folder.path, console: false, rotation: 'daily' });
    for (let n = 0; n < 10_000; n++) logger.info(`line ${n}`, { password: 'hunter22' });
    logger.error('broken');
    expect(logger.stats().heldBytes).toBeGreaterThanOrEqual(0);
    await logger.close();
    logger.info('too late');
    expect(logger.stats().dropped).toBe(1);
    const text = readFileSync(join(folder.path, `oracle-${today()}.log`), 'utf8');
    const records = text
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as { message: string; password?: string });
    expect(records).toHaveLength(10_001);
    expect(records[9_999]).toMatchObject({ message: 'line 9999', password: '[REDACTED]' });
    expect(readFileSync(join(folder.path, `oracle_errors-${today()}.log`), 'utf8')).toContain('"message":"broken"');
    expect(lstatSync(join(folder.path, 'oracle.log')).isSymbolicLink()).toBe(true);
    folder.remove();
  });

  it('go on in another file when the day’s is full', async () => {
    const folder = temporaryFolder();
    const files = new DailyFiles({
      directory: folder.path,
      fileName: 'x',
      errorFile: false,
      maxSizeBytes: 50_000,
      retentionDays: 2,
      onEvent: () => undefined,
    });
    for (let n = 0; n < 5_000; n++) files.write(`${String(n).padStart(49, '0')}\n`, targets.file);
    expect(files.isHung()).toBe(false);
    await files.close(5_000);
    await files.close(5_000);
    const names = readdirSync(folder.path).filter((name) => name.startsWith('x-'));
    expect(names.length).toBeGreaterThan(3);
    const lines = names.flatMap((name) => readFileSync(join(folder.path, name), 'utf8').split('\n').slice(0, -1));
    expect(lines.toSorted()).toEqual(Array.from({ length: 5_000 }, (_, n) => String(n).padStart(49, '0')));
    folder.remove();
  });

  it('get what was not handed on yet when the process exits', async () => {
    const folder = temporaryFolder();
    const files = new DailyFiles({
      directory: folder.path,
      fileName: 'x',
      errorFile: true,
      maxSizeBytes: 1e9,
      retentionDays: 2,
      onEvent: () => undefined,
    });
    files.write('first\n', targets.file);
    await waitFor(() => readdirSync(folder.path).some((name) => name.startsWith('x-')));
    files.write('last words\n', targets.file);
    files.exit();
    expect(readFileSync(join(folder.path, `x-${today()}.log`), 'utf8')).toContain('last words\n');
    await files.close(5_000);
    folder.remove();
  });
});
