import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** `fast` ends sessions and writes a checkpoint; `immediate` is a crash that recovers at the next start. */
export type StopMode = 'fast' | 'immediate';

const SIGNALS = { fast: 'SIGINT', immediate: 'SIGQUIT' } as const;

/** The pid in `postmaster.pid` (first line of PostgreSQL's lock file), if that process is a PostgreSQL of this directory. */
export function findPostmaster(directory: string): number | null {
  const file = join(directory, 'postmaster.pid');
  if (!existsSync(file)) return null;
  const pid = Number(readFileSync(file, 'utf8').split('\n', 1)[0]);
  return Number.isInteger(pid) && pid > 0 && commandOf(pid).includes(directory) ? pid : null;
}

/** Stops a postmaster by its pid and waits, at most `timeoutMs`, until it is gone; then it is killed. */
export async function stopPostmaster(pid: number, mode: StopMode = 'fast', timeoutMs = 10_000): Promise<void> {
  signal(pid, SIGNALS[mode]);
  const deadline = performance.now() + timeoutMs;
  while (signal(pid, 0)) {
    if (performance.now() > deadline) signal(pid, 'SIGKILL');
    await delay(20);
  }
}

function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}

/** The command line of a process: guards against a pid that was given to somebody else meanwhile. */
function commandOf(pid: number): string {
  try {
    if (existsSync('/proc/self/cmdline')) return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
  } catch {
    return '';
  }
}
