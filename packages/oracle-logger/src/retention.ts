import { readdir, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { LoggerError } from './errors.js';

const dayMs = 86_400_000;

/** Rotated or dated log files, gzipped or not: `oracle.log.1`, `oracle-2026-02-08.log`, `oracle.log.2026-02-08.gz`. */
const rotatedLog = /\.log\.[\w.-]+$|[-_.]\d{4}-\d{2}-\d{2}[\w.-]*\.log(\.\d+)?(\.gz)?$/;

/** Names database dumps go by. */
const backup = /\.(sql|dump|backup|bak|tar|tgz)(\.(gz|xz|zst|bz2))?(\.(gpg|enc|age))?$/;

/** What a clean-up did. */
export interface Cleanup {
  /** Paths removed. */
  readonly removed: readonly string[];
  /** Files kept that fit the pattern. */
  readonly kept: number;
}

/**
 * Removes rotated log files not written to for `maxAgeDays` (L2: `LOG_RETENTION_DAYS`, 30). Live files stay.
 * @throws LoggerError `INVALID_ARGUMENT`, `INVALID_DIRECTORY`
 */
export async function cleanupOldLogs(options: {
  readonly directory: string;
  readonly maxAgeDays?: number;
}): Promise<Cleanup> {
  const maxAgeDays = options.maxAgeDays ?? 30;
  requireAtLeast('maxAgeDays', maxAgeDays, 0);
  const oldestMs = Date.now() - maxAgeDays * dayMs;
  const files = await readFiles(options.directory, rotatedLog);
  return remove(files, (file) => file.modifiedMs < oldestMs);
}

/**
 * Keeps the `keep` (default 10) newest database dumps of a folder and removes the others.
 * @throws LoggerError `INVALID_ARGUMENT`, `INVALID_DIRECTORY`
 */
export async function cleanupOldBackups(options: {
  readonly directory: string;
  readonly keep?: number;
}): Promise<Cleanup> {
  const keep = options.keep ?? 10;
  requireAtLeast('keep', keep, 1);
  const files = await readFiles(options.directory, backup);
  const newest = new Set(files.toSorted((a, b) => b.modifiedMs - a.modifiedMs).slice(0, keep));
  return remove(files, (file) => !newest.has(file));
}

interface FoundFile {
  readonly path: string;
  readonly modifiedMs: number;
}

async function readFiles(directory: string, pattern: RegExp): Promise<readonly FoundFile[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch((cause: unknown) => {
    throw new LoggerError(
      'INVALID_DIRECTORY',
      `Expected ${JSON.stringify(directory)} to be a readable folder. Create it or correct the path.`,
      { cause },
    );
  });
  const paths = entries
    .filter((entry) => entry.isFile() && pattern.test(entry.name))
    .map((entry) => join(directory, entry.name));
  const found = await Promise.all(
    paths.map(async (path) => {
      // A file may be rotated away between listing and looking.
      const stats = await stat(path).catch(() => null);
      return stats === null ? null : { path, modifiedMs: stats.mtimeMs };
    }),
  );
  return found.filter((file) => file !== null);
}

async function remove(files: readonly FoundFile[], unwanted: (file: FoundFile) => boolean): Promise<Cleanup> {
  const doomed = files.filter(unwanted);
  const removed = await Promise.all(
    doomed.map((file) =>
      unlink(file.path).then(
        () => file.path,
        () => null,
      ),
    ),
  );
  const gone = removed.filter((path) => path !== null);
  return { removed: gone, kept: files.length - gone.length };
}

function requireAtLeast(name: string, value: number, min: number): void {
  if (Number.isFinite(value) && value >= min) return;
  throw new LoggerError('INVALID_ARGUMENT', `Expected \`${name}\` to be at least ${min}, got ${String(value)}.`);
}
