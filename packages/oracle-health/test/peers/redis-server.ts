import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { waitFor } from '@nps/testing';
import { probe } from '../../src/client/index.js';
import { closedPort } from './tcp-peer.js';

/** The real server's program, if this machine has one (Debian: `apt-get install redis-server`). */
export const redisProgram = (process.env['PATH'] ?? '')
  .split(delimiter)
  .map((folder) => join(folder, 'redis-server'))
  .find((path) => existsSync(path));

/** Starts a real Redis on the loopback with further settings. */
export async function startRedis(settings: readonly string[] = []) {
  const port = await closedPort();
  const directory = mkdtempSync(join(tmpdir(), 'health-redis-'));
  const base = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', directory];
  const child = spawn(redisProgram ?? 'redis-server', [...base, ...settings], { stdio: 'ignore' });
  const exited = new Promise((resolve) => child.once('exit', resolve));
  const url = `redis://127.0.0.1:${port}`;
  await waitFor(async () => {
    const result = await probe({ name: 'redis', kind: 'redis', url });
    return result.outcome === 'report' || result.reason !== 'refused';
  });
  return {
    port,
    url,
    async stop() {
      child.kill('SIGKILL');
      await exited;
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
