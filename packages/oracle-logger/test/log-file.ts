import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger, type LoggerOptions, type OracleLogger } from '../src/index.js';

/** A folder of its own for one test. */
export function temporaryFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'oracle-logger-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Runs `use` with a logger over real files and returns the lines of its main file. */
export async function linesOf(
  use: (logger: OracleLogger) => void | Promise<void>,
  options: Partial<LoggerOptions> = {},
  file = 'oracle.log',
): Promise<readonly string[]> {
  const folder = temporaryFolder();
  try {
    const logger = createLogger({
      service: 'oracle',
      directory: folder.path,
      level: 'DEBUG',
      console: false,
      maxSizeBytes: 1e9,
      ...options,
    });
    await use(logger);
    await logger.close();
    return readFileSync(join(folder.path, file), 'utf8').split('\n').slice(0, -1);
  } finally {
    folder.remove();
  }
}

/** {@link linesOf}, parsed. */
export async function recordsOf(
  use: (logger: OracleLogger) => void | Promise<void>,
  options: Partial<LoggerOptions> = {},
): Promise<readonly Record<string, unknown>[]> {
  const lines = await linesOf(use, options);
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}
