/*
 * The two things a drain writes to. The writer thread gets these functions as source text (see thread-source.ts):
 * function declarations only, which use nothing from outside but each other and their arguments.
 */
import type * as FileSystem from 'node:fs';

/** A file that takes lines and is rotated before it would grow over `maxSizeBytes`. */
export interface FileSetup {
  readonly kind: 'file';
  /** Which frames it takes: bits of `targets`. */
  readonly targets: number;
  readonly path: string;
  readonly maxSizeBytes: number;
  readonly backups: number;
}

/** Standard output. */
export interface ConsoleSetup {
  readonly kind: 'console';
  readonly targets: number;
  /** The file descriptor, 1 for standard output. */
  readonly fd: number;
}

/** Anything a drain writes to. */
export type OutputSetup = FileSetup | ConsoleSetup;

/** Where a drain puts bytes; every method may throw what the file system throws. */
export interface Output {
  readonly name: string;
  /** Makes ready for writing; called before every batch. */
  open(): void;
  /**
   * How far `bytes[from, to)` may be written at once, after making room where there is none.
   * @param midLine whether the byte before `from` was written and did not end a line
   */
  limit(bytes: Uint8Array, from: number, to: number, midLine: boolean): number;
  /** Writes, and says how many bytes it took. */
  write(bytes: Uint8Array, from: number, to: number): number;
  /** Whether the last it took were these bytes; false where nobody can tell. */
  endsWith(bytes: Uint8Array): boolean;
  close(): void;
}

/** The open file behind an {@link Output}. */
export interface FileState {
  /** -1 while closed. */
  fd: number;
  /** The file's identity, to notice that somebody moved or removed it. */
  inode: number;
  sizeBytes: number;
}

/** The adapter a setup asks for. */
export function createOutput(fs: typeof FileSystem, setup: OutputSetup): Output {
  return setup.kind === 'file' ? createRotatingFile(fs, setup) : createConsole(fs, setup.fd);
}

function createConsole(fs: typeof FileSystem, fd: number): Output {
  return {
    name: 'stdout',
    open: () => undefined,
    limit: (_bytes, _from, to) => to,
    write: (bytes, from, to) => fs.writeSync(fd, bytes, from, to - from),
    endsWith: () => false,
    close: () => undefined,
  };
}

function createRotatingFile(fs: typeof FileSystem, setup: FileSetup): Output {
  const file: FileState = { fd: -1, inode: 0, sizeBytes: 0 };
  return {
    name: setup.path,
    open: () => openFile(fs, file, setup),
    limit: (bytes, from, to, midLine) => limitToFile(fs, file, setup, bytes, from, to, midLine),
    write: (bytes, from, to) => {
      const count = fs.writeSync(file.fd, bytes, from, to - from);
      file.sizeBytes += count;
      return count;
    },
    endsWith: (bytes) => file.sizeBytes >= bytes.length && isTail(fs, setup.path, file.sizeBytes, bytes),
    close: () => closeFile(fs, file),
  };
}

/** Never cuts a line, and rotates where not one line fits; a line larger than a whole file gets a file of its own. */
function limitToFile(
  fs: typeof FileSystem,
  file: FileState,
  setup: FileSetup,
  bytes: Uint8Array,
  from: number,
  to: number,
  midLine: boolean,
): number {
  const room = setup.maxSizeBytes - file.sizeBytes;
  if (to - from <= room) return to;
  if (!midLine) {
    const end = room > 0 ? bytes.lastIndexOf(10, from + room - 1) + 1 : 0;
    if (end > from) return end;
    if (file.sizeBytes > 0) {
      rotate(fs, file, setup);
      return limitToFile(fs, file, setup, bytes, from, to, false);
    }
  }
  const lineEnd = bytes.indexOf(10, from) + 1;
  return lineEnd > from && lineEnd <= to ? lineEnd : to;
}

/** Opens the file, or opens it again when somebody moved, removed or replaced it; learns its true size. */
function openFile(fs: typeof FileSystem, file: FileState, setup: FileSetup): void {
  const found = fs.statSync(setup.path, { throwIfNoEntry: false });
  if (file.fd !== -1 && found !== undefined && found.ino === file.inode) {
    file.sizeBytes = found.size;
    return;
  }
  closeFile(fs, file);
  if (found === undefined) makeFolder(fs, folderOf(setup.path));
  // O_NONBLOCK matters only when the path is a pipe: opening or writing one that nobody reads must not hang.
  const { O_WRONLY, O_APPEND, O_CREAT, O_NONBLOCK } = fs.constants;
  file.fd = fs.openSync(setup.path, O_WRONLY | O_APPEND | O_CREAT | (O_NONBLOCK ?? 0), 0o640);
  const opened = fs.fstatSync(file.fd);
  file.inode = opened.ino;
  file.sizeBytes = opened.size;
  removeExcess(fs, setup);
}

function isTail(fs: typeof FileSystem, path: string, sizeBytes: number, bytes: Uint8Array): boolean {
  const fd = fs.openSync(path, 'r');
  try {
    const tail = new Uint8Array(bytes.length);
    const count = fs.readSync(fd, tail, 0, tail.length, sizeBytes - tail.length);
    return count === bytes.length && tail.every((byte, index) => byte === bytes[index]);
  } finally {
    fs.closeSync(fd);
  }
}

function closeFile(fs: typeof FileSystem, file: FileState): void {
  if (file.fd === -1) return;
  const { fd } = file;
  file.fd = -1;
  try {
    fs.closeSync(fd);
  } catch {
    // The descriptor is gone either way; the lines before it were written.
  }
}

function folderOf(path: string): string {
  const length = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'));
  return length < 0 ? '.' : path.slice(0, Math.max(1, length));
}

/** Makes a folder and its parents. Node's own `recursive` never ends where the system says ENOENT to every folder: /proc. */
export function makeFolder(fs: typeof FileSystem, folder: string): void {
  const missing: string[] = [];
  for (let path = folder; !fs.existsSync(path) && path !== missing.at(-1); path = folderOf(path)) missing.push(path);
  for (const path of missing.reverse()) {
    try {
      fs.mkdirSync(path);
    } catch (error) {
      if ((error as { code?: string }).code !== 'EEXIST') throw error;
    }
  }
}

/** Removes numbered backups beyond the wanted count: the cap must hold after the count was lowered, too. */
function removeExcess(fs: typeof FileSystem, setup: FileSetup): void {
  const folder = folderOf(setup.path);
  const prefix = `${setup.path.slice(folder.length).replace(/^[\\/]/, '')}.`;
  for (const name of fs.readdirSync(folder)) {
    const number = name.startsWith(prefix) ? Number(name.slice(prefix.length)) : Number.NaN;
    if (Number.isInteger(number) && number > setup.backups) fs.rmSync(`${setup.path}.${number}`, { force: true });
  }
}

/**
 * Moves the live file to `.1`, `.1` to `.2` and so on, and starts a new one. Under a lock, and only when the path still
 * is our file and still large: another process that writes the same file may have rotated it a moment ago.
 */
function rotate(fs: typeof FileSystem, file: FileState, setup: FileSetup): void {
  const lock = `${setup.path}.lock`;
  takeLock(fs, lock);
  try {
    const found = fs.statSync(setup.path, { throwIfNoEntry: false });
    if (found !== undefined && found.ino === file.inode) shift(fs, setup);
  } finally {
    fs.rmSync(lock, { force: true });
  }
  openFile(fs, file, setup);
}

function shift(fs: typeof FileSystem, setup: FileSetup): void {
  const { path, backups } = setup;
  if (backups === 0) {
    fs.rmSync(path, { force: true });
    return;
  }
  for (let number = backups; number > 1; number--) {
    if (fs.existsSync(`${path}.${number - 1}`)) fs.renameSync(`${path}.${number - 1}`, `${path}.${number}`);
  }
  fs.renameSync(path, `${path}.1`);
}

/** Throws EEXIST (which means: try again soon) while another process rotates; a lock older than 5 s is an orphan. */
function takeLock(fs: typeof FileSystem, lock: string): void {
  const found = fs.statSync(lock, { throwIfNoEntry: false });
  if (found !== undefined && Date.now() - found.mtimeMs > 5000) fs.rmSync(lock, { force: true });
  fs.closeSync(fs.openSync(lock, 'wx', 0o640));
}

/** Every function of this file; the writer thread's source is made of them. */
export function outputFunctions(): readonly ((...args: never[]) => unknown)[] {
  return [
    createOutput,
    createConsole,
    createRotatingFile,
    limitToFile,
    openFile,
    isTail,
    closeFile,
    folderOf,
    makeFolder,
    removeExcess,
    rotate,
    shift,
    takeLock,
  ];
}
