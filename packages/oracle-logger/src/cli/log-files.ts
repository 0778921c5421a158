import { createReadStream } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { createGunzip } from 'node:zlib';
import { LoggerError } from '../errors.js';

/** How often a followed file is looked at, in milliseconds. */
const pollMs = 200;

/**
 * The files of one service, oldest first: numbered backups from the highest number down, dated ones by date, the live
 * file last.
 * @throws LoggerError `INVALID_DIRECTORY`
 */
export async function findLogFiles(directory: string, service: string): Promise<readonly string[]> {
  const names = await readdir(directory).catch((cause: unknown) => {
    throw new LoggerError(
      'INVALID_DIRECTORY',
      `Expected ${JSON.stringify(directory)} to be a readable folder of log files.`,
      { cause },
    );
  });
  const escaped = service.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const dated = new RegExp(`^${escaped}-(\\d{4}-\\d{2}-\\d{2}.*)\\.log(?:\\.\\d+)?(?:\\.gz)?$`);
  const numbered = new RegExp(`^${escaped}\\.log\\.(\\d+)(?:\\.gz)?$`);
  const live = `${service}.log`;
  const byDate = names.filter((name) => dated.test(name)).toSorted();
  const byNumber = names
    .filter((name) => numbered.test(name))
    .toSorted((a, b) => Number(numbered.exec(b)?.[1]) - Number(numbered.exec(a)?.[1]));
  // With dated files the live name is a link to the newest of them.
  const ordered = byDate.length > 0 ? byDate : [...byNumber, ...names.filter((name) => name === live)];
  return ordered.map((name) => join(directory, name));
}

/** The lines of the files, one after the other; compressed ones are unpacked on the way. */
export async function* readLines(files: readonly string[]): AsyncGenerator<string> {
  for (const file of files) {
    const stream = createReadStream(file);
    const input = file.endsWith('.gz') ? stream.pipe(createGunzip()) : stream;
    stream.on('error', (error) => input.destroy(error));
    yield* createInterface({ input, crlfDelay: Infinity });
  }
}

/** Lines appended to a file from now on, also after it was rotated, until the signal ends it. */
export async function* followLines(path: string, signal: AbortSignal): AsyncGenerator<string> {
  let position = (await stat(path).catch(() => null))?.size ?? 0;
  let inode = (await stat(path).catch(() => null))?.ino ?? 0;
  let rest = '';
  while (!signal.aborted) {
    const found = await stat(path).catch(() => null);
    if (found !== null && (found.ino !== inode || found.size < position)) {
      inode = found.ino;
      position = 0;
      rest = '';
    }
    if (found !== null && found.size > position) {
      const bytes = await readFrom(path, position);
      position += bytes.length;
      const lines = (rest + bytes.toString('utf8')).split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
    } else {
      await delay(pollMs, undefined, { signal }).catch(() => undefined);
    }
  }
}

async function readFrom(path: string, position: number): Promise<Buffer> {
  const file = await open(path, 'r');
  try {
    const buffer = Buffer.alloc(1_048_576);
    const { bytesRead } = await file.read(buffer, 0, buffer.length, position);
    const read = buffer.subarray(0, bytesRead);
    // Only whole lines, so that no character is cut in two, unless there is no line end at all.
    const end = read.lastIndexOf(10) + 1;
    return end > 0 ? read.subarray(0, end) : read;
  } finally {
    await file.close();
  }
}
