import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { LauncherError } from './errors.js';
import { endProcess } from './processes.js';

export interface ChildSpec {
  readonly name: string;
  /** The app's folder; `script` is run in it by this same Node. */
  readonly directory: string;
  readonly script: string;
  /** Options of Node for it, before the script; none by default. */
  readonly nodeOptions?: readonly string[];
  readonly environment: Readonly<NodeJS.ProcessEnv>;
  /** Whether it logs "listening" once it is ready. */
  readonly announces: boolean;
}

/** The numbers in an app's "listening" line, by field: `port`, `grpc_port` … */
export type ListeningPorts = Readonly<Record<string, number>>;

export interface Child {
  readonly name: string;
  readonly pid: number;
  /** The app's first log line with message "listening": its real ports. @throws LauncherError `CHILD_FAILED` */
  listening(timeoutMs?: number): Promise<ListeningPorts>;
  /** False until it said that it listens. */
  listens(): boolean;
  /** How it ended, in words: "exit code 1: the port is taken", "SIGKILL". Never rejects. */
  readonly ended: Promise<string>;
  /** SIGTERM, and SIGKILL when `timeoutMs` (default 10 s) was not enough. */
  stop(timeoutMs?: number): Promise<void>;
}

const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 10_000;
const MOST_COMPLAINTS = 10; // lines: a sentence, or the top of a stack

/** Starts an app as a process of its own group, so that Ctrl-C reaches only us and we stop it in order. */
export function startChild(spec: ChildSpec, onLine: (line: string) => void): Child {
  const child = spawn(process.execPath, [...(spec.nodeOptions ?? []), spec.script], {
    cwd: spec.directory,
    env: spec.environment,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  // Until it listens, what it complains of is the reason it did not start; later it is an event.
  const complaints: string[] = [];
  let listens = !spec.announces;
  let heard: (ports: ListeningPorts) => void = () => undefined;
  const announced = new Promise<ListeningPorts>((resolve) => (heard = resolve));
  createInterface({ input: child.stdout }).on('line', (line) => {
    const record = readListening(line);
    if (record === null) return onLine(line);
    listens = true;
    complaints.length = 0;
    heard(record);
  });
  createInterface({ input: child.stderr }).on('line', (line) => {
    if (listens) onLine(line);
    else if (complaints.push(line) > MOST_COMPLAINTS) complaints.shift();
  });
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => {
      const why = complaints.length > 0 ? `: ${complaints.join('\n').replace(`${spec.name}: `, '')}` : '';
      resolve(`${signal ?? `exit code ${code}`}${why}`);
    });
  });
  const failed = async (): Promise<never> => {
    throw new LauncherError('CHILD_FAILED', `${spec.name} did not start, ${await ended}`);
  };
  return {
    name: spec.name,
    pid: child.pid ?? -1,
    ended,
    listens: () => listens,
    listening: (timeoutMs = START_TIMEOUT_MS) => Promise.race([announced, failed(), timeout(spec.name, timeoutMs)]),
    stop: async (timeoutMs = STOP_TIMEOUT_MS) => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const killer = setTimeout(() => endProcess(child.pid ?? -1, 'SIGKILL'), timeoutMs);
      child.kill('SIGTERM');
      await ended;
      clearTimeout(killer);
    },
  };
}

function readListening(line: string): ListeningPorts | null {
  if (!line.includes('"listening"')) return null;
  try {
    const record = JSON.parse(line) as Record<string, unknown>;
    if (record['message'] !== 'listening') return null;
    const numbers = Object.entries(record).filter((entry): entry is [string, number] => typeof entry[1] === 'number');
    return Object.fromEntries(numbers);
  } catch {
    return null;
  }
}

async function timeout(name: string, ms: number): Promise<never> {
  await new Promise((resolve) => setTimeout(resolve, ms).unref());
  throw new LauncherError('CHILD_FAILED', `${name} said nothing of listening within ${ms / 1000} s.`);
}
