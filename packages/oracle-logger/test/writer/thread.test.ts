import { readdirSync, readFileSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from '@jest/globals';
import { waitFor } from '@nps/testing';
import type { DrainEvent } from '../../src/writer/drain.js';
import { owners, slots, targets } from '../../src/writer/layout.js';
import { type StartThread, startThread } from '../../src/writer/thread.js';
import { lastWord, threadSource } from '../../src/writer/thread-source.js';
import { LineWriter } from '../../src/writer/writer.js';
import { temporaryFolder } from '../log-file.js';

/** Starts real threads that this test can kill. */
function killableThreads(): { readonly workers: Worker[]; readonly start: StartThread } {
  const workers: Worker[] = [];
  return {
    workers,
    start: (setup, { onEvent, onDeath }) => {
      const worker = new Worker(threadSource(), { eval: true, workerData: setup, env: {} });
      workers.push(worker);
      const exit = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
      let isEnding = false;
      void exit.then(() => (isEnding ? undefined : onDeath('killed by the test')));
      worker.on('message', (message) => (message === lastWord ? undefined : onEvent(message)));
      return {
        end: async () => {
          isEnding = true;
          await exit;
          return true;
        },
      };
    },
  };
}

describe('a writer thread that dies in the middle of its work', () => {
  it('is started once more, then the callers’ thread writes: every line is there, in order, none torn', async () => {
    const folder = temporaryFolder();
    const path = join(folder.path, 'oracle.log');
    const events: DrainEvent[] = [];
    const { workers, start } = killableThreads();
    const file = { kind: 'file', targets: targets.file, path, maxSizeBytes: 1e9, backups: 1 } as const;
    const writer = new LineWriter({ outputs: [file], onEvent: (event) => events.push(event), startThread: start });
    const count = 150_000;
    for (let n = 0; n < count; n++) {
      writer.write(`{"n":${n}}\n`, targets.file);
      if (n === 50_000) void workers[0]?.terminate();
      if (n === 100_000) {
        await waitFor(() => workers.length === 2);
        void workers[1]?.terminate();
      }
      if (n % 500 === 0) await nextTurn();
    }
    await waitFor(() => events.filter(({ kind }) => kind === 'fault').length === 2);
    await writer.close(10_000);
    const numbers = readFileSync(path, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { n: number }).n);
    expect(workers).toHaveLength(2);
    expect(numbers.length + writer.stats().dropped).toBe(count);
    expect(numbers.every((n, index) => index === 0 || n > (numbers[index - 1] ?? count))).toBe(true);
    expect(writer.stats()).toEqual({ heldBytes: 0, dropped: 0 });
    expect(events).toEqual(
      Array.from({ length: 2 }, () => expect.objectContaining({ kind: 'fault', code: 'THREAD_DIED' })),
    );
    folder.remove();
  }, 60_000);

  it('loses nothing when it died unnoticed before the logger closes', async () => {
    const folder = temporaryFolder();
    const path = join(folder.path, 'oracle.log');
    const { workers, start } = killableThreads();
    const file = { kind: 'file', targets: targets.file, path, maxSizeBytes: 1e9, backups: 1 } as const;
    const writer = new LineWriter({ outputs: [file], onEvent: () => undefined, startThread: start });
    void workers[0]?.terminate();
    for (let n = 0; n < 50_000; n++) writer.write(`{"n":${n}}\n`, targets.file);
    await writer.close(10_000);
    expect(readFileSync(path, 'utf8').trimEnd().split('\n')).toHaveLength(50_000);
    expect(writer.stats()).toEqual({ heldBytes: 0, dropped: 0 });
    folder.remove();
  }, 30_000);

  it('counts as dropped whatever close could not write in its time', async () => {
    const full = { kind: 'file', targets: targets.file, path: '/dev/full', maxSizeBytes: 1e9, backups: 1 } as const;
    const writer = new LineWriter({ outputs: [full], onEvent: () => undefined, startThread });
    const count = 200_000;
    for (let n = 0; n < count; n++)
      writer.write(`{"n":${n},"filler":"0123456789012345678901234567890"}\n`, targets.file);
    await writer.close(200);
    expect(writer.stats()).toEqual({ heldBytes: 0, dropped: count });
    writer.write('late\n', targets.file);
    expect(writer.stats()).toEqual({ heldBytes: 0, dropped: count + 1 });
  }, 30_000);
});

describe('a writer thread that is told to end', () => {
  it('has told everything and let go of its file when the writer is closed', async () => {
    const folder = temporaryFolder();
    const path = join(folder.path, 'oracle.log');
    symlinkSync('/nowhere/at/all', path);
    const events: string[] = [];
    const file = { kind: 'file', targets: targets.file, path, maxSizeBytes: 1e9, backups: 1 } as const;
    const onEvent = ({ kind }: DrainEvent) => {
      events.push(kind);
      // Mended only now, so the thread tells of it as the last thing before it ends.
      if (kind === 'fault') rmSync(path);
    };
    const writer = new LineWriter({ outputs: [file], onEvent, startThread });
    writer.write('the line\n', targets.file);
    await writer.close(10_000);
    expect(events).toEqual(['fault', 'recovered']);
    expect(readFileSync(path, 'utf8')).toBe('the line\n');
    expect(readdirSync('/proc/self/fd').map(openFile)).not.toContain(path);
    folder.remove();
  });
});

/** What a file descriptor of this process stands for; '' once it is closed. */
function openFile(fd: string): string {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return '';
  }
}

describe('a writer thread that stands still while more is logged than memory may hold', () => {
  it('has the number of dropped lines told before the log closes', async () => {
    const folder = temporaryFolder();
    const path = join(folder.path, 'oracle.log');
    let late: ReturnType<StartThread> = null;
    const start: StartThread = (setup, listener) => {
      setTimeout(() => {
        Atomics.store(setup.control, slots.owner, owners.nobody);
        late = startThread(setup, listener);
      }, 20);
      Atomics.store(setup.control, slots.owner, owners.thread);
      return { end: async (timeoutMs) => (await late?.end(timeoutMs)) ?? false };
    };
    const told: string[] = [];
    const file = { kind: 'file', targets: targets.file, path, maxSizeBytes: 1e9, backups: 1 } as const;
    const writer: LineWriter = new LineWriter({
      outputs: [file],
      onEvent: (event) => {
        told.push(event.kind === 'recovered' ? `{"dropped":${event.dropped}}` : event.code);
        writer.write(`${told.at(-1)}\n`, targets.file);
      },
      startThread: start,
    });
    const line = `${'x'.repeat(999)}\n`;
    const count = 20_000;
    for (let n = 0; n < count; n++) writer.write(line, targets.file);
    await writer.close(10_000);
    const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1);
    const { dropped } = writer.stats();
    expect(dropped).toBeGreaterThan(0);
    expect(told).toEqual([`{"dropped":${dropped}}`]);
    expect(lines.at(-1)).toBe(told[0]);
    expect(lines.length - 1 + dropped).toBe(count);
    folder.remove();
  }, 30_000);
});

/** Holds the ring as a thread does that the system lets wait: it gives it back 100 ms after the first line came. */
const lateThread = `
  const { workerData: { control, layout: { slots, owners } } } = require('node:worker_threads');
  while (Atomics.load(control, slots.written) === 0) Atomics.wait(control, slots.wake, Atomics.load(control, slots.wake), 1);
  Atomics.wait(control, slots.owner, owners.thread, 100);
  Atomics.store(control, slots.owner, owners.nobody);
  Atomics.notify(control, slots.released);`;

describe('a writer thread that gets no processor while the process ends', () => {
  it('is waited for: the line is on disk when write returns', async () => {
    const folder = temporaryFolder();
    const path = join(folder.path, 'oracle.log');
    const file = { kind: 'file', targets: targets.file, path, maxSizeBytes: 1e9, backups: 1 } as const;
    const writer = new LineWriter({
      outputs: [file],
      onEvent: () => undefined,
      startThread: (setup) => {
        Atomics.store(setup.control, slots.owner, owners.thread);
        const worker = new Worker(lateThread, { eval: true, workerData: setup, env: {} });
        const exit = new Promise<true>((resolve) => worker.once('exit', () => resolve(true)));
        return { end: () => exit };
      },
    });
    expect(writer.exit(10_000)).toBe(true);
    writer.write('the last words\n', targets.file);
    expect(readFileSync(path, 'utf8')).toBe('the last words\n');
    await writer.close(1_000);
    folder.remove();
  });
});
