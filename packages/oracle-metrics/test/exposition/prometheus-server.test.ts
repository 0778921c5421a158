import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { waitFor } from '@nps/testing';
import { createMetrics, createSketch, metricsEndpoint, type OracleMetrics } from '../../src/index.js';
import { bucketUpperBound } from '../../src/sketch/bucket-index.js';
import { lognormal, seededRandom } from '../distributions.js';

const installed = spawnSync('prometheus', ['--version']).error === undefined;
if (!installed)
  process.stderr.write('SKIPPED: prometheus is not installed (Debian package "prometheus"); no real server scraped.\n');

interface QueryAnswer {
  readonly data: {
    readonly result: readonly {
      readonly value?: readonly [number, string];
      readonly histogram?: readonly [
        number,
        { readonly count: string; readonly buckets: readonly (readonly [number, string, string, string])[] },
      ];
    }[];
  };
}

const closers: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function serve(metrics: OracleMetrics, accepted: Set<string>): Promise<number> {
  const handle = metricsEndpoint(metrics);
  const server: Server = createServer((req, res) => {
    accepted.add((req.headers.accept ?? '').split(/[;,]/)[0] ?? '');
    handle(req, res);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as { port: number }).port;
}

async function freePort(): Promise<number> {
  const server = createTcpServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function startPrometheus(
  targets: readonly number[],
  flags: readonly string[],
): Promise<(query: string) => Promise<QueryAnswer>> {
  const directory = mkdtempSync(join(tmpdir(), 'prometheus-'));
  const list = targets.map((port) => `'127.0.0.1:${port}'`).join(', ');
  writeFileSync(
    join(directory, 'prometheus.yml'),
    `scrape_configs:\n- {job_name: oracle, scrape_interval: 1s, static_configs: [{targets: [${list}]}]}\n`,
  );
  const port = await freePort();
  const child: ChildProcess = spawn(
    'prometheus',
    [
      `--config.file=${directory}/prometheus.yml`,
      `--storage.tsdb.path=${directory}/data`,
      `--web.listen-address=127.0.0.1:${port}`,
      ...flags,
    ],
    { stdio: 'ignore' },
  );
  closers.push(async () => {
    child.kill('SIGKILL');
    await once(child, 'exit');
    rmSync(directory, { recursive: true, force: true });
  });
  const ask = async (query: string): Promise<QueryAnswer> =>
    (await (
      await fetch(`http://127.0.0.1:${port}/api/v1/query?query=${encodeURIComponent(query)}`)
    ).json()) as QueryAnswer;
  await waitFor(
    async () => Number((await ask('sum(up)').catch(() => null))?.data.result[0]?.value?.[1]) === targets.length,
    { timeoutMs: 30_000 },
  );
  return ask;
}

function replica(durations: readonly number[]): OracleMetrics {
  const metrics = createMetrics({ service: 'oracle' });
  for (const ms of durations) metrics.recordReadingTime(ms);
  return metrics;
}

(installed ? describe : describe.skip)('a real Prometheus', () => {
  const random = seededRandom(7);
  const shards = [lognormal(random, 3000), lognormal(random, 3000).map((ms) => ms * 10)];

  it('reads OpenMetrics and counts exactly below a bucket’s bound', async () => {
    const accepted = new Set<string>();
    const ports = [];
    for (const shard of shards) ports.push(await serve(replica(shard), accepted));
    const ask = await startPrometheus(ports, []);
    expect([...accepted]).toEqual(['application/openmetrics-text']);
    const value = async (query: string): Promise<number> => Number((await ask(query)).data.result[0]?.value?.[1]);
    expect(await value('sum(oracle_readings_total)')).toBe(6000);
    expect(await value('sum(operation_duration_seconds_bucket{operation="reading",le="0.5"})')).toBe(
      shards.flat().filter((ms) => ms <= 500).length,
    );
    const seconds = shards.flat().reduce((sum, ms) => sum + ms / 1000, 0);
    expect(await value('sum(operation_duration_seconds_sum{operation="reading"})')).toBeCloseTo(seconds, 3);
    expect(await value('app_info{version="0.0.0"}')).toBe(1);
  }, 60_000);

  it('sums the native histograms of two replicas without a differing bucket', async () => {
    const accepted = new Set<string>();
    const ports = [];
    for (const shard of shards) ports.push(await serve(replica(shard), accepted));
    const ask = await startPrometheus(ports, ['--enable-feature=native-histograms']);
    expect([...accepted]).toEqual(['application/vnd.google.protobuf']);
    const answer = await ask('sum(operation_duration_seconds{operation="reading"})');
    const summed = answer.data.result[0]?.histogram?.[1];
    const whole = createSketch();
    for (const ms of shards.flat()) whole.record(ms / 1000);
    expect(Number(summed?.count)).toBe(6000);
    const buckets = summed?.buckets.map(([, , upper, count]) => [Number(upper).toPrecision(12), Number(count)]);
    expect(buckets).toEqual(
      whole.buckets().map(({ index, count }) => [bucketUpperBound(index).toPrecision(12), count]),
    );
    const p95 = Number(
      (await ask('histogram_quantile(0.95, sum(operation_duration_seconds{operation="reading"}))')).data.result[0]
        ?.value?.[1],
    );
    expect(Math.abs(p95 / (whole.quantile(0.95) as number) - 1)).toBeLessThan(0.0217);
  }, 60_000);
});
