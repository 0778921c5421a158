import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { waitFor } from '@nps/testing';
import type { DrainEvent } from '../../src/writer/drain.js';
import { targets } from '../../src/writer/layout.js';
import type { OutputSetup } from '../../src/writer/output.js';
import { startThread } from '../../src/writer/thread.js';
import { LineWriter } from '../../src/writer/writer.js';
import { temporaryFolder } from '../log-file.js';

const modes = [
  { name: 'a writer thread', start: startThread },
  { name: "the callers' thread", start: () => null },
];

/** `<path>.N` before … `.1` before `<path>`: the order in which lines were written. */
function filesInOrder(path: string): readonly string[] {
  const [folder, name] = [join(path, '..'), path.slice(path.lastIndexOf('/') + 1)];
  return readdirSync(folder)
    .filter((file) => file === name || /^\d+$/.test(file.slice(name.length + 1)))
    .toSorted((a, b) => Number(b.slice(name.length + 1)) - Number(a.slice(name.length + 1)))
    .map((file) => join(folder, file));
}

function readAll(path: string): readonly string[] {
  return filesInOrder(path).flatMap((file) => readFileSync(file, 'utf8').split('\n').slice(0, -1));
}

describe.each(modes)('files written by $name', ({ start }) => {
  const folder = { path: '', remove: () => undefined as void };
  let path = '';
  const events: DrainEvent[] = [];
  const writers: LineWriter[] = [];

  beforeEach(() => {
    Object.assign(folder, temporaryFolder());
    path = join(folder.path, 'oracle.log');
    events.length = 0;
  });

  afterEach(async () => {
    await Promise.all(writers.splice(0).map((writer) => writer.close(100)));
    folder.remove();
  });

  function open(options: { readonly maxSizeBytes?: number; readonly backups?: number } = {}): LineWriter {
    const file = { kind: 'file', maxSizeBytes: 1e9, backups: 5, ...options } as const;
    const outputs: readonly OutputSetup[] = [
      { ...file, targets: targets.file, path },
      { ...file, targets: targets.errors, path: join(folder.path, 'errors.log') },
    ];
    const writer = new LineWriter({ outputs, onEvent: (event) => events.push(event), startThread: start });
    writers.push(writer);
    return writer;
  }

  it('hold 300,000 lines over many small files: none lost, none torn, all in order', async () => {
    const writer = open({ maxSizeBytes: 1_000_000, backups: 1000 });
    const count = 300_000;
    for (let n = 0; n < count; n++) writer.write(`{"n":${n},"text":"${'x'.repeat(n % 90)}"}\n`, targets.file);
    await writer.close(20_000);
    const numbers = readAll(path).map((line) => (JSON.parse(line) as { n: number }).n);
    expect(numbers).toHaveLength(count);
    expect(numbers.every((n, index) => n === index)).toBe(true);
    expect(filesInOrder(path).length).toBeGreaterThan(15);
    expect(writer.stats()).toEqual({ heldBytes: 0, dropped: 0 });
  }, 60_000);

  it('stay within the cap over twenty restarts', async () => {
    const maxSizeBytes = 100_000;
    for (let restart = 0; restart < 20; restart++) {
      const writer = open({ maxSizeBytes, backups: 5 });
      for (let n = 0; n < 6_000; n++) writer.write(`restart ${restart} line ${n} ${'y'.repeat(80)}\n`, targets.file);
      await writer.close(5_000);
    }
    const sizes = filesInOrder(path).map((file) => statSync(file).size);
    expect(sizes).toHaveLength(6);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(maxSizeBytes);
    const last = readAll(path).at(-1);
    expect(last).toMatch(/^restart 19 line 5999 /);
  }, 60_000);

  it('lose their surplus when fewer backups are wanted, and keep none when none are', async () => {
    for (let n = 1; n <= 8; n++) writeFileSync(`${path}.${n}`, 'old\n');
    const fewer = open({ backups: 3 });
    fewer.write('line\n', targets.file);
    await fewer.close(2_000);
    expect(filesInOrder(path)).toHaveLength(4);
    const none = open({ backups: 0, maxSizeBytes: 1_000 });
    for (let n = 0; n < 100; n++) none.write(`${'z'.repeat(99)}\n`, targets.file);
    await none.close(2_000);
    expect(filesInOrder(path)).toEqual([path]);
    expect(statSync(path).size).toBeLessThanOrEqual(1_000);
  });

  it('give a line that is larger than a whole file one of its own', async () => {
    const writer = open({ maxSizeBytes: 1_000 });
    for (const text of ['short', 'l'.repeat(5_000), 'short again']) writer.write(`${text}\n`, targets.file);
    await writer.close(2_000);
    expect(readAll(path)).toEqual(['short', 'l'.repeat(5_000), 'short again']);
  });

  it('get errors twice: in the order of the main file, and in their own', async () => {
    const writer = open();
    for (let n = 0; n < 100; n++) writer.write(`${n}\n`, n % 10 === 0 ? targets.file | targets.errors : targets.file);
    await writer.close(2_000);
    expect(readAll(path)).toEqual(Array.from({ length: 100 }, (_, n) => String(n)));
    expect(readAll(join(folder.path, 'errors.log'))).toEqual([
      '0',
      '10',
      '20',
      '30',
      '40',
      '50',
      '60',
      '70',
      '80',
      '90',
    ]);
  });

  it('are opened anew when somebody moves or removes them, or their folder', async () => {
    const writer = open();
    const written = (line: string) => waitFor(() => readFileSync(path, 'utf8').includes(line), { what: line });
    writer.write('first\n', targets.file);
    await written('first');
    renameSync(path, `${path}-moved`);
    writer.write('second\n', targets.file);
    await written('second');
    expect(readFileSync(`${path}-moved`, 'utf8')).toBe('first\n');
    rmSync(folder.path, { recursive: true });
    writer.write('third\n', targets.file);
    await written('third');
    await writer.close(2_000);
  });

  it('count what others append to them', async () => {
    const writer = open({ maxSizeBytes: 1_000 });
    writer.write('ours\n', targets.file);
    await waitFor(() => readFileSync(path, 'utf8') === 'ours\n');
    appendFileSync(path, `${'theirs'.repeat(160)}\n`);
    writer.write(`${'o'.repeat(90)}\n`, targets.file);
    await writer.close(2_000);
    expect(readFileSync(path, 'utf8')).toBe(`${'o'.repeat(90)}\n`);
  });

  it('are rotated once by two writers at a time, without losing a line', async () => {
    const both = [open({ maxSizeBytes: 20_000, backups: 100 }), open({ maxSizeBytes: 20_000, backups: 100 })];
    for (let n = 0; n < 2_000; n++) {
      for (const [index, writer] of both.entries())
        writer.write(`w${index} ${String(n).padStart(5, '0')} ${'x'.repeat(40)}\n`, targets.file);
      if (n % 100 === 0) await new Promise(setImmediate);
    }
    for (const writer of both) await writer.close(5_000);
    for (const name of ['w0', 'w1']) {
      const own = readAll(path).filter((line) => line.startsWith(name));
      expect(own).toHaveLength(2_000);
      expect(own).toEqual(own.toSorted());
    }
  }, 30_000);

  it('outlive a full disk: memory stays bounded, drops are counted, and writing goes on when there is room', async () => {
    symlinkSync('/dev/full', path);
    const writer = open();
    const line = `${'f'.repeat(999)}\n`;
    for (let n = 0; n < 20_000; n++) {
      writer.write(line, targets.file);
      if (n % 200 === 0) await new Promise(setImmediate);
    }
    await waitFor(() => events.some((event) => event.kind === 'fault' && event.code === 'ENOSPC'));
    await waitFor(() => writer.stats().dropped > 0);
    expect(writer.stats().heldBytes).toBeLessThanOrEqual(16_000_000);
    expect(events.filter((event) => event.kind === 'fault')).toHaveLength(1);
    rmSync(path);
    const recovered = await waitFor(() => events.find((event) => event.kind === 'recovered'), { timeoutMs: 5_000 });
    expect(recovered).toMatchObject({ dropped: expect.any(Number) });
    writer.write('back again\n', targets.file);
    await writer.close(5_000);
    const { dropped } = writer.stats();
    const lines = readAll(path);
    expect(lines.at(-1)).toBe('back again');
    expect(lines.length + dropped).toBe(20_001);
    expect(lines.slice(0, -1).every((text) => `${text}\n` === line)).toBe(true);
  }, 30_000);

  it('wait for a folder that cannot be made yet', async () => {
    rmSync(folder.path, { recursive: true });
    writeFileSync(folder.path, 'a file stands in the way');
    const writer = open();
    writer.write('patience\n', targets.file);
    await waitFor(() => events.some((event) => event.kind === 'fault'));
    rmSync(folder.path);
    mkdirSync(folder.path);
    await waitFor(() => readFileSync(path, 'utf8') === 'patience\n', { timeoutMs: 5_000 });
    await writer.close(2_000);
  });

  it('end with what is accepted: close returns in time although the disk is full, and later lines are counted', async () => {
    symlinkSync('/dev/full', path);
    const writer = open();
    writer.write('never\n', targets.file);
    const startedAt = performance.now();
    await writer.close(300);
    expect(performance.now() - startedAt).toBeLessThan(1_500);
    writer.write('too late\n', targets.file);
    await new Promise(setImmediate);
    expect(writer.stats().dropped).toBeGreaterThanOrEqual(1);
    await writer.close(300);
  });

  it('are complete after a blocking flush and after every line of an ending process', async () => {
    const writer = open();
    for (let n = 0; n < 1_000; n++) writer.write(`${n}\n`, targets.file);
    expect(writer.flushSync(5_000)).toBe(true);
    expect(readAll(path)).toHaveLength(1_000);
    expect(writer.exit(1_000)).toBe(true);
    writer.write('written at once\n', targets.file);
    expect(readAll(path)).toHaveLength(1_001);
    expect(writer.isHung(10)).toBe(false);
    await writer.close(1_000);
  });
});
