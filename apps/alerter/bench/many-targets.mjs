// What many targets every five seconds cost the alerter: CPU as a share of one core, visits, memory. Linux.
import { setTimeout as delay } from 'node:timers/promises';
import { cpuSeconds, memoryMegabytes, startAlerter, startProcess, until, writeConfiguration } from './world.mjs';

/** The first round compiles, connects and migrates. */
const WARM_UP_MS = 15_000;
const EVERY_SECONDS = 5;
/** On a crowded machine the alerter may have to wait for its turn, and says 503 meanwhile. */
const PATIENCE_MS = 60_000;

/** @param kind `service`: our JSON, two requests a visit; `prometheus`: a page of 4 KB, one request */
export async function manyTargets({ kind, count, seconds, connectionString }) {
  const stub = startProcess('service-stub.mjs', {});
  const stubPort = await stub.port;
  const path = kind === 'service' ? '' : '/metrics';
  const targets = Array.from({ length: count }, (_, index) => ({
    name: `target-${index}`,
    kind,
    url: `http://127.0.0.1:${stubPort}${path}`,
  }));
  const configuration = writeConfiguration({ targets });
  const alerter = startAlerter({
    NPS_CONFIG: configuration.path,
    ...(connectionString ? { DATABASE_URL: connectionString } : {}),
  });
  try {
    const url = `http://127.0.0.1:${await alerter.port}`;
    await delay(WARM_UP_MS);
    const before = { atMs: performance.now(), cpu: cpuSeconds(alerter.child), ...(await figures(url)) };
    let highestMegabytes = 0;
    for (let second = 0; second < seconds; second += 1) {
      await delay(1000);
      highestMegabytes = Math.max(highestMegabytes, memoryMegabytes(alerter.child));
    }
    const after = { atMs: performance.now(), cpu: cpuSeconds(alerter.child), ...(await figures(url)) };
    const elapsed = (after.atMs - before.atMs) / 1000;
    return {
      cpuPercent: ((after.cpu - before.cpu) / elapsed) * 100,
      visitsShare: (after.visits - before.visits) / elapsed / (count / EVERY_SECONDS),
      megabytes: memoryMegabytes(alerter.child),
      highestMegabytes,
      falseAlarms: after.firing + after.pending,
      discarded: after.discarded,
    };
  } finally {
    await Promise.all([alerter.end(), stub.end()]);
    configuration.remove();
  }
}

/** The share of one core that a plain client needs to fetch the same pages, with kept connections and nothing read. */
export async function bareCollector({ client, count, seconds }) {
  const stub = startProcess('service-stub.mjs', {});
  const url = `http://127.0.0.1:${await stub.port}/metrics`;
  const peer = startProcess('bare-collector.mjs', { CLIENT: client, COUNT: String(count), URL: url });
  try {
    await delay(WARM_UP_MS);
    const before = { atMs: performance.now(), cpu: cpuSeconds(peer.child) };
    await delay(seconds * 1000);
    const elapsed = (performance.now() - before.atMs) / 1000;
    return ((cpuSeconds(peer.child) - before.cpu) / elapsed) * 100;
  } finally {
    await Promise.all([peer.end(), stub.end()]);
  }
}

async function figures(url) {
  let text = '';
  await until(async () => {
    const response = await fetch(`${url}/metrics/prometheus`);
    text = await response.text();
    return response.ok;
  }, PATIENCE_MS);
  const read = (name) => {
    const line = text.split('\n').find((candidate) => candidate.startsWith(`${name} `));
    if (line === undefined) throw new Error(`the alerter did not tell ${name}: ${text.slice(0, 200)}`);
    return Number(line.slice(name.length + 1));
  };
  return {
    visits: read('alerter_visits_total'),
    discarded: read('alerter_visits_discarded_total'),
    pending: read('alerter_alerts{phase="pending"}'),
    firing: read('alerter_alerts{phase="firing"}'),
  };
}
