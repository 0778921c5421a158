import { spawnSync } from 'node:child_process';
import { appendFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { waitFor } from '@nps/testing';
import { showLogs } from '../../src/cli/show-logs.js';
import { temporaryFolder } from '../log-file.js';

const record = (message: string, fields: object = {}) =>
  `${JSON.stringify({ timestamp: '2026-02-08T14:30:00.000Z', level: 'INFO', service: 'oracle', message, logger: 'oracle', ...fields })}\n`;

describe('oracle-logs', () => {
  const folder = { path: '', remove: () => undefined as void };
  let output = '';
  let stop = new AbortController();

  beforeEach(() => {
    Object.assign(folder, temporaryFolder());
    output = '';
    stop = new AbortController();
    writeFileSync(join(folder.path, 'oracle.log.2.gz'), gzipSync(record('oldest')));
    writeFileSync(
      join(folder.path, 'oracle.log.1'),
      record('older', { level: 'ERROR', user_id: 42, action: 'reading' }),
    );
    writeFileSync(
      join(folder.path, 'oracle.log'),
      `${record('newest', { timestamp: '2026-02-08T15:00:00.000Z', level: 'WARN', user_id: 'ann' })}not json\n[1]\n`,
    );
    writeFileSync(join(folder.path, 'oracle_errors.log'), record('not mine'));
  });

  afterEach(() => {
    stop.abort();
    folder.remove();
  });

  const run = (...argv: string[]) =>
    showLogs(argv, {
      write: (text) => {
        output += text;
      },
      useColor: false,
      defaultDirectory: folder.path,
      nowMs: Date.parse('2026-02-08T15:10:00Z'),
      signal: stop.signal,
    });

  const messages = () =>
    output
      .split('\n')
      .slice(0, -1)
      .map((line) => (JSON.parse(line) as { message: string }).message);

  it('shows all files of a service, oldest first, compressed ones too', async () => {
    await run('--json');
    expect(messages()).toEqual(['oldest', 'older', 'newest']);
  });

  it.each([
    [
      ['--level', 'WARN'],
      ['older', 'newest'],
    ],
    [['-l', 'ERROR'], ['older']],
    [['--user', '42'], ['older']],
    [['--user', 'ann'], ['newest']],
    [['--action', 'reading'], ['older']],
    [['--since', '15m'], ['newest']],
    [['--since', '2026-02-08T14:59:59Z'], ['newest']],
    [
      ['--until', '2026-02-08T14:59:59Z'],
      ['oldest', 'older'],
    ],
    [
      ['--grep', 'OLD'],
      ['oldest', 'older'],
    ],
    [
      ['--last', '2'],
      ['older', 'newest'],
    ],
  ])('filters by %j', async (argv, expected) => {
    await run('--json', ...argv);
    expect(messages()).toEqual(expected);
  });

  it('prints a line for people without --json', async () => {
    await run('--user', '42');
    expect(output).toBe('14:30:00.000 ERROR    older user_id=42 action=reading\n');
  });

  it('shows the files it is given', async () => {
    await run('--json', join(folder.path, 'oracle_errors.log'));
    expect(messages()).toEqual(['not mine']);
  });

  it('reads files by date in the order of their dates', async () => {
    for (const day of ['2026-02-09', '2026-02-08']) writeFileSync(join(folder.path, `api-${day}.log`), record(day));
    await run('--json', '--service', 'api');
    expect(messages()).toEqual(['2026-02-08', '2026-02-09']);
  });

  it('follows what is written, over a rotation', async () => {
    const done = run('--json', '--follow', '--level', 'ERROR');
    await waitFor(() => output.includes('older'));
    const live = join(folder.path, 'oracle.log');
    await waitFor(() => {
      appendFileSync(live, record('appended é', { level: 'ERROR' }));
      return output.includes('appended é');
    });
    renameSync(live, `${live}.9`);
    writeFileSync(live, record('after rotation', { level: 'CRITICAL' }));
    await waitFor(() => output.includes('after rotation'));
    stop.abort();
    await done;
    expect(output).not.toContain('newest');
  });

  it.each([
    [['--level', 'LOUD'], 'Expected a log level'],
    [['--since', 'yesterday-ish'], 'Expected --since to be an instant'],
    [['--last', 'few'], 'Expected --last'],
    [['--bogus'], 'See oracle-logs --help'],
    [['--directory', '/nowhere/at/all'], 'readable folder of log files'],
  ])('refuses %j with what was expected', async (argv, message) => {
    await expect(run(...argv)).rejects.toThrow(message);
  });

  it('explains itself', async () => {
    await run('--help');
    expect(output).toContain('--follow');
  });

  it('is a command: prints to standard output, and one sentence to standard error with exit code 1', () => {
    const good = spawnSync(process.execPath, ['bin/oracle-logs.mjs', '-d', folder.path, '--json', '-n', '1'], {
      encoding: 'utf8',
    });
    expect([good.status, good.stderr, good.stdout]).toEqual([0, '', expect.stringContaining('newest')]);
    const bad = spawnSync(process.execPath, ['bin/oracle-logs.mjs', '-d', '/nowhere'], { encoding: 'utf8' });
    expect([bad.status, bad.stdout]).toEqual([1, '']);
    expect(bad.stderr).toBe('oracle-logs: Expected "/nowhere" to be a readable folder of log files.\n');
  });
});
