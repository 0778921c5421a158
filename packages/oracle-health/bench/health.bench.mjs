// `/health` at 1,000 concurrent callers: ours (in the process and behind the sidecar's thread), @godaddy/terminus and a
// naive endpoint, all over one real PostgreSQL and interleaved in one run. The others connect for every request, as
// their users' checks do. Figures are ratios of medians.
import { spawn } from 'node:child_process';
import { Agent, createServer, get } from 'node:http';
import { fileURLToPath } from 'node:url';
import terminus from '@godaddy/terminus';
import { createHealth, healthEndpoints, postgresCheck, startSidecar } from '@nps/oracle-health';
import { startPostgres } from '@nps/testing';
import autocannon from 'autocannon';
import pg from 'pg';

const callers = 1_000;
const seconds = Number(process.env.BENCH_SECONDS ?? 3);
const rounds = Number(process.env.BENCH_ROUNDS ?? 5);

if (process.argv[2] === 'ask') await ask(Number(process.argv[3]));
else await main();

/** The client has a process of its own, so that its work does not count as the server's. */
async function ask(port) {
  const url = `http://127.0.0.1:${port}/health`;
  const { requests, non2xx, duration } = await autocannon({
    url,
    connections: callers,
    duration: seconds,
    timeout: 20,
  });
  const result = {
    perSecond: requests.total / duration,
    goodShare: (requests.total - non2xx) / requests.total,
    p99: await burst(url),
  };
  process.stdout.write(JSON.stringify(result));
}

/** p99 of 1,000 requests sent at once over connections that are open already, as pollers keep theirs; median of five. */
async function burst(url) {
  const agent = new Agent({ keepAlive: true, maxSockets: callers });
  const one = () =>
    new Promise((resolve, reject) => {
      const startedAt = performance.now();
      get(url, { agent }, (response) => response.resume().on('end', () => resolve(performance.now() - startedAt))).on(
        'error',
        reject,
      );
    });
  const p99s = [];
  for (let round = 0; round < 6; round += 1) {
    const latencies = await Promise.all(Array.from({ length: callers }, one)).catch(() => [Number.NaN]);
    if (round > 0) p99s.push(latencies.sort((a, b) => a - b)[Math.ceil(latencies.length * 0.99) - 1]);
  }
  agent.destroy();
  return p99s.sort((a, b) => a - b)[2];
}

function measure(port) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [fileURLToPath(import.meta.url), 'ask', String(port)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let text = '';
    child.stdout.on('data', (part) => (text += part));
    child.once('exit', (code) =>
      code === 0 ? resolve(JSON.parse(text)) : reject(new Error(`the asker ended with ${code}`)),
    );
  });
}

/** What a check looks like that nobody thought about twice. */
async function connectAndSelect(connectionString) {
  const client = new pg.Client({ connectionString });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('SELECT 1');
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function listen(server) {
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server.address().port;
}

async function main() {
  const postgres = await startPostgres();
  const connectionString = postgres.connectionString();
  const health = createHealth({ service: 'oracle', version: '1', checks: [postgresCheck({ connectionString })] });
  const sidecar = await startSidecar({ health, port: 0 });
  const ours = createServer(healthEndpoints(health));
  const naive = createServer((_request, response) => {
    connectAndSelect(connectionString).then(
      () => response.end('{"status":"healthy"}'),
      () => response.writeHead(503).end('{"status":"down"}'),
    );
  });
  const theirs = createServer((_request, response) => response.end());
  terminus.createTerminus(theirs, {
    healthChecks: { '/health': () => connectAndSelect(connectionString) },
    useExit0: true,
  });
  const bare = createServer((_request, response) => response.end('x'.repeat(500)));
  const candidates = new Map([
    ['bare node:http', await listen(bare)],
    ['ours, in the process', await listen(ours)],
    ['ours, sidecar thread', sidecar.port],
    ['@godaddy/terminus', await listen(theirs)],
    ['naive endpoint', await listen(naive)],
  ]);
  const results = new Map([...candidates.keys()].map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, port] of candidates) {
      results.get(name).push(await measure(port));
    }
  }
  print(results);
  await sidecar.stop();
  for (const server of [bare, ours, naive, theirs]) server.closeAllConnections();
  for (const server of [bare, ours, naive, theirs]) server.close();
  await postgres.remove();
}

function print(results) {
  const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
  const of = (name, key) => median(results.get(name).map((run) => run[key]));
  const ratio = (name, other) => `${(of(name, 'perSecond') / of(other, 'perSecond')).toFixed(1)}×`;
  process.stdout.write(
    `/health, ${callers} concurrent callers, medians of ${rounds} rounds of ${seconds} s; p99 of a burst\n`,
  );
  for (const name of results.keys()) {
    const rate = `${of(name, 'perSecond').toFixed(0).padStart(6)}/s`;
    const good = `${(of(name, 'goodShare') * 100).toFixed(0).padStart(3)} % good`;
    const p99 = `p99 ${of(name, 'p99').toFixed(0).padStart(5)} ms`;
    const ratios = `${ratio(name, 'naive endpoint')} naive, ${ratio(name, '@godaddy/terminus')} terminus`;
    process.stdout.write(`${name.padEnd(22)} ${rate}  ${good}  ${p99}  ${ratios}\n`);
  }
}
