import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { waitFor } from '@nps/testing';

const MAIN = join(dirname(fileURLToPath(import.meta.url)), '../dist/main.js');

/** The built alerter as a process of its own. Needs `npm run build`. */
export interface AlerterProcess {
  readonly child: ChildProcess;
  /** Messages of its log so far. */
  readonly messages: readonly string[];
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Resolves with the port of its "listening" line. */
  listening(): Promise<number>;
  /** Sends the signal and resolves with what the process ended by: exit code or signal. */
  end(signal?: NodeJS.Signals): Promise<number | NodeJS.Signals | null>;
  /** Resolves with exit code or signal. */
  ended(): Promise<number | NodeJS.Signals | null>;
}

/** Starts it with exactly this environment. */
export function startAlerterProcess(env: Record<string, string>, args: readonly string[] = []): AlerterProcess {
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exit = once(child, 'close');
  const output = { stdout: '', stderr: '' };
  const records: Record<string, unknown>[] = [];
  const messages: string[] = [];
  child.stderr?.on('data', (chunk: Buffer) => (output.stderr += chunk.toString()));
  child.stdout?.on('data', (chunk: Buffer) => (output.stdout += chunk.toString()));
  if (child.stdout) {
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (!line.startsWith('{')) return;
      const record = JSON.parse(line) as Record<string, unknown>;
      records.push(record);
      messages.push(String(record['message']));
    });
  }
  const ended = async (): Promise<number | NodeJS.Signals | null> => {
    await exit;
    return child.exitCode ?? child.signalCode;
  };
  return {
    child,
    messages,
    stdout: () => output.stdout,
    stderr: () => output.stderr,
    ended,
    listening: async () => {
      const found = await waitFor(() => records.find(({ message }) => message === 'listening'), {
        timeoutMs: 20_000,
        what: `the alerter to listen; it said ${output.stderr}`,
      });
      return Number(found['port']);
    },
    end: (signal = 'SIGTERM') => {
      child.kill(signal);
      return ended();
    },
  };
}
