import { once } from 'node:events';
import { createServer } from 'node:http';
import { expect, it } from '@jest/globals';
import { createSketch } from '@nps/oracle-metrics';
import { createRemoteWrite } from '@nps/oracle-metrics/prometheus-history';
import { hasPrometheus, startPrometheus, waitFor } from '@nps/testing';
import type { HistoryReply } from '../../src/contract/history.js';
import type { LogsReply } from '../../src/contract/logs.js';
import { readConfig } from '../../src/server/config.js';
import { createWorld } from './world.js';

const MINUTE = 60_000;

function minuteOf(atMs: number) {
  const sketch = createSketch();
  sketch.record(0.25);
  sketch.record(0.25);
  const minute = new Date(Math.floor(atMs / MINUTE) * MINUTE).toISOString();
  return { service: 'elsewhere', operation: 'reading', minute, count: 2, errors: 1, sketch: sketch.encode() };
}

(hasPrometheus('charts of the dashboard by PromQL') ? it : it.skip)(
  'draws its charts from a real Prometheus',
  async () => {
    const prometheus = await startPrometheus();
    const world = await createWorld({ env: { PROMETHEUS_URL: prometheus.url } });
    try {
      const write = createRemoteWrite({ url: `${prometheus.url}/api/v1/write` });
      await write.store([10, 9, 8].map((ago) => minuteOf(Date.now() - ago * MINUTE)));
      const points = await waitFor(async () => {
        const reply = await fetch(`${world.url}/api/history?service=elsewhere&operation=reading&range=1h`);
        const { points: found } = (await reply.json()) as HistoryReply;
        return found.length === 3 ? found : null;
      });
      expect(points.map(({ count, errors, p95 }) => [count, errors, p95])).toEqual([
        [2, 1, 250],
        [2, 1, 250],
        [2, 1, 250],
      ]);
      expect(world.errors).toEqual([]);
    } finally {
      await world.remove();
      await prometheus.stop();
    }
  },
);

it('shows the lines that Elasticsearch found, and says in words when it does not answer', async () => {
  const hit = {
    _id: 'x',
    _source: { '@timestamp': '2026-02-08T14:30:00.123Z', message: 'from the engine', level: 'INFO' },
  };
  const engine = createServer((request, response) => {
    request.resume().on('end', () => response.end(JSON.stringify({ hits: { hits: [hit] } })));
  }).listen(0, '127.0.0.1');
  await once(engine, 'listening');
  const { port } = engine.address() as { port: number };
  const world = await createWorld({ env: { ELASTICSEARCH_URL: `http://127.0.0.1:${port}` } });
  try {
    const { lines } = (await (await fetch(`${world.url}/api/logs`)).json()) as LogsReply;
    expect(lines.map(({ message }) => message)).toEqual(['from the engine']);
    engine.closeAllConnections();
    engine.close();
    const refused = await fetch(`${world.url}/api/logs?text=x`);
    expect(refused.status).toBe(503);
    expect(await refused.json()).toMatchObject({
      detail: expect.stringContaining('Elasticsearch gave no complete answer'),
    });
  } finally {
    await world.remove();
    engine.close();
  }
});

it('refuses an engine for charts without the database that keeps the rest', () => {
  const faults = readConfig({ PROMETHEUS_URL: 'http://prometheus:9090' });
  expect(faults).toEqual({ outcome: 'faults', faults: [expect.stringContaining('so set both')] });
  expect(readConfig({ ELASTICSEARCH_URL: 'elastic' })).toMatchObject({
    faults: [expect.stringContaining('ELASTICSEARCH_URL')],
  });
});
