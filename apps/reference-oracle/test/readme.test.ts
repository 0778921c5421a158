import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, jest } from '@jest/globals';
import { migrations } from '@nps/oracle-metrics/postgres';
import { createTestDatabase, waitFor } from '@nps/testing';
import { Pool } from 'pg';
import { FAULT_NAMES } from '../src/faults.js';
import { allOperations } from '../src/operations/all-operations.js';
import { migrate } from '../src/store/migrate.js';

jest.setTimeout(60_000);

const APP = fileURLToPath(new URL('..', import.meta.url));
const README = readFileSync(join(APP, 'README.md'), 'utf8');
const STEPS = Array.from(README.matchAll(/```js\n([\s\S]*?)```/g), ([, code = '']) => code);

describe('README', () => {
  it('shows each of the nine steps in ten lines or fewer', () => {
    expect(STEPS).toHaveLength(9);
    for (const step of STEPS) expect(step.trim().split('\n').length).toBeLessThanOrEqual(10);
  });

  it('has nine steps that make a service with health, metrics, jobs and logs, and stop it in order', async () => {
    const database = await createTestDatabase();
    const pool = new Pool({ connectionString: database.connectionString });
    await migrate(pool, migrations);
    await pool.end();
    const logs = mkdtempSync(join(tmpdir(), 'greeter-'));
    // `--input-type=module` resolves imports from the working directory, as a file in this app would.
    const child = spawn(process.execPath, ['--input-type=module', '--eval', STEPS.join('\n')], {
      cwd: APP,
      env: { PATH: process.env['PATH'] ?? '', DATABASE_URL: database.connectionString, LOG_DIR: logs, PORT: '0' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [output, errors] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    const exited = once(child, 'exit');
    try {
      const line = await waitFor(
        () =>
          output.split('\n').find((text) => text.includes('"listening"')) ??
          (errors && Promise.reject(new Error(errors))),
        {
          timeoutMs: 20_000,
        },
      );
      const { port, sidecar_port: sidecarPort } = JSON.parse(line) as {
        readonly port: number;
        readonly sidecar_port: number;
      };
      const get = async (path: string) =>
        (await fetch(`http://127.0.0.1:${sidecarPort}${path}`)).json() as Promise<any>; // oxlint-disable-line typescript/no-explicit-any
      expect(await (await fetch(`http://127.0.0.1:${port}/greet/ada`)).json()).toMatchObject({ hello: 'ada' });
      expect(await waitFor(async () => (await get('/health')).status === 'healthy')).toBe(true);
      const metrics = await get('/metrics');
      expect(metrics.performance.reading_time.count).toBe(2);
      expect(metrics).toMatchObject({ total_users: 2, tokens_used: 160, error_rate: 0 });
      expect(metrics.cost_usd).toBeCloseTo(0.00032, 6);
      await waitFor(async () => (await get('/jobs/stats/hourly-greeting')).successful_runs === 1);
      child.kill('SIGTERM');
      expect(await exited).toEqual([0, null]);
      const lines = readFileSync(join(logs, 'greeter.log'), 'utf8')
        .trim()
        .split('\n')
        .map((text) => JSON.parse(text));
      expect(lines.find((entry) => entry.user_id === 'ada')).toMatchObject({
        action: 'greet',
        request_id: expect.any(String),
      });
      expect(lines.find((entry) => entry.user_id === 'everybody')).toMatchObject({ request_id: 'job-1' });
      expect(errors).toBe('');
    } finally {
      child.kill('SIGKILL');
      await database.drop();
      rmSync(logs, { recursive: true, force: true });
    }
  });

  it('names every RPC, every fault and every variable that the configuration reads', () => {
    for (const { name } of allOperations) expect(README).toContain(name);
    for (const fault of FAULT_NAMES) expect(README).toContain(`{"fault": "${fault}"}`);
    const sources =
      readFileSync(join(APP, 'src/config.ts'), 'utf8') + readFileSync(join(APP, 'src/load/config.ts'), 'utf8');
    const variables = new Set(Array.from(sources.matchAll(/'([A-Z]{2,}(?:_[A-Z]+)+)'/g), ([, name = '']) => name));
    expect(variables.size).toBeGreaterThan(18);
    for (const variable of variables) if (variable !== 'CONFIGURATION') expect(README).toContain(`\`${variable}\``);
  });
});
