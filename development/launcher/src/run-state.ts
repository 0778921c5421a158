import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LauncherError } from './errors.js';

/** What a running launcher writes down: for `npm run demo`, for a second start, and for a start after a kill. */
export interface RunState {
  readonly pid: number;
  readonly startedAt: string;
  readonly dashboardUrl: string | null;
  readonly sidecarUrl: string | null;
  /** Process ids of what it started, to be stopped if it died without doing so. */
  readonly children: Readonly<Record<string, number>>;
}

const file = (dataDirectory: string): string => join(dataDirectory, 'launcher.json');

/** @throws LauncherError `DATA_UNWRITABLE` */
export function storeRunState(dataDirectory: string, state: RunState): void {
  try {
    mkdirSync(dataDirectory, { recursive: true });
    writeFileSync(file(dataDirectory), `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 });
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code;
    throw new LauncherError(
      'DATA_UNWRITABLE',
      `The folder ${dataDirectory} cannot be written (${reason}): give this user the folder, or set NPS_DATA_DIR to another.`,
      { cause },
    );
  }
}

/** The state of the launcher that runs or was killed; null when none was left behind. */
export function readRunState(dataDirectory: string): RunState | null {
  try {
    const state: unknown = JSON.parse(readFileSync(file(dataDirectory), 'utf8'));
    return isRunState(state) ? state : null;
  } catch {
    return null; // missing or torn by a kill: the same as none
  }
}

export function removeRunState(dataDirectory: string): void {
  rmSync(file(dataDirectory), { force: true });
}

function isRunState(value: unknown): value is RunState {
  if (typeof value !== 'object' || value === null) return false;
  const { pid, children } = value as Partial<RunState>;
  return Number.isInteger(pid) && typeof children === 'object' && children !== null;
}
