import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import DailyRotateFile from 'winston-daily-rotate-file';
import type { DrainEvent } from './drain.js';
import { targets } from './layout.js';
import type { LineSink, SinkStats } from './line-sink.js';

/** What files by date are made from. */
export interface DailyFilesSetup {
  readonly directory: string;
  /** Name of the files before the date: `oracle` gives `oracle-2026-02-08.log`. */
  readonly fileName: string;
  /** Whether ERROR and above also go to `<name>_errors-<date>.log`. */
  readonly errorFile: boolean;
  /** A day's file is continued in another one at this size. */
  readonly maxSizeBytes: number;
  /** Files older than this many days are removed. */
  readonly retentionDays: number;
  readonly onEvent: (event: DrainEvent) => void;
}

/** winston's own key for the finished text of a record (package triple-beam). */
const messageSymbol = Symbol.for('message');

/** Lines are handed on when this many characters are waiting, or at the end of the event loop's turn. */
const batchLength = 16_384;

/**
 * Files named after the date, written by winston-daily-rotate-file in batches. The library writes on the event loop and
 * does not tell how far behind it is: what it holds is neither bounded nor, when the process ends without `close`,
 * written. Rotation by size has neither weakness.
 */
export class DailyFiles implements LineSink {
  readonly #files: readonly DailyFile[];

  constructor(setup: DailyFilesSetup) {
    const { fileName } = setup;
    this.#files = [
      new DailyFile(setup, fileName, targets.file),
      ...(setup.errorFile ? [new DailyFile(setup, `${fileName}_errors`, targets.errors)] : []),
    ];
  }

  write(line: string, lineTargets: number): void {
    for (const file of this.#files) if ((file.targets & lineTargets) !== 0) file.write(line);
  }

  stats(): SinkStats {
    const stats = this.#files.map((file) => file.stats());
    return {
      heldBytes: stats.reduce((sum, { heldBytes }) => sum + heldBytes, 0),
      dropped: stats.reduce((sum, { dropped }) => sum + dropped, 0),
    };
  }

  exit(): boolean {
    for (const file of this.#files) file.appendPending();
    return true;
  }

  isHung(): boolean {
    return false;
  }

  async close(timeoutMs: number): Promise<void> {
    await Promise.all(this.#files.map((file) => file.close(timeoutMs)));
  }
}

/** One series of files by date. */
class DailyFile {
  readonly targets: number;
  readonly #transport: DailyRotateFile;
  #state: 'open' | 'closed' = 'open';
  #path = '';
  #pending = '';
  #turnScheduled = false;
  #dropped = 0;

  constructor(setup: DailyFilesSetup, name: string, fileTargets: number) {
    this.targets = fileTargets;
    this.#transport = new DailyRotateFile({
      dirname: setup.directory,
      filename: `${name}-%DATE%`,
      extension: '.log',
      datePattern: 'YYYY-MM-DD',
      utc: true,
      maxSize: setup.maxSizeBytes,
      maxFiles: `${setup.retentionDays}d`,
      // Named after the series, not after a hash of the options: changed options must still find the old files.
      auditFile: join(setup.directory, `.${name}-audit.json`),
      createSymlink: true,
      symlinkName: `${name}.log`,
      eol: '',
    });
    this.#transport.on('new', (path: string) => {
      this.#path = path;
    });
    this.#transport.on('error', (error: NodeJS.ErrnoException) => {
      setup.onEvent({ kind: 'fault', output: name, code: error.code ?? 'UNKNOWN', message: error.message });
    });
  }

  write(line: string): void {
    if (this.#state === 'closed') {
      this.#dropped++;
      return;
    }
    this.#pending += line;
    if (this.#pending.length >= batchLength) this.#submit();
    else if (!this.#turnScheduled) {
      this.#turnScheduled = true;
      setImmediate(() => {
        this.#turnScheduled = false;
        this.#submit();
      });
    }
  }

  stats(): SinkStats {
    return { heldBytes: this.#pending.length, dropped: this.#dropped };
  }

  /** Writes what the library was not given yet; it is too late for the library itself. */
  appendPending(): void {
    if (this.#pending === '' || this.#path === '') return;
    try {
      appendFileSync(this.#path, this.#pending);
      this.#pending = '';
    } catch {
      // The process ends and the disk does not take it: there is nobody left to tell.
    }
  }

  async close(timeoutMs: number): Promise<void> {
    if (this.#state === 'closed') return;
    this.#submit();
    this.#state = 'closed';
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      timer = setTimeout(resolve, timeoutMs);
      this.#transport.once('finish', resolve);
      this.#transport.close?.();
    });
    clearTimeout(timer);
  }

  #submit(): void {
    if (this.#pending === '') return;
    const text = this.#pending;
    this.#pending = '';
    this.#transport.log?.({ [messageSymbol]: text }, () => undefined);
  }
}
