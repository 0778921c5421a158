// Thirty days of many services, written by the database itself: what an alerter leaves behind in a month.
import { migrations as alertMigrations } from '@nps/oracle-alerts/postgres';
import { migrations as healthMigrations } from '@nps/oracle-health/postgres';
import { createMetrics, createSketch } from '@nps/oracle-metrics';
import { migrations as metricsMigrations } from '@nps/oracle-metrics/postgres';
import pg from 'pg';

export const OPERATIONS = ['reading', 'analysis', 'ai_call', 'db_query'];
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** As the history keeps them: minutes for two days, ten minutes for fourteen, hours for the whole span. */
const TIERS = [
  { name: 'minutes', grainMs: 60_000, days: 2, partition: 'day' },
  { name: 'five_minutes', grainMs: 300_000, days: 2, partition: 'day' },
  { name: 'ten_minutes', grainMs: 600_000, days: 14, partition: 'day' },
  { name: 'hours', grainMs: HOUR_MS, days: 30, partition: 'month' },
];

/**
 * Makes the tables and fills them.
 * @returns rows and bytes stored, and how long it took
 */
export async function seed(connectionString, names, { days, nowMs }) {
  const startedAt = performance.now();
  const pool = new pg.Pool({ connectionString, max: 2 });
  try {
    for (const { sql } of [...healthMigrations, ...metricsMigrations, ...alertMigrations]) await pool.query(sql);
    await seedLatest(pool, names, nowMs);
    if (days > 0) await seedPast(pool, names, days, nowMs);
    await pool.query('vacuum analyze');
    const { rows } = await pool.query(
      `select pg_database_size(current_database())::float8 as bytes, (select sum(reltuples)::float8 from pg_class
       where relkind = 'r' and relnamespace = 'public'::regnamespace) as rows`,
    );
    return { ...rows[0], seconds: (performance.now() - startedAt) / 1000 };
  } finally {
    await pool.end();
  }
}

async function seedLatest(pool, names, nowMs) {
  const at = new Date(nowMs);
  const metrics = createMetrics({ service: 'bench' });
  for (let turn = 0; turn < 400; turn += 1) {
    metrics.recordReadingTime(200 + ((turn * 37) % 400));
    metrics.recordAnalysisTime(80 + ((turn * 17) % 90));
    metrics.recordAiCallTime(150 + ((turn * 29) % 300));
    metrics.recordDbQueryTime(1 + (turn % 7));
  }
  metrics.recordError('TimeoutError');
  const since = new Date(nowMs - DAY_MS).toISOString();
  const check = { status: 'ok', latency_ms: 3, since };
  const health = {
    status: 'healthy',
    timestamp: at.toISOString(),
    service: 'bench',
    version: '1.0.0',
    uptime_seconds: 86_400,
    checks: { database: { ...check, critical: true }, ai_api: check, disk: check, memory: check, uptime: check },
  };
  await pool.query(
    `insert into health_latest (service, at, status, report, latency_ms) select name, $2, 'healthy', $3, 12 from unnest($1::text[]) name`,
    [names, at, health],
  );
  await pool.query(
    `insert into metric_latest (service, at, report, samples) select name, $2, $3, '[]' from unnest($1::text[]) name`,
    [names, at, JSON.stringify(metrics.getMetrics())],
  );
}

async function seedPast(pool, names, days, nowMs) {
  for (const tier of TIERS) {
    const span = Math.min(days, tier.days) * DAY_MS;
    const untilMs = Math.floor(nowMs / tier.grainMs) * tier.grainMs;
    for (const table of [`metric_${tier.name}`, `metric_usage_${tier.name}`])
      await makePartitions(pool, table, tier.partition, nowMs - span - DAY_MS, nowMs + DAY_MS);
    const range = [new Date(untilMs - span), new Date(untilMs - tier.grainMs), `${tier.grainMs / 1000} s`];
    await pool.query(
      `insert into metric_${tier.name} (service, operation, at, count, errors, sketch)
       select name, operation, at, 240, (n % 97 = 0)::int, ($6::bytea[])[1 + n % 16]
       from unnest($4::text[]) name, unnest($5::text[]) operation,
         (select at, row_number() over ()::int as n from generate_series($1::timestamptz, $2, $3::interval) at) moments`,
      [...range, names, OPERATIONS, sketches(tier.grainMs / 60_000)],
    );
    await pool.query(
      `insert into metric_usage_${tier.name} (service, kind, name, at, amount)
       select service, kind, kinds.name, at, 1 + n % 9
       from unnest($4::text[]) service, (values ('error', 'TimeoutError'), ('error', 'ValueError'), ('tokens', 'model-a'),
         ('tokens', 'model-b'), ('cost_micro_usd', '')) as kinds (kind, name),
         (select at, row_number() over ()::int as n from generate_series($1::timestamptz, $2, $3::interval) at) moments
       where n % 5 = 0`,
      [...range, names],
    );
    for (const name of [tier.name, `usage_${tier.name}`])
      if (tier.name !== 'minutes')
        await pool.query('insert into metric_tiers values ($1, $2)', [name, new Date(untilMs)]);
  }
  await seedEvents(pool, names, days, nowMs);
}

/** Four outages a day of ten minutes, each with its alert and two messages. */
async function seedEvents(pool, names, days, nowMs) {
  const range = [new Date(nowMs - days * DAY_MS), new Date(nowMs - 7 * HOUR_MS), names];
  await pool.query(
    `insert into health_spans (service, status, reason, started_at, last_at)
     select name, status, case when status = 'unreachable' then 'refused' end, at + starts, at + ends
     from unnest($3::text[]) name, generate_series($1::timestamptz, $2, '6 hours') at,
       (values ('unreachable', interval '0', interval '10 minutes'), ('healthy', interval '10 minutes 5 s', interval '359 minutes 55 s'))
       as spans (status, starts, ends)`,
    range,
  );
  await pool.query(
    `insert into alert_events (at, kind, key, rule, service, severity, incident, value, detail, event)
     select at + after, kind, 'down/' || name, 'down', name, 'critical', row_number() over (partition by name, kind order by at), 0,
       'connection refused', '{}'
     from unnest($3::text[]) name, generate_series($1::timestamptz, $2, '6 hours') at,
       (values ('fired', interval '12 s'), ('resolved', interval '10 minutes 12 s')) as kinds (kind, after)`,
    range,
  );
  await pool.query(
    `insert into notices (id, sequence, channel, key, kind, rule, service, severity, state, attempts, title, created_at, delivered_at, record)
     select name || '/' || kind || '/' || extract(epoch from at), row_number() over (), 'telegram', 'down/' || name, kind, 'down', name,
       'critical', 'delivered', 1, name || ' is DOWN', at, at + interval '1 s', '{"incident": 1}'
     from unnest($3::text[]) name, generate_series($1::timestamptz, $2, '6 hours') at, (values ('fire'), ('resolve')) as kinds (kind)`,
    range,
  );
}

async function makePartitions(pool, table, kind, fromMs, toMs) {
  const seen = new Set();
  for (let atMs = fromMs; atMs <= toMs; atMs += DAY_MS) {
    const at = new Date(atMs);
    const [year, month, day] = [at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate()];
    const [from, to] =
      kind === 'day'
        ? [Date.UTC(year, month, day), Date.UTC(year, month, day + 1)]
        : [Date.UTC(year, month), Date.UTC(year, month + 1)];
    const name = `${table}_${new Date(from)
      .toISOString()
      .slice(0, kind === 'day' ? 10 : 7)
      .replaceAll('-', '')}`;
    if (seen.has(name)) continue;
    seen.add(name);
    const bounds = [from, to].map((ms) => `'${new Date(ms).toISOString()}'`);
    await pool.query(`create table ${name} partition of ${table} for values from (${bounds[0]}) to (${bounds[1]})`);
  }
}

/** Sixteen sketches of lognormal seconds, as large as 240 records a minute make them. */
function sketches(minutes) {
  let state = 7;
  const chance = () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  return Array.from({ length: 16 }, () => {
    const sketch = createSketch();
    for (let turn = 0; turn < 240 * Math.min(minutes, 10); turn += 1) {
      const normal = Math.sqrt(-2 * Math.log(chance())) * Math.cos(2 * Math.PI * chance());
      sketch.record(0.3 * Math.exp(0.6 * normal));
    }
    return Buffer.from(sketch.encode());
  });
}
