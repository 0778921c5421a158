import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { waitFor } from '@nps/testing';
import { type Stack, startStack } from './stack.js';

const installed = spawnSync('prometheus', ['--version']).status === 0;
if (!installed)
  console.warn('SKIPPED: no `prometheus` on this machine (Debian package prometheus), so no stock target is watched');

/** A program that nobody here wrote, watched by its own /metrics. */
(installed ? describe : describe.skip)('a stock Prometheus as a target', () => {
  let directory: string;
  let prometheus: ChildProcess;
  let stack: Stack;
  let port: number;

  const start = async (): Promise<ChildProcess> => {
    const child = spawn(
      'prometheus',
      [
        `--config.file=${join(directory, 'prometheus.yml')}`,
        `--storage.tsdb.path=${join(directory, 'tsdb')}`,
        `--web.listen-address=127.0.0.1:${port}`,
      ],
      { stdio: 'ignore' },
    );
    await waitFor(async () => (await fetch(`http://127.0.0.1:${port}/-/ready`)).ok, { timeoutMs: 20_000 });
    return child;
  };

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'stock-'));
    writeFileSync(join(directory, 'prometheus.yml'), 'scrape_configs: []\n');
    const probe = createServer().listen(0, '127.0.0.1');
    await new Promise((done) => probe.once('listening', done));
    port = (probe.address() as { port: number }).port;
    await new Promise((done) => probe.close(done));
    prometheus = await start();
    const file = join(directory, 'watch.json');
    const target = { name: 'prometheus', kind: 'prometheus', url: `http://127.0.0.1:${port}/metrics` };
    writeFileSync(file, JSON.stringify({ targets: [target] }));
    stack = await startStack(['--config', file]);
  });
  afterAll(async () => {
    console.log(`${stack?.timeline()}\n`);
    prometheus?.kill('SIGKILL');
    await stack?.remove();
    rmSync(directory, { recursive: true, force: true });
  });

  it('is shown as healthy, told as down after a SIGKILL, and as recovered', async () => {
    const statusOf = async (): Promise<string | undefined> => {
      const body = (await (await fetch(`${stack.dashboardUrl}/api/status`)).json()) as {
        services: Record<string, { health?: { status?: string } | null; status?: string }>;
      };
      return body.services['prometheus']?.status ?? body.services['prometheus']?.health?.status;
    };
    await waitFor(async () => (await statusOf()) === 'healthy', { timeoutMs: 30_000, what: 'healthy in /api/status' });

    const killedAt = stack.mark('Prometheus is killed (SIGKILL)');
    prometheus.kill('SIGKILL');
    const text = await stack.message('🚨 CRITICAL: prometheus service is DOWN! Error: ', killedAt, 30_000);
    expect(text).toContain('Component:');

    const startedAt = stack.mark('Prometheus is started again');
    prometheus = await start();
    await stack.message('ℹ️ INFO: prometheus service recovered', startedAt, 30_000);
    expect(stack.telegram.messages).toHaveLength(2);
  });
});
