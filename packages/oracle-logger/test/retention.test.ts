import { readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { cleanupOldBackups, cleanupOldLogs } from '../src/index.js';
import { temporaryFolder } from './log-file.js';

describe('retention', () => {
  const folder = { path: '', remove: () => undefined as void };

  beforeEach(() => void Object.assign(folder, temporaryFolder()));
  afterEach(() => folder.remove());

  function file(name: string, ageDays: number): void {
    const path = join(folder.path, name);
    writeFileSync(path, 'x');
    const atSeconds = Date.now() / 1000 - ageDays * 86_400;
    utimesSync(path, atSeconds, atSeconds);
  }

  it('removes rotated and dated log files that are too old, and no live or foreign file', async () => {
    for (const name of ['oracle.log', 'notes.txt', 'oracle_errors.log']) file(name, 90);
    for (const name of ['oracle.log.1', 'oracle-2026-01-01.log', 'oracle.log.2.gz', 'api-2026-01-01.log.gz'])
      file(name, 31);
    for (const name of ['oracle.log.3', 'oracle-2026-02-01.log']) file(name, 29);
    const cleanup = await cleanupOldLogs({ directory: folder.path, maxAgeDays: 30 });
    expect(cleanup).toEqual({ removed: expect.any(Array), kept: 2 });
    expect(cleanup.removed).toHaveLength(4);
    expect(readdirSync(folder.path).toSorted()).toEqual([
      'notes.txt',
      'oracle-2026-02-01.log',
      'oracle.log',
      'oracle.log.3',
      'oracle_errors.log',
    ]);
    expect(await cleanupOldLogs({ directory: folder.path })).toMatchObject({ removed: [] });
  });

  it('keeps the newest database dumps only', async () => {
    for (let age = 0; age < 15; age++) file(`nps-${age}.sql.gz`, age);
    file('readme.md', 100);
    await cleanupOldBackups({ directory: folder.path, keep: 3 });
    expect(readdirSync(folder.path).toSorted()).toEqual(['nps-0.sql.gz', 'nps-1.sql.gz', 'nps-2.sql.gz', 'readme.md']);
    expect(await cleanupOldBackups({ directory: folder.path })).toEqual({ removed: [], kept: 3 });
  });

  it('refuses folders it cannot read and limits that would remove everything', async () => {
    await expect(cleanupOldLogs({ directory: '/nowhere/at/all' })).rejects.toMatchObject({ code: 'INVALID_DIRECTORY' });
    await expect(cleanupOldLogs({ directory: folder.path, maxAgeDays: -1 })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
    await expect(cleanupOldBackups({ directory: folder.path, keep: 0 })).rejects.toThrow(
      'Expected `keep` to be at least 1',
    );
  });
});
