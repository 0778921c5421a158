import { type FileHandle, open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { LogLine, LogsReply } from '../contract/logs.js';
import { type LogFilter, matchesLine, parseLogLine } from './log-lines.js';

/** The folder of rotated JSON log files. */
export interface LogFiles {
  /** The newest lines that pass. Stops after `limit` lines, 64 MB, 3 s, or when the visitor goes away. */
  search(filter: LogFilter, limit: number, signal: AbortSignal): Promise<LogsReply>;
}

const MOST_BYTES = 64_000_000;
const MOST_MS = 3000;
const CHUNK_BYTES = 256 * 1024;
/** A longer line is no log line; its tail is shown as text. */
const LINE_BYTES = 128 * 1024;
/** `oracle.log`, `oracle1.log`, `oracle.log.1`; `_errors` files repeat lines and are left out. */
const NAME = /^([A-Za-z][\w-]*?)(\d*)\.log(?:\.(\d+))?$/;

interface LogFile {
  readonly path: string;
  readonly service: string;
  readonly sizeBytes: number;
  readonly inode: number;
  readonly changedAtMs: number;
}

/** @param redact hides secrets in lines that other programs wrote */
export function createLogFiles(directory: string, redact: (text: string) => string): LogFiles {
  return {
    async search(filter, limit, signal) {
      const files = await listFiles(directory);
      if (files === null) return { lines: [], services: [], complete: true, scanned_bytes: 0, folder: 'unreadable' };
      const services = [...new Set(files.map(({ service }) => service))].sort();
      const wanted = files.filter(
        ({ changedAtMs, service }) =>
          changedAtMs >= filter.fromMs && (filter.service === undefined || service === filter.service),
      );
      const budget: Budget = { bytes: MOST_BYTES, deadlineMs: performance.now() + MOST_MS, signal };
      const found: LogLine[] = [];
      let complete = true;
      for (const file of wanted) complete = (await searchFile(file, filter, limit, budget, found)) && complete;
      const lines = found
        .sort(newestFirst)
        .slice(0, limit)
        .map((line) => Object.assign(line, { message: redact(line.message), rest: redact(line.rest) }));
      return { lines, services, complete, scanned_bytes: MOST_BYTES - budget.bytes, folder: 'readable' };
    },
  };
}

interface Budget {
  bytes: number;
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
}

/** Newest file first: what was written last is looked at first. */
async function listFiles(directory: string): Promise<readonly LogFile[] | null> {
  try {
    const names = (await readdir(directory)).flatMap((name) => {
      const match = NAME.exec(name);
      return match === null || match[1] === undefined || match[1].endsWith('_errors')
        ? []
        : [{ name, service: match[1] }];
    });
    const files = await Promise.all(
      names.map(async ({ name, service }) => {
        const path = join(directory, name);
        const { size, ino, mtimeMs } = await stat(path);
        return { path, service, sizeBytes: size, inode: ino, changedAtMs: mtimeMs };
      }),
    );
    return files.sort((a, b) => b.changedAtMs - a.changedAtMs);
  } catch {
    return null;
  }
}

/** Reads one file backwards. True when it was looked at to its beginning, or to the beginning of the span. */
async function searchFile(
  file: LogFile,
  filter: LogFilter,
  limit: number,
  budget: Budget,
  found: LogLine[],
): Promise<boolean> {
  let handle: FileHandle;
  try {
    handle = await open(file.path, 'r');
  } catch {
    return true; // Rotated away since it was listed.
  }
  try {
    let matches = 0;
    for await (const { text, offset } of linesBackwards(handle, file.sizeBytes, budget)) {
      if (text === null) return false;
      const line = parseLogLine(text, `${file.service}-${file.inode}-${offset}`, file.service);
      if (line.at !== null && Date.parse(line.at) < filter.fromMs) return true;
      if (!matchesLine(line, text, filter)) continue;
      found.push(line);
      matches += 1;
      if (matches >= limit) return false;
    }
    return true;
  } finally {
    await handle.close();
  }
}

/** Lines from the end of a file; `text: null` says that the budget is used up. */
async function* linesBackwards(
  handle: FileHandle,
  sizeBytes: number,
  budget: Budget,
): AsyncGenerator<{ readonly text: string | null; readonly offset: number }> {
  let end = sizeBytes;
  let tail = Buffer.alloc(0);
  while (end > 0) {
    if (budget.bytes <= 0 || performance.now() > budget.deadlineMs || budget.signal.aborted) {
      yield { text: null, offset: end };
      return;
    }
    const start = Math.max(0, end - CHUNK_BYTES);
    const chunk = Buffer.alloc(end - start);
    const { bytesRead } = await handle.read(chunk, 0, chunk.length, start);
    budget.bytes -= bytesRead;
    const whole = Buffer.concat([chunk.subarray(0, bytesRead), tail]);
    // Before the first line break lies the end of a line that begins further ahead.
    const first = start === 0 ? -1 : whole.indexOf(10);
    const isCut = start !== 0 && first < 0;
    const body = isCut ? whole.subarray(whole.length) : whole.subarray(first + 1);
    tail = start === 0 ? Buffer.alloc(0) : isCut ? whole.subarray(0, LINE_BYTES) : whole.subarray(0, first);
    let at = body.length;
    while (at > 0) {
      const from = body.lastIndexOf(10, at - 1) + 1;
      const text = body.toString('utf8', from, Math.min(at, from + LINE_BYTES));
      if (text.trim() !== '') yield { text, offset: start + first + 1 + from };
      at = from - 1;
    }
    end = start;
  }
}

function newestFirst(a: LogLine, b: LogLine): number {
  return (b.at ?? '').localeCompare(a.at ?? '');
}
