// What a thousand targets every five seconds cost the built alerter: CPU as a share of one core, visits, memory.
// npm run bench [-- --targets 1000 --seconds 60]; DATABASE_URL adds the recording of history. Linux.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: { targets: { type: 'string', default: '1000' }, seconds: { type: 'string', default: '60' } },
});
const targetCount = Number(values.targets);
const seconds = Number(values.seconds);
const here = (name) => fileURLToPath(new URL(name, import.meta.url));

/** Clock ticks a second of /proc/PID/stat; 100 on every Linux that matters. */
const TICKS = 100;

function startProcess(script, env) {
  const child = spawn(process.execPath, [script], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const port = new Promise((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const record = JSON.parse(line);
      if (record.message === 'listening') resolve(record.port);
    });
  });
  return { child, port };
}

function cpuSeconds(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}

function memoryMegabytes(pid) {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;
}

async function figures(url) {
  const text = await (await fetch(`${url}/metrics/prometheus`)).text();
  if (!text.includes('alerter_visits_total'))
    throw new Error(`the alerter did not tell its figures: ${text.slice(0, 200)}`);
  const read = (name) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1] ?? Number.NaN);
  return {
    visits: read('alerter_visits_total'),
    pending: Number(/alerter_alerts\{phase="pending"\} (\d+)/.exec(text)?.[1]),
    firing: Number(/alerter_alerts\{phase="firing"\} (\d+)/.exec(text)?.[1]),
  };
}

const folder = mkdtempSync(join(tmpdir(), 'alerter-bench-'));
const target = startProcess(here('service-stub.mjs'), {});
const targetPort = await target.port;
const path = join(folder, 'targets.json');
const targets = Array.from({ length: targetCount }, (_, index) => ({
  name: `service-${index}`,
  kind: 'service',
  url: `http://127.0.0.1:${targetPort}`,
}));
writeFileSync(path, JSON.stringify({ targets }));
const alerter = startProcess(here('../dist/main.js'), {
  NPS_CONFIG: path,
  ALERTER_PORT: '0',
  ...(process.env.DATABASE_URL ? { DATABASE_URL: process.env.DATABASE_URL } : {}),
});
try {
  const url = `http://127.0.0.1:${await alerter.port}`;
  await new Promise((resolve) => setTimeout(resolve, 15_000)); // the first round compiles and connects
  const before = { at: performance.now(), cpu: cpuSeconds(alerter.child.pid), ...(await figures(url)) };
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  const after = { at: performance.now(), cpu: cpuSeconds(alerter.child.pid), ...(await figures(url)) };
  const elapsed = (after.at - before.at) / 1000;
  console.log(
    `targets             ${targetCount}, a probe and a scrape each every 5 s${process.env.DATABASE_URL ? ', recorded in PostgreSQL' : ''}`,
  );
  console.log(
    `visits              ${((after.visits - before.visits) / elapsed).toFixed(1)}/s of ${targetCount / 5}/s wanted`,
  );
  console.log(`CPU                 ${(((after.cpu - before.cpu) / elapsed) * 100).toFixed(1)} % of one core`);
  console.log(`memory              ${memoryMegabytes(alerter.child.pid).toFixed(0)} MB`);
  console.log(`false alarms        ${after.firing} firing, ${after.pending} pending`);
} finally {
  alerter.child.kill();
  target.child.kill();
  rmSync(folder, { recursive: true });
}
