// What every bench of the alerter stands in: real targets, a real channel, the built alerter as a process.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** The options of node with which `npm start` runs the alerter. */
const START_OPTIONS = JSON.parse(readFileSync(here('../package.json'), 'utf8'))
  .scripts.start.split(' ')
  .filter((word) => word.startsWith('--'));

/** A server on a free port of 127.0.0.1, or on the given one. */
export function listen(handler, port = 0) {
  const server = createServer(handler);
  return new Promise((resolve) => server.listen(port, '127.0.0.1', () => resolve(server)));
}

/** A service that answers healthy until it is killed: its port is closed then, and every connection with it. */
export async function startTarget(name) {
  const answer = (_request, response) =>
    response.end(
      JSON.stringify({
        status: 'healthy',
        timestamp: new Date().toISOString(),
        service: name,
        version: '1',
        uptime_seconds: 1,
        checks: {},
      }),
    );
  let server = await listen(answer);
  const { port } = server.address();
  return {
    name,
    target: { name, kind: 'service', url: `http://127.0.0.1:${port}` },
    kill: () => {
      server.close();
      server.closeAllConnections();
    },
    revive: async () => {
      server = await listen(answer, port);
    },
  };
}

export function startTargets(count) {
  return Promise.all(Array.from({ length: count }, (_, index) => startTarget(`target-${index}`)));
}

/** A webhook that takes messages; `onAlert` is told each alert of each message as it arrives, before the answer. */
export async function startReceiver(onAlert, answerAfterMs = 0) {
  const server = await listen(async (request, response) => {
    const chunks = await request.toArray().catch(() => []);
    if (chunks.length === 0) return;
    const { alerts, status } = JSON.parse(Buffer.concat(chunks).toString());
    for (const { labels } of alerts) onAlert(labels.service, status);
    setTimeout(() => response.end('{}'), answerAfterMs);
  });
  return {
    channel: { kind: 'webhook', url: `http://127.0.0.1:${server.address().port}` },
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** A configuration file of its own; `remove` takes it away. */
export function writeConfiguration(content) {
  const folder = mkdtempSync(join(tmpdir(), 'alerter-bench-'));
  const path = join(folder, 'targets.json');
  writeFileSync(path, JSON.stringify(content));
  return { path, remove: () => rmSync(folder, { recursive: true }) };
}

/** Starts a script and reads its log lines. */
export function startProcess(script, env, options = []) {
  const child = spawn(process.execPath, [...options, here(script)], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const messages = [];
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const port = new Promise((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const record = JSON.parse(line);
      messages.push(record.message);
      if (record.message === 'listening') resolve(record.port);
    });
  });
  const end = async (signal = 'SIGTERM') => {
    child.kill(signal);
    if (signal !== 'SIGSTOP' && signal !== 'SIGCONT') await ended;
  };
  return { child, messages, port, end };
}

/** The built alerter as `npm start` starts it. */
export function startAlerter(env) {
  return startProcess('../dist/main.js', { ALERTER_PORT: '0', ...env }, START_OPTIONS);
}

/** Clock ticks a second of /proc/PID/stat; 100 on every Linux that matters. */
const TICKS = 100;

export function cpuSeconds({ pid }) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}

export function memoryMegabytes({ pid }) {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;
}

/** Waits until something is so; false when it is not in time. */
export async function until(isSo, limitMs, everyMs = 50) {
  const deadline = performance.now() + limitMs;
  while (!(await isSo())) {
    if (performance.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
  return true;
}

/** The value at a share of sorted numbers: nearest rank. */
export function quantile(sorted, share) {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}
