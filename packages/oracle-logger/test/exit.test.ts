import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { temporaryFolder } from './log-file.js';

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly tookMs: number;
  readonly stderr: string;
}

function ended(child: ChildProcess): Promise<Ended> {
  const startedAt = performance.now();
  let stderr = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal, stderr, tookMs: performance.now() - startedAt }));
  });
}

describe('a process that ends', () => {
  const folder = { path: '', remove: () => undefined as void };

  beforeEach(() => void Object.assign(folder, temporaryFolder()));
  afterEach(() => folder.remove());

  function start(
    how: string,
    options: { readonly console?: string; readonly flags?: readonly string[] } = {},
  ): ChildProcess {
    const args = [...(options.flags ?? []), 'test/fixtures/process.mjs', how, folder.path, options.console ?? 'false'];
    return spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  }

  function records(): readonly { readonly message: string; readonly level: string }[] {
    const files = readdirSync(folder.path).filter((name) => name.startsWith('oracle.log'));
    const lines = files.flatMap((name) => readFileSync(join(folder.path, name), 'utf8').split('\n').slice(0, -1));
    return lines.map((line) => JSON.parse(line) as { message: string; level: string });
  }

  const told = Array.from({ length: 1000 }, (_, n) => `line ${n}`);

  it.each([
    ['by process.exit', 'exit', 3, null, []],
    ['by process.exit while listeners still log', 'exit-late', 0, null, ['said while exiting']],
    ['by an exception nobody catches', 'throw', 1, null, ['Process ends: uncaughtException']],
    ['by a rejection nobody handles', 'reject', 1, null, ['Process ends: unhandledRejection']],
    ['because nothing is left to do', 'end', 0, null, []],
    ['by SIGTERM, with the default effect', 'signal', null, 'SIGTERM', []],
    ['by SIGTERM, with its own handler', 'signal-handled', 0, null, ['handled']],
    ['by kill -9, a quarter of a second after its last line', 'killed', null, 'SIGKILL', []],
  ] as const)('%s leaves all of 1,000 lines on disk', async (_name, how, code, signal, further) => {
    const end = await ended(start(how));
    expect(end).toMatchObject({ code, signal });
    expect(records().map(({ message }) => message)).toEqual([...told, ...further]);
  });

  it('by process.exit while close is still at work leaves all lines on disk', async () => {
    const end = await ended(start('close-exit'));
    expect(end).toMatchObject({ code: 0, stderr: '' });
    expect(records().map(({ message }) => message)).toEqual(told);
  });

  it('says on standard error how many lines close could not write', async () => {
    mkdirSync(folder.path, { recursive: true });
    symlinkSync('/dev/full', join(folder.path, 'oracle.log'));
    const end = await ended(start('close'));
    expect(end.stderr).toMatch(/LOG_RECORDS_DROPPED.* 100\d log records of oracle were not written/);
  });

  it('starts, and logs to standard output, where the system makes no folders', async () => {
    const args = ['test/fixtures/process.mjs', 'close', '/proc/nowhere/deeper', 'false'];
    const { status, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 10_000 });
    const lines = stdout.trimEnd().split('\n');
    expect(status).toBe(0);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      level: 'WARN',
      message: 'Cannot write log files to /proc/nowhere/deeper (ENOENT): logging to standard output only',
    });
    expect(lines).toHaveLength(1001);
  });

  it('by an exception says so as CRITICAL in the errors file too', async () => {
    await ended(start('throw'));
    const [line = '{}'] = readFileSync(join(folder.path, 'oracle_errors.log'), 'utf8').split('\n');
    expect(JSON.parse(line)).toMatchObject({
      level: 'CRITICAL',
      error: { type: 'Error', message: 'nobody catches this' },
    });
  });

  it('leaves all lines on disk where it may have no threads', async () => {
    const flags = ['--experimental-permission', '--allow-fs-read=*', '--allow-fs-write=*'];
    const end = await ended(
      start('exit', { flags: process.version.startsWith('v20.') ? flags : flags.with(0, '--permission') }),
    );
    expect(end.code).toBe(3);
    expect(records()).toHaveLength(1000);
  });

  it('writes every line to its file although nobody reads its standard output', async () => {
    const child = start('flood', { console: 'json' });
    // Never read: the pipe fills up after 64 KB.
    child.stdout?.pause();
    const end = await ended(child);
    expect(end.code).toBe(0);
    const own = records().filter(({ message }) => message.startsWith('line '));
    expect(own).toHaveLength(40_000);
  }, 30_000);

  it('goes on logging to its file after the reader of its standard output went away', async () => {
    const child = start('flood', { console: 'json' });
    child.stdout?.destroy();
    const end = await ended(child);
    expect(end.code).toBe(0);
    expect(records().filter(({ message }) => message.startsWith('line '))).toHaveLength(40_000);
  }, 30_000);

  it('does not hang on a log file that never takes anything', async () => {
    mkdirSync(folder.path, { recursive: true });
    const path = join(folder.path, 'oracle.log');
    const made = spawnSync('mkfifo', [path]);
    expect([made.status, existsSync(path)]).toEqual([0, true]);
    const end = await ended(start('exit'));
    expect(end.code).toBe(3);
    // Two seconds for what waits, the rest for starting node on a crowded machine.
    expect(end.tookMs).toBeLessThan(8_000);
  }, 15_000);

  it('prints the lines a terminal shows in the pretty form, and JSON elsewhere', async () => {
    const json = spawnSync(process.execPath, ['test/fixtures/process.mjs', 'end', folder.path, 'json'], {
      encoding: 'utf8',
    });
    expect(
      json.stdout
        .split('\n')
        .slice(0, -1)
        .map((line) => (JSON.parse(line) as { message: string }).message),
    ).toEqual(told);
    const pretty = spawnSync(process.execPath, ['test/fixtures/process.mjs', 'end', folder.path, 'pretty'], {
      encoding: 'utf8',
    });
    expect(pretty.stdout.split('\n')).toHaveLength(1001);
    // oxlint-disable-next-line no-control-regex -- the colours are controls
    expect(pretty.stdout.replaceAll(/\u001b\[[\d;]*m/g, '')).toMatch(/^\d\d:\d\d:\d\d\.\d{3} INFO {5}line 0 n=0\n/);
  });
});
