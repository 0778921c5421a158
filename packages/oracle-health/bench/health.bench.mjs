// The figures of health: a thousand callers, a thousand connections or one, dependencies that hang, memory. Clients and
// measured services are processes of their own. About three minutes.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { connect, createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import {
  createHealth,
  grpcCheck,
  healthEndpoints,
  httpCheck,
  postgresCheck,
  redisCheck,
  tlsCertificateCheck,
} from '@nps/oracle-health';
import { benchSection, startPostgres } from '@nps/testing';

const candidates = [
  'bare node:http',
  'ours, in the process',
  'ours, sidecar thread',
  '@godaddy/terminus',
  'naive endpoint',
];
const callers = 1_000;
const rounds = Number(process.env.BENCH_ROUNDS ?? 5);
const run = promisify(execFile);
const pollersPath = fileURLToPath(new URL('pollers.mjs', import.meta.url));
const section = benchSection('health');

const postgres = await startPostgres();
await crowd(postgres.connectionString());
await connections(postgres);
await hanging();
await memory(postgres.connectionString());
await postgres.remove();
section.finish();

/** Rate and latency at a thousand callers, interleaved. */
async function crowd(connectionString) {
  const { ports, stop } = await startCandidates(candidates, connectionString);
  const names = candidates;
  const results = new Map(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const name of names) {
      const rate = await pollers(ports[name], 'crowd', 2);
      const isSlow = name === 'naive endpoint' || name === '@godaddy/terminus';
      const { p99s, p50s } = await pollers(ports[name], 'bursts', isSlow ? 2 : 4);
      results.get(name).push({ ...rate, p99: median(p99s), p50: median(p50s) });
    }
  }
  stop();
  const of = (name, key) => median(results.get(name).map((result) => result[key]));
  const ratio = (name, other) => of(name, 'perSecond') / of(other, 'perSecond');
  section.table(
    `GET /health, ${callers} keep-alive connections on plain sockets; rate: all ask again at once; latency: all ask at the same moment, once a second; medians of ${rounds} rounds`,
    ['', 'answers/s', 'of them good', '× naive', '× terminus', 'p50', 'p99'],
    names.map((name) => [
      name,
      of(name, 'perSecond'),
      `${Math.round(of(name, 'goodShare') * 100)} %`,
      ratio(name, 'naive endpoint'),
      ratio(name, '@godaddy/terminus'),
      `${Math.round(of(name, 'p50'))} ms`,
      `${Math.round(of(name, 'p99'))} ms`,
    ]),
  );
  for (const name of ['ours, in the process', 'ours, sidecar thread']) {
    section.bar(`rate of ${name} ÷ naive endpoint`, ratio(name, 'naive endpoint'), '×', { atLeast: 10 });
    section.bar(`p99 of ${name}`, of(name, 'p99'), ' ms', { atMost: 100 });
    section.figure(`p99 of ${name} ÷ bare node:http`, of(name, 'p99') / of('bare node:http', 'p99'), '×');
  }
}

/** The most connections to the database at a time while a thousand ask at once. */
async function connections(database) {
  const counted = await countingProxy(database.port);
  const url = new URL(database.connectionString());
  url.port = String(counted.port);
  for (const name of candidates.slice(1)) {
    const { ports, stop } = await startCandidates([name], url.href);
    counted.reset();
    await pollers(ports[name], 'bursts', 3);
    stop();
    const what = `connections to the database at a time, ${name}`;
    if (name.startsWith('ours')) section.bar(what, counted.most(), '', { atMost: 1 });
    else section.figure(what, counted.most(), '');
  }
  counted.stop();
}

/** Eight dependencies that take the connection and say nothing: from a cold start, 500 requests. */
async function hanging() {
  const sockets = new Set();
  const silent = createServer((socket) => {
    sockets.add(
      socket
        .on('error', () => undefined)
        .on('close', () => sockets.delete(socket))
        .resume(),
    );
  });
  const port = await listen(silent);
  const address = { host: '127.0.0.1', port };
  const url = `http://127.0.0.1:${port}`;
  const before = handles();
  const checks = [
    postgresCheck({ connectionString: `postgres://u:p@127.0.0.1:${port}/x` }),
    redisCheck({ url: `redis://127.0.0.1:${port}` }),
    grpcCheck({ address: `127.0.0.1:${port}` }),
    tlsCertificateCheck(address),
    ...['a', 'b', 'c', 'd'].map((name) => httpCheck({ name, url })),
  ];
  const health = createHealth({ service: 'oracle', version: '1', intervalMs: 100, checks });
  const server = createHttpServer(healthEndpoints(health));
  const asked = await listen(server);
  health.start();
  const { stdout } = await run(process.execPath, [pollersPath, String(asked), '500', 'bursts', '2']);
  const { p100s } = JSON.parse(stdout);
  await health.stop();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await new Promise((resolve) => setTimeout(resolve, 200));
  section.bar('8 hanging dependencies, 500 callers at once from a cold start: slowest', Math.max(...p100s), ' ms', {
    atMost: 2_000,
  });
  section.bar('connections and timers left afterwards', Math.max(0, handles() - before) + sockets.size, '', {
    atMost: 0,
  });
  silent.close();
}

/** Resident memory of one service with and without the package. */
async function memory(connectionString) {
  const variants = ['without', 'main', 'worker'];
  const results = new Map(variants.map((variant) => [variant, []]));
  const path = fileURLToPath(new URL('memory.mjs', import.meta.url));
  for (let round = 0; round < 5; round += 1) {
    for (const variant of variants) {
      const { stdout } = await run(process.execPath, ['--expose-gc', path, variant, connectionString]);
      results.get(variant).push(Number(stdout) / 1e6);
    }
  }
  const extra = (variant) => median(results.get(variant)) - median(results.get('without'));
  section.figure('resident memory of a service without the package', median(results.get('without')), ' MB');
  section.bar('more with eight checks and the sidecar on its thread', extra('worker'), ' MB', { atMost: 15 });
  section.figure('more with eight checks and the sidecar on the main thread', extra('main'), ' MB');
}

async function startCandidates(names, connectionString) {
  const path = fileURLToPath(new URL('candidate.mjs', import.meta.url));
  const ports = {};
  const children = names.map((name) => {
    return spawn(process.execPath, [path, name, connectionString], { stdio: ['ignore', 'pipe', 'inherit'] });
  });
  for (const [index, child] of children.entries()) ports[names[index]] = Number(await once(child.stdout, 'data'));
  return { ports, stop: () => children.forEach((child) => child.kill('SIGKILL')) };
}

async function pollers(port, mode, amount) {
  const { stdout } = await run(process.execPath, [pollersPath, String(port), String(callers), mode, String(amount)]);
  return JSON.parse(stdout);
}

async function listen(server) {
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server.address().port;
}

async function countingProxy(targetPort) {
  let open = 0;
  let most = 0;
  const server = createServer((socket) => {
    open += 1;
    most = Math.max(most, open);
    const upstream = connect(targetPort, '127.0.0.1');
    socket.on('error', () => upstream.destroy()).on('close', () => (upstream.destroy(), (open -= 1)));
    upstream.on('error', () => socket.destroy()).on('close', () => socket.destroy());
    socket.pipe(upstream).pipe(socket);
  });
  return { port: await listen(server), most: () => most, reset: () => (most = open), stop: () => server.close() };
}

function handles() {
  return process.getActiveResourcesInfo().filter((kind) => /TCPSocket|Timeout|TLS/.test(kind)).length;
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}
