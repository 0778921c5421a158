// kill -9 of the alerter in the delivery window, again and again: npm run soak [-- --runs 200 --seed 1]. Every outage must
// be told (0 lost), at most twice. Needs a PostgreSQL in DATABASE_URL, or starts one of its own.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startPostgres } from '@nps/testing';
import { createRandom } from './random.mjs';

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '200' }, seed: { type: 'string', default: '1' } },
});
const runs = Number(values.runs);
const random = createRandom(Number(values.seed));
/** The channel takes this long, so that there is a window between its accept and the record of it. */
const CHANNEL_MS = 150;
const WINDOW_MS = 2 * CHANNEL_MS;
const LAST_WAIT_MS = 60_000;

const postgres = process.env.DATABASE_URL ? null : await startPostgres();
const connectionString = process.env.DATABASE_URL ?? postgres.connectionString();
const copies = new Map();
/** How often an alerter died while a copy of this message was between its request and a while after its answer. */
const deaths = new Map();
const windowUntil = new Map();
let alerter = null;
let kills = 0;
let phase = 'running';

function startAlerter() {
  if (phase === 'over') return;
  alerter = spawn(process.execPath, [fileURLToPath(new URL('../dist/main.js', import.meta.url))], {
    env: {
      PATH: process.env.PATH,
      DATABASE_URL: connectionString,
      NPS_CONFIG: path,
      ALERTER_PORT: '0',
      ALERTER_NAME: 'soak',
      ALERT_COLLECT_INTERVAL: '1',
      ALERT_CHECK_INTERVAL: '1',
    },
    stdio: 'ignore',
  });
  alerter.on('exit', startAlerter);
}

function listen(handler) {
  const server = createServer(handler);
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

const receiver = await listen(async (request, response) => {
  const chunks = await request.toArray().catch(() => []);
  if (chunks.length === 0) return;
  const { alerts, status } = JSON.parse(Buffer.concat(chunks).toString());
  for (const { labels } of status === 'firing' ? alerts : []) {
    const before = copies.get(labels.service) ?? 0;
    copies.set(labels.service, before + 1);
    windowUntil.set(labels.service, performance.now() + WINDOW_MS);
    // The first copy's sender dies somewhere between the request and a while after the answer.
    if (before === 0) setTimeout(() => kill(alerter), random() * WINDOW_MS);
  }
  setTimeout(() => response.end('{}'), CHANNEL_MS);
});

function kill(child) {
  if (phase === 'over' || child.exitCode !== null || child.signalCode !== null) return;
  kills += 1;
  for (const [service, untilMs] of windowUntil) {
    if (performance.now() <= untilMs + CHANNEL_MS) deaths.set(service, (deaths.get(service) ?? 0) + 1);
  }
  child.kill('SIGKILL');
}

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
const folder = mkdtempSync(join(tmpdir(), 'alerter-soak-'));
const path = join(folder, 'targets.json');
writeFileSync(
  path,
  JSON.stringify({
    targets: targets.map(({ name, server }) => ({
      name,
      kind: 'service',
      url: `http://127.0.0.1:${server.address().port}`,
    })),
    channels: { receiver: { kind: 'webhook', url: `http://127.0.0.1:${receiver.address().port}` } },
  }),
);

startAlerter();
try {
  await delay(4000);
  for (const { server } of targets) {
    server.close();
    server.closeAllConnections();
    await delay(2500 + random() * 2500);
  }
  const deadline = performance.now() + LAST_WAIT_MS;
  while (copies.size < runs && performance.now() < deadline) await delay(200);
  await delay(10_000); // a third copy would come by now
  const counts = targets.map(({ name }) => copies.get(name) ?? 0);
  const times = (wanted) => counts.filter((count) => count === wanted).length;
  // A kill for one outage may hit the second copy of another: each death allows one copy more.
  const unexplained = targets.filter(({ name }) => (copies.get(name) ?? 0) > 1 + (deaths.get(name) ?? 0)).length;
  console.log(`${runs} outages, ${kills} × kill -9 in the delivery window: ${times(0)} lost`);
  console.log(`copies: ${times(1)} once, ${times(2)} twice, ${counts.filter((count) => count > 2).length} more often`);
  console.log(`copies that no death in their window explains: ${unexplained}`);
  process.exitCode = times(0) === 0 && unexplained === 0 ? 0 : 1;
} finally {
  phase = 'over';
  alerter?.kill('SIGKILL');
  receiver.closeAllConnections();
  receiver.close();
  for (const { server } of targets) server.close();
  await postgres?.remove();
  rmSync(folder, { recursive: true });
}
