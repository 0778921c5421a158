import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { waitFor } from './wait-for.js';

/** A real Prometheus of this machine. */
export interface Prometheus {
  readonly url: string;
  /** Kills it and removes its data. */
  stop(): Promise<void>;
}

/** Whether the program is here (Debian's package `prometheus`); says so loudly when it is not. */
export function hasPrometheus(whatIsSkipped: string): boolean {
  const installed = spawnSync('prometheus', ['--version']).error === undefined;
  if (!installed) process.stderr.write(`SKIPPED: prometheus is not installed, so ${whatIsSkipped} was not tried.\n`);
  return installed;
}

/**
 * Starts one on a free loopback port, with an empty store.
 * @param options `config`: its configuration file (YAML), empty by default; `flags`: more of the command line
 */
export async function startPrometheus(
  options: { readonly config?: string; readonly flags?: readonly string[] } = {},
): Promise<Prometheus> {
  const directory = mkdtempSync(join(tmpdir(), 'prometheus-'));
  writeFileSync(join(directory, 'prometheus.yml'), options.config ?? '');
  const url = `http://127.0.0.1:${await freePort()}`;
  const child = spawn(
    'prometheus',
    [
      `--config.file=${join(directory, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(directory, 'data')}`,
      `--web.listen-address=${new URL(url).host}`,
      '--web.enable-remote-write-receiver',
      ...(options.flags ?? []),
    ],
    { stdio: ['ignore', 'ignore', 'ignore'] },
  );
  const ended = once(child, 'exit');
  await waitFor(async () => (await fetch(`${url}/-/ready`)).ok);
  return {
    url,
    async stop() {
      child.kill('SIGKILL');
      await ended;
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
