// The dashboard's figures: the built server as a process of its own, thirty days of fifty services, a real Chromium.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { benchSection, launchBrowser, startPostgres } from '@nps/testing';
import { askInTurn, askSteadily, quantile } from './load.mjs';
import { measureFirstLoad, measureLighthouse, measureMemory, measureRefresh } from './page.mjs';
import { OPERATIONS, seed } from './seed.mjs';
import { startDashboard } from './stack.mjs';

const DAYS = Number(process.env.BENCH_DAYS ?? 30);
const SERVICES = 50;
const MANY_SERVICES = 200;
const REFRESHES = 2000;
const PAGE_REFRESHES = Number(process.env.BENCH_PAGE_REFRESHES ?? 2000);

const section = benchSection('dashboard');
const names = (count) => Array.from({ length: count }, (_, n) => (n === 0 ? 'oracle' : `service-${n}`));
const postgres = await startPostgres();
const browser = await launchBrowser();
try {
  await benchStored();
  await benchMany();
  benchWeight();
} finally {
  await browser.close();
  await postgres.remove();
}
section.finish();

/** Fifty services with their past. */
async function benchStored() {
  const connectionString = await database('stored');
  const stored = await seed(connectionString, names(SERVICES), { days: DAYS, nowMs: Date.now() });
  section.table(
    'Stored: what an alerter leaves behind, written by the database in advance',
    ['services', 'days', 'rows', 'size', 'seeding'],
    [
      [
        SERVICES,
        DAYS,
        Math.round(stored.rows),
        `${Math.round(stored.bytes / 1e6)} MB`,
        `${stored.seconds.toFixed(0)} s`,
      ],
    ],
  );
  const dashboard = await startDashboard(connectionString, names(SERVICES));
  try {
    await benchStatus(dashboard);
    await benchCharts(dashboard);
    await benchFirstLoad(dashboard);
    await benchMemory(dashboard);
  } finally {
    await dashboard.stop();
  }
}

async function benchStatus({ url }) {
  await askSteadily(() => `${url}/api/status`, { perSecond: 200, seconds: 2 });
  const times = await askSteadily(() => `${url}/api/status`, { perSecond: 200, seconds: 15 });
  section.bar('`/api/status` at 200 requests/s, 50 services, p99', quantile(times, 0.99), ' ms', { atMost: 50 });
  section.figure('the same, p50', quantile(times, 0.5), ' ms');
}

/** Every service and operation once: nothing comes from what was read before. */
async function benchCharts({ url }) {
  const urls = (range, operations) =>
    names(SERVICES).flatMap((name) =>
      operations.map((operation) => `${url}/api/history?service=${name}&operation=${operation}&range=${range}`),
    );
  await askInTurn(urls('24h', ['reading']).slice(0, 5));
  const day = await askInTurn(urls('24h', OPERATIONS));
  section.bar('24 h chart with incidents, alerts and releases, p99 of 200 different ones', quantile(day, 0.99), ' ms', {
    atMost: 50,
  });
  section.figure('the same, p50', quantile(day, 0.5), ' ms');
  for (const range of ['1h', '6h', '7d', '30d'])
    section.figure(`${range} chart, p50 of 50`, quantile(await askInTurn(urls(range, ['reading'])), 0.5), ' ms');
  const usage = await askInTurn(names(SERVICES).map((name) => `${url}/api/usage?service=${name}&range=24h`));
  section.figure('errors, tokens and cost of 24 h, p50 of 50 services', quantile(usage, 0.5), ' ms');
  const slo = await askInTurn([`${url}/api/slo`, `${url}/api/slo`]);
  section.figure('error budgets of 50 services, asked again within 30 s', slo[0], ' ms');
  section.figure('the same, asked for the first time', slo[1], ' ms');
}

async function benchFirstLoad({ url }) {
  await measureFirstLoad(browser, url, 1);
  const times = await measureFirstLoad(browser, url, 5);
  section.bar('first load with an empty cache to the first row, median of 5', quantile(times, 0.5), ' ms', {
    atMost: 1000,
  });
  const scores = await measureLighthouse(url);
  section.bar('Lighthouse 12.8.2, desktop: performance', scores.performance, '', { atLeast: 95 });
  section.bar('Lighthouse 12.8.2, desktop: accessibility', scores.accessibility, '', { atLeast: 100 });
  section.figure('Lighthouse 12.8.2, desktop: best practices', scores.bestPractices, '');
  if (process.env.BENCH_VERBOSE === '1') console.log(scores.failed);
}

/** The second half is compared with the first: what grows grows on. */
async function benchMemory(dashboard) {
  const paths = ['/api/status', '/api/history?range=24h', '/api/alerts', '/api/jobs', '/api/slo'];
  // At a pace below the limit of requests of one address.
  const refresh = (times) =>
    askSteadily((turn) => `${dashboard.url}${paths[turn % paths.length]}`, {
      perSecond: 250,
      seconds: (times * paths.length) / 250,
    });
  await refresh(REFRESHES / 4);
  const early = dashboard.residentMb();
  await refresh((3 * REFRESHES) / 4);
  const late = dashboard.residentMb();
  section.bar(`server: resident memory after ${REFRESHES} refreshes of five views`, late, ' MB', { atMost: 200 });
  section.bar('server: growth from the 500th to the 2,000th refresh', late - early, ' MB', { atMost: 20 });
  const parts = await measureMemory(browser, dashboard.url, PAGE_REFRESHES, 4);
  const [, first, , , last] = parts;
  section.bar(
    `page: heap growth from refresh ${PAGE_REFRESHES / 4} to ${PAGE_REFRESHES}`,
    last.heapMb - first.heapMb,
    ' MB',
    {
      atMost: 2,
    },
  );
  section.bar('page: growth of its nodes meanwhile', last.nodes - first.nodes, '', { atMost: 50 });
  section.figure('page: heap', last.heapMb, ' MB');
}

/** Two hundred services on one page. */
async function benchMany() {
  const connectionString = await database('many');
  await seed(connectionString, names(MANY_SERVICES), { days: 0, nowMs: Date.now() });
  const dashboard = await startDashboard(connectionString, names(MANY_SERVICES));
  try {
    const times = await measureRefresh(browser, dashboard.url, 20);
    section.bar('refresh of 200 services: main thread, median of 20', quantile(times, 0.5), ' ms', { atMost: 100 });
    section.figure('the same, slowest', times.at(-1), ' ms');
    const asked = await askSteadily(() => `${dashboard.url}/api/status`, { perSecond: 200, seconds: 5 });
    section.figure('`/api/status` at 200 requests/s, 200 services, p99', quantile(asked, 0.99), ' ms');
    section.bar('server: resident memory with 200 services', dashboard.residentMb(), ' MB', { atMost: 200 });
  } finally {
    await dashboard.stop();
  }
}

function benchWeight() {
  const assets = fileURLToPath(new URL('../dist/web/assets', import.meta.url));
  const kilobytes = (start, end) => {
    const name = readdirSync(assets).find((file) => file.startsWith(start) && file.endsWith(end));
    return gzipSync(readFileSync(`${assets}/${name}`), { level: 9 }).length / 1000;
  };
  section.bar('weight of what is loaded first, gzip', kilobytes('index-', '.js'), ' kB', { atMost: 90 });
  section.bar('weight of the charts, gzip', kilobytes('SeriesChart-', '.js'), ' kB', { atMost: 110 });
}

async function database(name) {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: postgres.connectionString() });
  await client.connect();
  await client.query(`create database ${name}`);
  await client.end();
  const url = new URL(postgres.connectionString());
  url.pathname = `/${name}`;
  return url.href;
}
