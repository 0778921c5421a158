import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { createTestDatabase, waitFor } from '@nps/testing';
import { Client } from 'pg';

import {
  aiApiCheck,
  createHealth,
  grpcCheck,
  healthEndpoints,
  httpCheck,
  postgresCheck,
  redisCheck,
  tcpCheck,
  telegramCheck,
  tlsCertificateCheck,
} from '../src/index.js';
import { hang, startTcpPeer } from './peers/tcp-peer.js';

const percentile = (values: readonly number[], share: number) =>
  values.toSorted((a, b) => a - b)[Math.ceil(values.length * share) - 1] ?? Number.NaN;

async function serve(handler: ReturnType<typeof healthEndpoints>) {
  const server = createServer(handler);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

// Handles of the process that a leak would add to: sockets, servers, timers.
const handles = () =>
  process
    .getActiveResourcesInfo()
    .filter((kind) => /TCP|Timeout|TLS|Pipe/.test(kind))
    .toSorted();

describe('the figures of the health row', () => {
  it('eight hanging dependencies: every one of 500 answers within two seconds, and nothing left behind', async () => {
    const peer = await startTcpPeer(hang);
    const { port } = peer;
    const url = `http://127.0.0.1:${port}`;
    const before = handles();
    const health = createHealth({
      service: 'oracle',
      version: '1',
      intervalMs: 100,
      checks: [
        postgresCheck({ connectionString: `postgres://u:p@127.0.0.1:${port}/x` }),
        redisCheck({ url: `redis://127.0.0.1:${port}` }),
        httpCheck({ url }),
        grpcCheck({ address: `127.0.0.1:${port}` }),
        tlsCertificateCheck({ host: '127.0.0.1', port }),
        aiApiCheck({ baseUrl: url, apiKey: 'k', intervalMs: 100, timeoutMs: 1_000 }),
        telegramCheck({ baseUrl: url, token: '1:k', intervalMs: 100, timeoutMs: 1_000 }),
        httpCheck({ name: 'http2', url }),
      ],
    });
    const server = await serve(healthEndpoints(health));
    // The client's own warm-up is not ours to answer for.
    await (await fetch(`${server.url}/livez`)).text();
    health.start();
    const latencies: number[] = [];
    for (let batch = 0; batch < 10; batch += 1) {
      const answers = Array.from({ length: 50 }, async () => {
        const startedAt = performance.now();
        const response = await fetch(`${server.url}/health`);
        const { checks } = (await response.json()) as { checks: Record<string, { error?: string }> };
        expect(Object.values(checks).every(({ error }) => error === 'TIMEOUT')).toBe(true);
        expect(response.status).toBe(503);
        latencies.push(performance.now() - startedAt);
      });
      await Promise.all(answers);
    }
    await health.stop();
    await server.stop();
    await waitFor(() => peer.open() === 0);
    await waitFor(() => handles().length <= before.length + 2, { what: 'the handles to go' });
    process.stdout.write(
      `8 hanging dependencies, 500 requests: p100 ${Math.round(Math.max(...latencies))} ms; handles before ${before.length}, after ${handles().length}; ${peer.taken()} connections taken, ${peer.open()} open\n`,
    );
    await peer.stop();
    expect(latencies).toHaveLength(500);
    expect(Math.max(...latencies)).toBeLessThan(2_000);
  }, 40_000);

  it('the deadline of two seconds holds without being told', async () => {
    const peer = await startTcpPeer(hang);
    const check = tcpCheck({ host: '127.0.0.1', port: peer.port });
    const hanging = { ...check, timeoutMs: 60_000, run: () => new Promise<void>(() => undefined) };
    const startedAt = performance.now();
    const report = await createHealth({ service: 'oracle', version: '1', checks: [hanging] }).check();
    const tookMs = performance.now() - startedAt;
    expect(report.status).toBe('down');
    expect(tookMs).toBeGreaterThan(1_400);
    expect(tookMs).toBeLessThan(2_000);
    await peer.stop();
  });

  it('1,000 concurrent callers: one connection per dependency', async () => {
    const database = await createTestDatabase();
    const peer = await startTcpPeer(hang);
    const health = createHealth({
      service: 'oracle',
      version: '1',
      intervalMs: 60_000,
      minIntervalMs: 60_000,
      checks: [
        postgresCheck({ connectionString: database.connectionString }),
        tcpCheck({ host: '127.0.0.1', port: peer.port }),
      ],
    });
    const reports = await Promise.all(Array.from({ length: 1_000 }, () => health.check()));
    expect(new Set(reports.map(({ status }) => status))).toEqual(new Set(['healthy']));
    expect(peer.taken()).toBe(1);
    health.start();
    await waitFor(() => health.isComplete());
    const latencies = await Promise.all(
      Array.from({ length: 1_000 }, async () => {
        const startedAt = performance.now();
        await health.current();
        return performance.now() - startedAt;
      }),
    );
    await health.stop();
    const client = new Client({ connectionString: database.connectionString });
    await client.connect();
    const { rows } = await client.query(
      "SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = 'nps-oracle-health'",
    );
    expect(rows).toEqual([{ n: 0 }]);
    await client.end();
    process.stdout.write(
      `1,000 concurrent callers: ${peer.taken()} connection(s) to the dependency in two bursts; p99 ${percentile(latencies, 0.99).toFixed(1)} ms\n`,
    );
    expect(peer.taken()).toBeLessThanOrEqual(2);
    await peer.stop();
    await database.drop();
  });
});
