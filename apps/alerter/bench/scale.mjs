// npm run scale [services|history|engine]: what 10, 100 and 1,000 services cost, for docs/scale.md. Services are one stub on
// loopback that answers under every name; PostgreSQL, Prometheus, the alerter and the dashboard are real.
import { createSketch } from '@nps/oracle-metrics';
import { createMetricsHistory, migrations } from '@nps/oracle-metrics/postgres';
import { createPrometheusHistory, createRemoteWrite } from '@nps/oracle-metrics/prometheus-history';
import { hasPrometheus, startPostgres, startPrometheus, waitFor } from '@nps/testing';
import pg from 'pg';
import { askInTurn, askSteadily } from '../../dashboard/bench/load.mjs';
import { startDashboard } from '../../dashboard/bench/stack.mjs';
import { manyTargets } from './many-targets.mjs';
import { createRandom } from './random.mjs';
import { quantile } from './world.mjs';

const COUNTS = [10, 100, 1000];
const OPERATIONS = ['reading', 'analysis', 'ai_call', 'db_query'];
const RECORDS_A_MINUTE = 100;
const MINUTE_MS = 60_000;
const thisMinuteMs = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;

const parts = { services: measureServices, history: measureHistory, engine: measureEngine };
const chosen = process.argv[2];
if (chosen !== undefined && !Object.hasOwn(parts, chosen)) {
  console.error(`"${chosen}" is no part; expected one of ${Object.keys(parts).join(', ')}, or none for all of them.`);
  process.exit(1);
}
for (const [name, measure] of Object.entries(parts)) if (chosen === undefined || chosen === name) await measure();

/** The alerter watching them all every 5 s, then the dashboard over what it recorded. */
async function measureServices() {
  const rows = [];
  await withPostgres(async (database) => {
    for (const count of COUNTS) {
      const connectionString = await database(`services_${count}`);
      const watched = await manyTargets({ kind: 'service', count, seconds: 20, connectionString });
      rows.push({
        services: count,
        'alerter, % of a core': watched.cpuPercent.toFixed(1),
        'highest memory, MB': watched.highestMegabytes.toFixed(0),
        'visits of those due, %': (watched.visitsShare * 100).toFixed(1),
        'false alarms': watched.falseAlarms,
        ...(await measureStatus(connectionString, count)),
      });
    }
  });
  print('One alerter and one dashboard', rows);
}

async function measureStatus(connectionString, count) {
  const names = Array.from({ length: count }, (_, index) => `target-${index}`);
  const dashboard = await startDashboard(connectionString, names);
  const url = `${dashboard.url}/api/status`;
  try {
    await askInTurn([url, url, url]);
    const times = await askSteadily(() => url, { perSecond: 20, seconds: 10 });
    const reply = await (await fetch(url)).text();
    return {
      '/api/status at 20/s: p50, ms': quantile(times, 0.5).toFixed(1),
      'p99, ms': quantile(times, 0.99).toFixed(1),
      'reply, KB': (reply.length / 1000).toFixed(0),
      'dashboard, MB': dashboard.residentMb().toFixed(0),
    };
  } finally {
    await dashboard.stop();
  }
}

/** Half an hour of synthetic minutes, stored as the alerter stores them; a day is 48 times that. */
async function measureHistory() {
  const minutes = 30;
  const rows = [];
  await withPostgres(async (database) => {
    for (const count of COUNTS) {
      const pool = new pg.Pool({ connectionString: await database(`history_${count}`), max: 2 });
      try {
        for (const { sql } of migrations) await pool.query(sql);
        const history = createMetricsHistory({ pool });
        await history.prune(new Date());
        const before = await sizeBytes(pool);
        const startedAt = performance.now();
        for (let ago = minutes; ago > 0; ago -= 1)
          for (let service = 0; service < count; service += 1) await history.store(minuteOf(service, ago));
        const elapsedMs = performance.now() - startedAt;
        const megabytes = ((await sizeBytes(pool)) - before) / 1e6;
        rows.push({
          services: count,
          'rows a day': count * OPERATIONS.length * 1440,
          'MB a day': (megabytes * (1440 / minutes)).toFixed(0),
          'storing one minute, ms': (elapsedMs / minutes).toFixed(0),
        });
      } finally {
        await pool.end();
      }
    }
  });
  print(`PostgreSQL: minutes of 4 operations a service, from ${minutes} minutes`, rows);
}

async function sizeBytes(pool) {
  const { rows } = await pool.query('select pg_database_size(current_database())::float8 as bytes');
  return rows[0].bytes;
}

/** One minute by remote write for each count, then a day's chart. */
async function measureEngine() {
  if (!hasPrometheus('the part "engine"')) return;
  const rows = [];
  for (const count of COUNTS) rows.push(await withPrometheus((prometheus) => measureWrite(prometheus, count)));
  print('Remote write of one minute to Prometheus, and what it keeps for it', rows);
  print('A 24 h chart (288 points) by PromQL', [await withPrometheus(measureChart)]);
}

async function measureWrite({ url }, count) {
  const sent = countBytes();
  try {
    const remote = createRemoteWrite({ url: `${url}/api/v1/write` });
    const minute = Array.from({ length: count }, (_, service) => minuteOf(service, 1)).flat();
    const before = await headSeries(url);
    const startedAt = performance.now();
    const cpuBefore = process.cpuUsage();
    await remote.store(minute);
    const cpu = process.cpuUsage(cpuBefore);
    const elapsedMs = performance.now() - startedAt;
    const page = await (await fetch(`${url}/metrics`)).text();
    return {
      services: count,
      'ms a minute': elapsedMs.toFixed(0),
      'of them CPU of the alerter': ((cpu.user + cpu.system) / 1000).toFixed(0),
      'KB a minute': (sent.bytes() / 1000).toFixed(0),
      requests: sent.requests(),
      series: (await headSeries(url)) - before,
      'memory of Prometheus, MB': (Number(/^process_resident_memory_bytes (\S+)/m.exec(page)?.[1]) / 1e6).toFixed(0),
    };
  } finally {
    sent.stop();
  }
}

/** 24 h of one service and, written after them, the last half hour of 50 others. */
async function measureChart({ url }) {
  const remote = createRemoteWrite({ url: `${url}/api/v1/write`, timeoutMs: 60_000 });
  for (let hour = 24; hour > 0; hour -= 1) {
    const agos = Array.from({ length: 60 }, (_, index) => hour * 60 - index);
    const { refused } = await remote.store(agos.flatMap((ago) => minuteOf(0, ago)));
    if (refused > 0) throw new Error(`${refused} rows were refused`);
  }
  const own = await headSeries(url);
  for (let ago = 30; ago > 0; ago -= 1)
    await remote.store(Array.from({ length: 50 }, (_, index) => minuteOf(index + 1, ago)).flat());
  const history = createPrometheusHistory({ url });
  const query = {
    service: 'target-0',
    operation: 'reading',
    from: new Date(thisMinuteMs - 1440 * MINUTE_MS).toISOString(),
    to: new Date(thisMinuteMs).toISOString(),
    points: 288,
  };
  const points = await waitFor(async () => {
    const found = await history.series(query);
    return found.length >= 288 ? found : null;
  });
  const times = [];
  for (let turn = 0; turn < 20; turn += 1) {
    const startedAt = performance.now();
    await history.series({ ...query, operation: OPERATIONS[turn % OPERATIONS.length] });
    times.push(performance.now() - startedAt);
  }
  times.sort((a, b) => a - b);
  return {
    points: points.length,
    'p50, ms': quantile(times, 0.5).toFixed(0),
    'slowest of 20, ms': times.at(-1).toFixed(0),
    'series of the one service after a day': own,
    'series of all 51': await headSeries(url),
  };
}

async function headSeries(url) {
  const answer = await fetch(`${url}/api/v1/query?query=${encodeURIComponent('count({__name__=~"nps_.+"})')}`);
  return Number((await answer.json()).data.result[0]?.value[1] ?? 0);
}

/** Counts what remote write hands to `fetch`. */
function countBytes() {
  const { fetch: original } = globalThis;
  let bytes = 0;
  let requests = 0;
  globalThis.fetch = (url, options) => {
    if (options?.body !== undefined) {
      bytes += options.body.length;
      requests += 1;
    }
    return original(url, options);
  };
  return {
    bytes: () => bytes,
    requests: () => requests,
    stop: () => {
      globalThis.fetch = original;
    },
  };
}

/** A minute of one service: lognormal durations around 0.3 s, as many for each operation; the same for the same arguments. */
function minuteOf(service, ago) {
  const random = createRandom(1 + service * 1440 + ago);
  return OPERATIONS.map((operation) => {
    const sketch = createSketch();
    for (let record = 0; record < RECORDS_A_MINUTE; record += 1) {
      const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
      sketch.record(0.3 * Math.exp(0.6 * normal));
    }
    return {
      service: `target-${service}`,
      operation,
      minute: new Date(thisMinuteMs - ago * MINUTE_MS).toISOString(),
      count: RECORDS_A_MINUTE,
      errors: ago % 7 === 0 ? 1 : 0,
      sketch: sketch.encode(),
    };
  });
}

async function withPostgres(measure) {
  const postgres = await startPostgres();
  try {
    await measure(async (name) => {
      const client = new pg.Client({ connectionString: postgres.connectionString() });
      await client.connect();
      await client.query(`create database ${name}`);
      await client.end();
      const url = new URL(postgres.connectionString());
      url.pathname = `/${name}`;
      return url.href;
    });
  } finally {
    await postgres.remove();
  }
}

async function withPrometheus(measure) {
  const prometheus = await startPrometheus();
  try {
    return await measure(prometheus);
  } finally {
    await prometheus.stop();
  }
}

/** A table that can be pasted into a page. */
function print(title, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  const head = Object.keys(rows[0]);
  const body = rows.map((row) => line(Object.values(row)));
  console.log(`\n${title}\n\n${[line(head), line(head.map(() => '---')), ...body].join('\n')}`);
}
