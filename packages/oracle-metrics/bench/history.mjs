// One chart over a database that holds a day of 50 services with 20 operations at 300 records a minute.
import { createSketch } from '@nps/oracle-metrics';
import { createMetricsHistory, migrations } from '@nps/oracle-metrics/postgres';
import { startPostgres } from '@nps/testing';
import pg from 'pg';
import { cpuNs, line, median, values } from './measure.mjs';

const SERVICES = 50;
const OPERATIONS = 20;
const MINUTES = 1440;

export async function benchHistory() {
  const postgres = await startPostgres();
  const pool = new pg.Pool({ connectionString: postgres.connectionString() });
  try {
    for (const { sql } of migrations) await pool.query(sql);
    const nowMs = Math.floor(Date.now() / 60_000) * 60_000;
    const history = createMetricsHistory({ pool, now: () => nowMs });
    await history.prune(new Date(nowMs));
    const batches = await fill(pool, history, nowMs);
    return await read(pool, history, nowMs, batches);
  } finally {
    await pool.end();
    await postgres.remove();
  }
}

/** The first service is written as the alerter writes; the others are copies of it, made by the database. */
async function fill(pool, history, nowMs) {
  const sketches = Array.from({ length: 60 }, (_, seed) => {
    const sketch = createSketch();
    for (const ms of values(300 * (seed + 1)).slice(-300)) sketch.record(ms / 1000);
    return sketch.encode();
  });
  const batches = [];
  const from = nowMs - MINUTES * 60_000;
  const rows = Array.from({ length: MINUTES * OPERATIONS }, (_, at) => ({
    service: 'service-0',
    operation: `operation-${at % OPERATIONS}`,
    minute: new Date(from + Math.floor(at / OPERATIONS) * 60_000).toISOString(),
    count: 300,
    errors: at % 7,
    sketch: sketches[at % sketches.length],
  }));
  for (let at = 0; at < rows.length; at += 200) {
    const startedAt = performance.now();
    await history.store(rows.slice(at, at + 200));
    batches.push(performance.now() - startedAt);
  }
  await pool.query(
    `insert into metric_minutes select 'service-' || n, operation, at, count, errors, sketch
     from metric_minutes, generate_series(1, ${SERVICES - 1}) n where service = 'service-0'`,
  );
  await pool.query('vacuum analyze metric_minutes');
  return batches;
}

async function read(pool, history, nowMs, batches) {
  const { rows } = await pool.query(
    `select sum(pg_total_relation_size(i.inhrelid))::float8 as bytes, (select count(*)::int from metric_minutes) as rows
     from pg_inherits i where i.inhparent = 'metric_minutes'::regclass`,
  );
  const [{ bytes, rows: count }] = rows;
  const times = [];
  const cpu = [];
  for (let at = -10; at < 200; at++) {
    const startedAt = performance.now();
    const cpuBefore = cpuNs();
    const points = await history.series({
      service: `service-${Math.abs(at * 7) % SERVICES}`,
      operation: `operation-${Math.abs(at) % OPERATIONS}`,
      from: new Date(nowMs - 86_400_000).toISOString(),
      to: new Date(nowMs).toISOString(),
      points: 1440,
    });
    if (points.length < 1400) throw new Error(`expected a day of points, got ${points.length}`);
    // The first ten warm the engine and the pool.
    if (at < 0) continue;
    times.push(performance.now() - startedAt);
    cpu.push((cpuNs() - cpuBefore) / 1e6);
  }
  const sorted = times.sort((a, b) => a - b);
  const p99 = sorted[Math.floor(sorted.length * 0.99)];
  line(`\nHistory: ${count} rows (${SERVICES} services, ${OPERATIONS} operations, 24 h at 1 min)`);
  line(
    `${(bytes / count).toFixed(0).padStart(10)} B a row with its index; per service and day ${OPERATIONS * MINUTES} rows, ${(bytes / SERVICES / 1048576).toFixed(1)} MB`,
  );
  line(`${median(batches).toFixed(1).padStart(10)} ms  to store a batch of 200 rows`);
  line(
    `${median(sorted).toFixed(1).padStart(10)} ms  one chart of 24 h with all quantiles; p99 ${p99.toFixed(1)} ms; ${median(cpu).toFixed(1)} ms CPU in this process`,
  );
  return { chartP99Ms: p99 };
}
