// Charts over a database that holds what it keeps of 30 days of 50 services: minutes of 48 h, ten minutes of 14 days, hours.
import { createSketch } from '@nps/oracle-metrics';
import { createMetricsHistory, migrations } from '@nps/oracle-metrics/postgres';
import { startPostgres } from '@nps/testing';
import pg from 'pg';
import { tiers } from '../dist/esm/history/tiers.js';
import { createPartitionSql, partitionOf, tableOf } from '../dist/esm/postgres/partitions.js';
import { cpuNs, median, quantile, values } from './measure.mjs';

const SERVICES = 50;
/** Four times as many would be 2.5 GB on every run; a chart reads one series, whatever stands beside it. */
const OPERATIONS = 5;
const DAYS = 30;
const RECORDS_PER_MINUTE = 300;
const DAY_MS = 86_400_000;
const SAMPLES = 60;

export async function benchHistory(section) {
  const postgres = await startPostgres();
  const pool = new pg.Pool({ connectionString: postgres.connectionString() });
  try {
    for (const { sql } of migrations) await pool.query(sql);
    const nowMs = Math.floor(Date.now() / 3_600_000) * 3_600_000;
    const history = createMetricsHistory({ pool, now: () => nowMs });
    for (const tier of tiers) await fill(pool, tier, nowMs);
    await pool.query('vacuum analyze');
    await tellSizes(section, pool);
    await tellWrites(section, history, nowMs);
    await tellCharts(section, history, nowMs);
    await tellRetention(section, createMetricsHistory({ pool, now: () => nowMs + DAY_MS }), nowMs + DAY_MS);
  } finally {
    await pool.end();
    await postgres.remove();
  }
}

/** Rows in the order in which the alerter writes them: minute by minute, all series of it. */
async function fill(pool, tier, nowMs) {
  const fromMs = nowMs - Math.min(tier.keptMs, DAYS * DAY_MS);
  for (let atMs = fromMs; atMs <= nowMs + DAY_MS; atMs += DAY_MS)
    await pool.query(createPartitionSql(tier, partitionOf(tier, atMs)));
  const records = (RECORDS_PER_MINUTE * tier.grainMs) / 60_000;
  const sketches = Array.from({ length: SAMPLES }, (_, seed) => {
    const sketch = createSketch();
    for (const ms of values(records, seed + 1)) sketch.record(ms / 1000);
    return Buffer.from(sketch.encode());
  });
  await pool.query(
    `insert into ${tableOf(tier)}
     select 'service-' || s, 'operation-' || o, t, $4, s % 7, ($5::bytea[])[1 + (extract(epoch from t)::bigint * 7 / 60 + s * 11 + o) % ${SAMPLES}]
     from generate_series($1::timestamptz, $2::timestamptz, $3 * interval '1 millisecond') t,
       generate_series(0, ${SERVICES - 1}) s, generate_series(0, ${OPERATIONS - 1}) o`,
    [new Date(fromMs), new Date(nowMs - tier.grainMs), tier.grainMs, records, sketches],
  );
  await pool.query('insert into metric_tiers values ($1, $2)', [tier.name, new Date(nowMs)]);
}

async function tellSizes(section, pool) {
  const rows = await Promise.all(
    tiers.map(async (tier) => {
      const { rows } = await pool.query(
        `select sum(pg_total_relation_size(i.inhrelid))::float8 as bytes, (select count(*)::int from ${tableOf(tier)}) as rows
         from pg_inherits i where i.inhparent = '${tableOf(tier)}'::regclass`,
      );
      const [{ bytes, rows: count }] = rows;
      const perDay = (DAY_MS / tier.grainMs) * OPERATIONS;
      return [tier.name, tier.keptMs / DAY_MS, count, bytes / count, perDay, ((bytes / count) * perDay) / 1048576];
    }),
  );
  section.table(
    `History of ${SERVICES} services with ${OPERATIONS} operations, ${RECORDS_PER_MINUTE} records a minute each`,
    [
      'tier',
      'days kept',
      'rows stored',
      'bytes a row, index included',
      'rows a service and day',
      'MB a service and day',
    ],
    rows,
  );
}

async function tellWrites(section, history, nowMs) {
  const sketch = createSketch();
  for (const ms of values(RECORDS_PER_MINUTE)) sketch.record(ms / 1000);
  const times = [];
  for (let batch = 0; batch < 100; batch++) {
    const rows = Array.from({ length: 200 }, (_, at) => ({
      service: `new-${at}`,
      operation: 'reading',
      minute: new Date(nowMs - (batch + 1) * 60_000).toISOString(),
      count: RECORDS_PER_MINUTE,
      errors: 0,
      sketch: sketch.encode(),
    }));
    const startedMs = performance.now();
    await history.store(rows);
    times.push(performance.now() - startedMs);
  }
  section.figure('a batch of 200 rows stored, median', median(times), ' ms');
}

async function tellCharts(section, history, nowMs) {
  const rows = [];
  for (const [name, days, points] of [
    ['24 h at 1 min', 1, 1440],
    ['7 days at 10 min', 7, 1008],
    ['30 days at 1 h', 30, 720],
  ]) {
    const { times, cpu } = await chart(history, nowMs, days, points);
    rows.push([name, points, median(times), quantile(times, 0.99), Math.max(...times), median(cpu)]);
  }
  section.table(
    'One chart: p50, p95, p99, mean and maximum of one operation of one service, every point from merged sketches; 200 charts each',
    ['chart', 'points', 'p50, ms', 'p99, ms', 'longest, ms', 'CPU of this process, ms'],
    rows,
  );
  section.bar('24 h chart with 30 days of 50 services stored, p99', rows[0][3], ' ms', { atMost: 50 });
  section.bar('30 d chart with 30 days of 50 services stored, p99', rows[2][3], ' ms', { atMost: 50 });
}

async function chart(history, nowMs, days, points) {
  const times = [];
  const cpu = [];
  for (let at = -10; at < 200; at++) {
    const startedMs = performance.now();
    const cpuBefore = cpuNs();
    const found = await history.series({
      service: `service-${Math.abs(at * 7) % SERVICES}`,
      operation: `operation-${Math.abs(at) % OPERATIONS}`,
      from: new Date(nowMs - days * DAY_MS).toISOString(),
      to: new Date(nowMs).toISOString(),
      points,
    });
    if (found.length !== points) throw new Error(`expected ${points} points, got ${found.length}`);
    // The first ten warm the engine and the pool.
    if (at < 0) continue;
    times.push(performance.now() - startedMs);
    cpu.push((cpuNs() - cpuBefore) / 1e6);
  }
  return { times, cpu };
}

async function tellRetention(section, history, nowMs) {
  const startedMs = performance.now();
  const { droppedPartitions } = await history.prune(new Date(nowMs));
  section.figure('partitions dropped by a prune a day later', droppedPartitions.length, '');
  section.figure('that prune, with the roll-up of the last hours', performance.now() - startedMs, ' ms');
}
