import { type FileHandle, open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { LogLine, LogsReply } from '../contract/logs.js';
import { type LogFilter, matchesLine, parseLogLine } from './log-lines.js';
import type { LogSource } from './log-source.js';

const MOST_BYTES = 64_000_000;
const MOST_MS = 3000;
const CHUNK_BYTES = 256 * 1024;
const PEEK_BYTES = 16 * 1024;
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

/**
 * The folder of rotated JSON log files. A search stops after 64 MB, 3 s, or when the visitor goes away.
 * @param redact hides secrets in lines that other programs wrote
 */
export function createLogFiles(directory: string, redact: (text: string) => string): LogSource {
  const shown = (line: LogLine): LogLine => ({ ...line, message: redact(line.message), rest: redact(line.rest) });
  return {
    async search(filter, limit, signal) {
      const { lines, ...searched } = await searchFolder(directory, filter, newest(limit), signal);
      return { ...searched, lines: lines.sort(newestFirst).slice(0, limit).map(shown) };
    },
    async around(atMs, filter, limit, signal) {
      const half = Math.ceil(limit / 2);
      const ahead = await searchFolder(directory, { ...filter, fromMs: atMs + 1 }, oldest(half), signal);
      const { lines, ...back } = await searchFolder(directory, { ...filter, toMs: atMs }, newest(half), signal);
      return {
        ...back,
        at: new Date(atMs).toISOString(),
        before: lines.sort(newestFirst).slice(0, half).toReversed().map(shown),
        after: ahead.lines.sort(newestFirst).toReversed().slice(0, half).map(shown),
        complete: back.complete && ahead.complete,
        scanned_bytes: back.scanned_bytes + ahead.scanned_bytes,
      };
    },
  };
}

/** Takes the matches of one file, newest first; `false` when it has enough of them. */
interface Keep {
  add(line: LogLine, found: LogLine[], fromFile: number): boolean;
}

/** The newest ones: a file has no newer ones to give once it gave enough. */
function newest(limit: number): Keep {
  return {
    add(line, found, fromFile) {
      found.push(line);
      return found.length - fromFile < limit;
    },
  };
}

/** The oldest ones: of each file the last so many that came. */
function oldest(limit: number): Keep {
  return {
    add(line, found, fromFile) {
      found.push(line);
      if (found.length - fromFile > limit) found.splice(fromFile, 1);
      return true;
    },
  };
}

type Searched = Omit<LogsReply, 'lines'> & { readonly lines: LogLine[] };

async function searchFolder(directory: string, filter: LogFilter, keep: Keep, signal: AbortSignal): Promise<Searched> {
  const files = await listFiles(directory);
  if (files === null) return { lines: [], services: [], complete: true, scanned_bytes: 0, folder: 'unreadable' };
  const wanted = files.filter(
    ({ changedAtMs, service }) =>
      changedAtMs >= filter.fromMs && (filter.service === undefined || service === filter.service),
  );
  const budget: Budget = { bytes: MOST_BYTES, deadlineMs: performance.now() + MOST_MS, signal };
  const lines: LogLine[] = [];
  let complete = true;
  for (const file of wanted) complete = (await searchFile(file, filter, keep, budget, lines)) && complete;
  const services = [...new Set(files.map(({ service }) => service))].sort();
  return { lines, services, complete, scanned_bytes: MOST_BYTES - budget.bytes, folder: 'readable' };
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
  keep: Keep,
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
    const fromFile = found.length;
    const endBytes = await endOf(handle, file.sizeBytes, filter.toMs);
    for await (const { text, offset } of linesBackwards(handle, endBytes, budget)) {
      if (text === null) return false;
      const line = parseLogLine(text, `${file.service}-${file.inode}-${offset}`, file.service);
      if (line.at !== null && Date.parse(line.at) < filter.fromMs) return true;
      if (matchesLine(line, text, filter) && !keep.add(line, found, fromFile)) return false;
    }
    return true;
  } finally {
    await handle.close();
  }
}

/**
 * Where in a file the lines after an instant begin, or a little later: lines are in order of time but for those that several
 * threads wrote at once, which a chunk of slack covers. Found by halving, so that a moment of yesterday costs no gigabyte.
 */
async function endOf(handle: FileHandle, sizeBytes: number, toMs: number): Promise<number> {
  if (toMs === Number.POSITIVE_INFINITY) return sizeBytes;
  let low = 0;
  let high = sizeBytes;
  while (high - low > CHUNK_BYTES) {
    const middle = Math.floor((low + high) / 2);
    const atMs = await instantNear(handle, middle);
    if (atMs !== null && atMs > toMs) high = middle;
    else low = middle;
  }
  return Math.min(sizeBytes, high + CHUNK_BYTES);
}

/** The instant of the first whole line after an offset; `null` when none tells one. */
async function instantNear(handle: FileHandle, offset: number): Promise<number | null> {
  const chunk = Buffer.alloc(PEEK_BYTES);
  const { bytesRead } = await handle.read(chunk, 0, chunk.length, offset);
  for (const text of chunk.toString('utf8', 0, bytesRead).split('\n').slice(1, -1)) {
    const { at } = parseLogLine(text, '', '');
    if (at !== null) return Date.parse(at);
  }
  return null;
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
