import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startTelegramPeer, type TelegramPeer, waitFor } from '@nps/testing';

const ROOT = resolve(import.meta.dirname, '../../..');
const PORTS = ['ORACLE_API_PORT', 'ORACLE_HTTP_PORT', 'ORACLE_GRPC_PORT', 'ALERTER_PORT', 'DASHBOARD_PORT'] as const;

export interface Stack {
  readonly dashboardUrl: string;
  readonly telegram: TelegramPeer;
  /** What the launcher printed so far. */
  output(): string;
  /** `npm run demo -- <command>`; returns what it printed. */
  demo(command: string): Promise<string>;
  /** Notes an instant of the timeline; returns it (ms). */
  mark(what: string): number;
  /** The first message from `since` on that starts with `start`. */
  message(start: string, since: number, timeoutMs: number): Promise<string>;
  timeline(): string;
  /** All that the apps logged so far. */
  logs(): string;
  /** Ctrl-C; returns the launcher's exit code. */
  stop(): Promise<number>;
  /** Stops whatever still runs and removes every file; returns the app logs for a failed test's message. */
  remove(): Promise<void>;
}

/** `npm start`, as a real process tree on free ports, with its alerts going to a Telegram-shaped peer. */
export async function startStack(argv: readonly string[], variables: NodeJS.ProcessEnv = {}): Promise<Stack> {
  const directory = mkdtempSync(join(tmpdir(), 'nps-e2e-'));
  chmodSync(directory, 0o755); // as root the database runs as another user
  const token = `${Date.now()}:e2e`;
  const telegram = await startTelegramPeer({ token });
  const environment: NodeJS.ProcessEnv = {
    ...process.env,
    ...(await freePorts()),
    NPS_DATA_DIR: directory,
    NPS_BOT_TOKEN: token,
    NPS_CHAT_ID: '42',
    TELEGRAM_API_URL: telegram.url,
    ...variables,
  };
  delete environment['DATABASE_URL'];
  const startedAt = Date.now();
  const events: { at: number; text: string }[] = [];
  const mark = (text: string): number => {
    const at = Date.now();
    events.push({ at, text });
    return at;
  };
  const launcher = spawn(process.execPath, ['development/launcher/dist/main.js', ...argv], {
    cwd: ROOT,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = collect(launcher);
  const stop = async (): Promise<number> => {
    if (launcher.exitCode === null && launcher.signalCode === null) {
      launcher.kill('SIGINT');
      await once(launcher, 'exit');
    }
    return launcher.exitCode ?? -1;
  };
  const remove = async (): Promise<void> => {
    await stop();
    await telegram.stop();
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    await waitFor(() => output().includes('Stop  ') || launcher.exitCode !== null, {
      timeoutMs: 90_000,
      what: 'the start',
    });
    if (launcher.exitCode !== null) throw new Error(`npm start ended with ${launcher.exitCode}:\n${output()}`);
  } catch (error) {
    await remove();
    throw error;
  }
  mark('everything runs');
  const { dashboardUrl } = JSON.parse(readFileSync(join(directory, 'launcher.json'), 'utf8')) as {
    dashboardUrl: string;
  };
  return {
    dashboardUrl,
    telegram,
    output,
    mark,
    stop,
    remove,
    demo: async (command) => {
      const child = spawn(process.execPath, ['development/launcher/demo.mjs', command], {
        cwd: ROOT,
        env: environment,
      });
      const printed = collect(child);
      await once(child, 'close');
      return printed();
    },
    message: async (start, since, timeoutMs) => {
      const find = (): string | undefined =>
        telegram.messages.find(({ at, text }) => at >= since && plain(text).startsWith(start))?.text;
      return plain(await waitFor(find, { timeoutMs, what: start }));
    },
    timeline: () =>
      [
        ...events,
        ...telegram.messages.map(({ at, text }) => ({ at, text: `  Telegram: ${plain(text).split('\n', 1)[0]}` })),
      ]
        .sort((a, b) => a.at - b.at)
        .map(({ at, text }) => `${((at - startedAt) / 1000).toFixed(1).padStart(7)} s  ${text}`)
        .join('\n'),
    logs: () =>
      readdirSync(join(directory, 'logs'), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && !entry.name.endsWith('.gz'))
        .map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'utf8'))
        .join('\n'),
  };
}

/** What a person reads of Telegram's HTML. */
export function plain(html: string): string {
  return html
    .replaceAll(/<[^>]+>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');
}

/** Fixed before the start, as a revived Oracle must come back on the port that is being watched. */
async function freePorts(): Promise<Record<string, string>> {
  const servers = await Promise.all(
    PORTS.map(async () => {
      const server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      return server;
    }),
  );
  const ports = servers.map((server) => String((server.address() as { port: number }).port));
  await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
  return Object.fromEntries(PORTS.map((name, i) => [name, ports[i] ?? '']));
}

function collect(child: ChildProcess): () => string {
  let text = '';
  const add = (chunk: Buffer): void => void (text += chunk.toString('utf8'));
  child.stdout?.on('data', add);
  child.stderr?.on('data', add);
  return () => text;
}
