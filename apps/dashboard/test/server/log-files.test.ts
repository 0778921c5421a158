import { appendFileSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createLogFiles } from '../../src/server/log-files.js';
import type { LogFilter } from '../../src/server/log-lines.js';
import type { LogSource } from '../../src/server/log-source.js';

const everything: LogFilter = {
  text: undefined,
  level: undefined,
  service: undefined,
  user: undefined,
  action: undefined,
  fromMs: Number.NEGATIVE_INFINITY,
  toMs: Number.POSITIVE_INFINITY,
};
const signal = new AbortController().signal;
let directory: string;
let files: LogSource;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'log-files-'));
  files = createLogFiles(directory, (text) => text.replaceAll('hush', '***'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const line = (second: number, fields: Readonly<Record<string, unknown>> = {}) =>
  `${JSON.stringify({ timestamp: new Date(Date.UTC(2026, 1, 8, 12, 0, second)).toISOString(), level: 'INFO', service: 'oracle', message: `line ${second}`, ...fields })}\n`;
const find = async (filter: Partial<LogFilter> = {}, limit = 100) =>
  files.search({ ...everything, ...filter }, limit, signal);
const messages = async (filter: Partial<LogFilter> = {}, limit = 100) =>
  (await find(filter, limit)).lines.map(({ message }) => message);

describe('searching the log files', () => {
  it('finds lines across rotated files, newest first', async () => {
    writeFileSync(join(directory, 'oracle.log'), line(1) + line(2));
    renameSync(join(directory, 'oracle.log'), join(directory, 'oracle1.log'));
    writeFileSync(join(directory, 'oracle.log'), line(3) + line(4));
    expect(await messages()).toEqual(['line 4', 'line 3', 'line 2', 'line 1']);
  });

  it('leaves out the errors file, which repeats lines, and files of other programs', async () => {
    writeFileSync(join(directory, 'oracle_errors.log'), line(1));
    writeFileSync(join(directory, 'notes.txt'), line(2));
    expect(await find()).toMatchObject({ lines: [], services: [], folder: 'readable', complete: true });
  });

  it('filters by level and graver, service, user, action, time and text', async () => {
    writeFileSync(
      join(directory, 'oracle.log'),
      line(1, { level: 'ERROR', user_id: 7, action: 'reading' }) +
        line(2, { level: 'CRITICAL' }) +
        line(3, { level: 'DEBUG', nested: { deep: 'Needle' } }),
    );
    writeFileSync(join(directory, 'scanner.log'), line(4, { service: 'scanner' }));
    expect(await messages({ level: 'ERROR' })).toEqual(['line 2', 'line 1']);
    expect(await messages({ service: 'scanner' })).toEqual(['line 4']);
    expect(await messages({ user: '7' })).toEqual(['line 1']);
    expect(await messages({ action: 'reading' })).toEqual(['line 1']);
    expect(await messages({ text: 'needle' })).toEqual(['line 3']);
    expect(await messages({ fromMs: Date.UTC(2026, 1, 8, 12, 0, 2), toMs: Date.UTC(2026, 1, 8, 12, 0, 3) })).toEqual([
      'line 3',
      'line 2',
    ]);
  });

  it('reads lines that cross its chunks, each once and whole', async () => {
    const long = 'ä'.repeat(900);
    for (let second = 0; second < 60; second += 1)
      appendFileSync(join(directory, 'oracle.log'), Array.from({ length: 10 }, () => line(second, { long })).join(''));
    const { lines, complete } = await find({}, 500);
    expect(lines).toHaveLength(500);
    expect(complete).toBe(false);
    expect(lines.every(({ rest }) => rest === JSON.stringify({ long }))).toBe(true);
    expect(new Set(lines.map(({ id }) => id)).size).toBe(500);
  });

  it('shows what is no JSON as text, and survives hostile lines', async () => {
    writeFileSync(
      join(directory, 'oracle.log'),
      `plain text\n[1,2]\n{"__proto__":{"polluted":true},"message":"m","level":"LOUD"}\n${'x'.repeat(400_000)}\n\n`,
    );
    const { lines } = await find();
    expect(lines.map(({ message }) => message.slice(0, 10)).sort()).toEqual(['[1,2]', 'm', 'plain text', 'xxxxxxxxxx']);
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  it('hides secrets that other programs wrote', async () => {
    writeFileSync(join(directory, 'oracle.log'), line(1, { message: 'hush', note: 'hush' }));
    expect((await find()).lines).toMatchObject([{ message: '***', rest: '{"note":"***"}' }]);
  });

  it('says that a folder cannot be read, and stops when the visitor left', async () => {
    expect((await createLogFiles('/definitely/not/there', String).search(everything, 10, signal)).folder).toBe(
      'unreadable',
    );
    writeFileSync(join(directory, 'oracle.log'), line(1));
    expect(await files.search(everything, 10, AbortSignal.abort())).toMatchObject({ lines: [], complete: false });
  });
});
