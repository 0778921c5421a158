// From the kill of a real target to the accept of a real channel, over 60 targets killed at random phases of the poll,
// with the alerter's default intervals: npm run bench:kill [-- --runs 60 --seed 1]. Bar: p95 ≤ 25 s, max ≤ 30 s.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createRandom } from './random.mjs';

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '60' }, seed: { type: 'string', default: '1' } },
});
const runs = Number(values.runs);
/** Too far apart to be grouped (five within 2 s), so that every kill has a message of its own. */
const GAP_MS = { least: 600, most: 2600 };
const LONGEST_WAIT_MS = 40_000;

function listen(handler) {
  const server = createServer(handler);
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

const acceptedAt = new Map();
const receiver = await listen(async (request, response) => {
  const chunks = await request.toArray();
  const { alerts, status } = JSON.parse(Buffer.concat(chunks).toString());
  response.end('{}');
  for (const { labels } of alerts) {
    if (status === 'firing' && !acceptedAt.has(labels.service)) acceptedAt.set(labels.service, performance.now());
  }
});
const health = () =>
  JSON.stringify({
    status: 'healthy',
    timestamp: new Date().toISOString(),
    service: 's',
    version: '1',
    uptime_seconds: 1,
    checks: {},
  });
const targets = await Promise.all(
  Array.from({ length: runs }, async (_, index) => ({
    name: `target-${index}`,
    server: await listen((_request, response) => void response.end(health())),
  })),
);
const folder = mkdtempSync(join(tmpdir(), 'alerter-bench-'));
const path = join(folder, 'targets.json');
const file = {
  targets: targets.map(({ name, server }) => ({
    name,
    kind: 'service',
    url: `http://127.0.0.1:${server.address().port}`,
  })),
  channels: { receiver: { kind: 'webhook', url: `http://127.0.0.1:${receiver.address().port}` } },
};
writeFileSync(path, JSON.stringify(file));
const alerter = spawn(process.execPath, [fileURLToPath(new URL('../dist/main.js', import.meta.url))], {
  env: {
    PATH: process.env.PATH,
    NPS_CONFIG: path,
    ALERTER_PORT: '0',
    ...(process.env.DATABASE_URL ? { DATABASE_URL: process.env.DATABASE_URL } : {}),
  },
  stdio: ['ignore', 'pipe', 'inherit'],
});
await new Promise((resolve) => {
  createInterface({ input: alerter.stdout }).on(
    'line',
    (line) => JSON.parse(line).message === 'listening' && resolve(),
  );
});

try {
  const random = createRandom(Number(values.seed));
  await delay(8000);
  const killedAt = new Map();
  for (const { name, server } of targets) {
    await delay(GAP_MS.least + random() * (GAP_MS.most - GAP_MS.least));
    server.close();
    server.closeAllConnections();
    killedAt.set(name, performance.now());
  }
  const deadline = performance.now() + LONGEST_WAIT_MS;
  while (acceptedAt.size < runs && performance.now() < deadline) await delay(100);
  const seconds = [...acceptedAt].map(([name, at]) => (at - killedAt.get(name)) / 1000).sort((a, b) => a - b);
  const at = (share) => seconds[Math.ceil(share * seconds.length) - 1].toFixed(1);
  console.log(`kill to accept, ${seconds.length} of ${runs} told: p50 ${at(0.5)} s, p95 ${at(0.95)} s, max ${at(1)} s`);
  process.exitCode = seconds.length === runs && Number(at(0.95)) <= 25 && Number(at(1)) <= 30 ? 0 : 1;
} finally {
  alerter.kill();
  receiver.close();
  for (const { server } of targets) server.close();
  rmSync(folder, { recursive: true });
}
