import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { waitFor } from '@nps/testing';
import { type Json, type OracleUnderTest, startOracleUnderTest } from './oracle-under-test.js';

jest.setTimeout(90_000);

const installed = ['promtool', 'prometheus'].every((tool) => spawnSync(tool, ['--version']).error === undefined);
if (!installed)
  process.stderr.write(
    '\n*** SKIPPED: promtool and prometheus (Debian package "prometheus") are not installed. ' +
      'The reference Oracle was neither linted nor scraped by a real Prometheus. ***\n\n',
  );

const READING = { user_id: 'u-1', name: 'Ada', birth_date: '1815-12-10' };
const READINGS = 12;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A real Prometheus that scrapes the Oracle's sidecar every second; answers how to ask it and how to stop it. */
async function startPrometheus(sidecarUrl: string, flags: readonly string[]) {
  const directory = mkdtempSync(join(tmpdir(), 'oracle-prometheus-'));
  const target = new URL(sidecarUrl).host;
  writeFileSync(
    join(directory, 'prometheus.yml'),
    `scrape_configs:\n- {job_name: oracle, scrape_interval: 1s, static_configs: [{targets: ['${target}']}]}\n`,
  );
  const port = await freePort();
  const child = spawn(
    'prometheus',
    [
      `--config.file=${directory}/prometheus.yml`,
      `--storage.tsdb.path=${directory}/data`,
      `--web.listen-address=127.0.0.1:${port}`,
      ...flags,
    ],
    { stdio: 'ignore' },
  );
  const ask = async (query: string): Promise<Json> => {
    const reply = await fetch(`http://127.0.0.1:${port}/api/v1/query?query=${encodeURIComponent(query)}`);
    return (await reply.json()) as Json;
  };
  const value = async (query: string): Promise<number> => Number((await ask(query))['data'].result[0]?.value?.[1]);
  const stop = async (): Promise<void> => {
    child.kill('SIGKILL');
    await once(child, 'exit');
    rmSync(directory, { recursive: true, force: true });
  };
  await waitFor(async () => (await value('up').catch(() => 0)) === 1, { timeoutMs: 45_000 });
  return { ask, value, stop };
}

(installed ? describe : describe.skip)('what the reference Oracle exposes', () => {
  let running: OracleUnderTest;

  beforeAll(async () => {
    running = await startOracleUnderTest();
    for (let reading = 0; reading < READINGS; reading++) await running.post(READING);
    await running.post({ user_id: 'u-1', birth_date: 'never' });
    for (const method of ['GetReading', 'GetDailyInsight', 'HealthCheck'])
      await running.call(method, READING).catch(() => undefined);
  });

  afterAll(() => running.stop());

  it('leaves promtool with nothing to say', async () => {
    const text = await (await fetch(`${running.sidecarUrl}/metrics/prometheus`)).text();
    const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], { input: text, encoding: 'utf8' });
    expect([status, stdout, stderr]).toEqual([0, '', '']);
    expect(text.length).toBeGreaterThan(10_000);
  });

  it('gives a Prometheus the numbers that its own report tells', async () => {
    const prometheus = await startPrometheus(running.sidecarUrl, []);
    try {
      const { body: report } = await running.get('/metrics.json');
      const { value } = prometheus;
      expect(await value('sum(oracle_readings_total)')).toBe(report['performance'].reading_time.count);
      expect(await value('sum(oracle_readings_total)')).toBeGreaterThanOrEqual(READINGS);
      expect(await value('sum(operation_duration_seconds_count{operation="reading"})')).toBe(
        report['performance'].reading_time.count,
      );
      expect(await value('http_requests_total{method="POST",endpoint="/api/oracle/reading",status="200"}')).toBe(
        READINGS,
      );
      const rpcs = Object.values(report['rpc'] as Json).reduce((sum: number, { count }) => sum + count, 0);
      expect(await value('sum(rpc_requests_total)')).toBe(rpcs);
      const p95 = await value(
        'histogram_quantile(0.95, sum by (le) (operation_duration_seconds_bucket{operation="reading"}))',
      );
      expect(p95).toBeGreaterThan(0);
    } finally {
      await prometheus.stop();
    }
  });

  it('gives a Prometheus that takes native histograms each bucket', async () => {
    const prometheus = await startPrometheus(running.sidecarUrl, ['--enable-feature=native-histograms']);
    try {
      const { body: report } = await running.get('/metrics.json');
      const { p95, count } = report['performance'].reading_time;
      expect(await prometheus.value('histogram_count(sum(operation_duration_seconds{operation="reading"}))')).toBe(
        count,
      );
      const theirs = await prometheus.value(
        'histogram_quantile(0.95, sum(operation_duration_seconds{operation="reading"}))',
      );
      // Of so few readings both answer from the bucket of the slowest, whose ends are 2.2 % apart.
      expect(Math.abs((theirs * 1000) / p95 - 1)).toBeLessThan(0.023);
    } finally {
      await prometheus.stop();
    }
  });
});
