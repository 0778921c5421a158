import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/** True when `pid` lives and its command line contains `marker`: a pid may have been given to somebody else. */
export function isRunning(pid: number, marker: string): boolean {
  try {
    process.kill(pid, 0);
    const command = existsSync('/proc/self/cmdline')
      ? readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
      : execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
    return command.includes(marker);
  } catch {
    return false;
  }
}

/** Ends a process that may be gone already. */
export function endProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // Gone already: that is what we wanted.
  }
}
