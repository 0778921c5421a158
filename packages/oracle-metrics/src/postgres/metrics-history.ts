import type { MetricsHistory, PruneResult } from '../history/history.js';
import { acceptRows, cleanName, type HistoryRow, readRange, rollUp, toPoints } from '../history/rows.js';
import { LATE_MS, planSeries, type Tier, tiers } from '../history/tiers.js';
import type { QueryablePool } from '../jobs/queryable-pool.js';
import { createLatestStore } from './latest-store.js';
import { createPartitionSql, parsePartitionName, partitionOf, tableOf } from './partitions.js';

export interface MetricsHistoryOptions {
  readonly pool: QueryablePool;
  /** Milliseconds since 1970. Default: the system's clock. */
  readonly now?: () => number;
}

const DAY_MS = 86_400_000;

/** Partitions are made this far ahead, so that midnight finds them ready. */
const AHEAD_DAYS = 2;

/** Rows of one statement. */
const BATCH = 500;

interface StoredRow {
  readonly service: string;
  readonly operation: string;
  readonly at: Date;
  readonly count: string;
  readonly errors: string;
  readonly sketch: Uint8Array;
}

const COLUMNS = 'service, operation, at, count, errors, sketch';

/** History in PostgreSQL. It needs the tables of `migrations`; partitions it makes and drops itself. */
export function createMetricsHistory({ pool, now = Date.now }: MetricsHistoryOptions): MetricsHistory {
  const ready = new Set<string>();

  async function ensurePartition(tier: Tier, atMs: number): Promise<void> {
    const partition = partitionOf(tier, atMs);
    if (ready.has(partition.name)) return;
    await pool.query(createPartitionSql(tier, partition));
    ready.add(partition.name);
  }

  async function write(tier: Tier, rows: readonly HistoryRow[], onConflict: string): Promise<void> {
    for (const atMs of new Set(rows.map((row) => partitionOf(tier, row.atMs).fromMs)))
      await ensurePartition(tier, atMs);
    for (let at = 0; at < rows.length; at += BATCH) {
      const batch = rows.slice(at, at + BATCH);
      await pool.query(
        `insert into ${tableOf(tier)} (${COLUMNS})
         select * from unnest($1::text[], $2::text[], $3::timestamptz[], $4::bigint[], $5::bigint[], $6::bytea[])
         on conflict (service, operation, at) do ${onConflict}`,
        [
          batch.map((row) => row.service),
          batch.map((row) => row.operation),
          batch.map((row) => new Date(row.atMs).toISOString()),
          batch.map((row) => row.count),
          batch.map((row) => row.errors),
          batch.map((row) => Buffer.from(row.sketch)),
        ],
      );
    }
  }

  async function rolledUntilMs(tier: Tier): Promise<number> {
    const { rows } = await pool.query('select rolled_until from metric_tiers where tier = $1', [tier.name]);
    return (rows[0] as { rolled_until: Date } | undefined)?.rolled_until.getTime() ?? Number.NEGATIVE_INFINITY;
  }

  async function rollUpTier(tier: Tier, nowMs: number): Promise<void> {
    const untilMs = Math.floor(nowMs / tier.grainMs) * tier.grainMs;
    const oldestMs = Math.max((await rolledUntilMs(tier)) - LATE_MS, nowMs - tiers[0].keptMs);
    // Hour by hour: the rows of one hour of all services fit the memory.
    const stepMs = tiers[2].grainMs;
    for (let fromMs = Math.floor(oldestMs / stepMs) * stepMs; fromMs < untilMs; fromMs += stepMs) {
      const toMs = Math.min(fromMs + stepMs, untilMs);
      const { rows } = await pool.query(`select ${COLUMNS} from metric_minutes where at >= $1 and at < $2`, [
        new Date(fromMs),
        new Date(toMs),
      ]);
      const coarse = rollUp((rows as readonly StoredRow[]).map(toHistoryRow), tier.grainMs);
      await write(
        tier,
        coarse,
        'update set count = excluded.count, errors = excluded.errors, sketch = excluded.sketch',
      );
    }
    await pool.query(
      `insert into metric_tiers (tier, rolled_until) values ($1, $2)
       on conflict (tier) do update set rolled_until = greatest(metric_tiers.rolled_until, excluded.rolled_until)`,
      [tier.name, new Date(untilMs)],
    );
  }

  async function dropOld(tier: Tier, nowMs: number): Promise<readonly string[]> {
    const { rows } = await pool.query(
      'select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = $1::regclass',
      [tableOf(tier)],
    );
    const names = (rows as readonly { name: string }[]).map(({ name }) => name);
    const old = names.filter((name) => (parsePartitionName(tier, name)?.toMs ?? nowMs) <= nowMs - tier.keptMs);
    for (const name of old) {
      await pool.query(`drop table if exists ${name}`);
      ready.delete(name);
    }
    return old;
  }

  return {
    async store(rows) {
      const accepted = acceptRows(rows, now());
      await write(tiers[0], accepted, 'nothing');
      return { accepted: accepted.length, refused: rows.length - accepted.length };
    },
    ...createLatestStore(pool),
    async series(query) {
      const plan = planSeries(readRange(query), now());
      const rows: HistoryRow[] = [];
      let fromMs = plan.fromMs;
      for (let index = plan.tier; index >= 0; index--) {
        const tier = tiers[index] as Tier;
        const toMs = index === 0 ? plan.toMs : Math.min(plan.toMs, await rolledUntilMs(tier));
        if (toMs <= fromMs) continue;
        const found = await pool.query(
          `select ${COLUMNS} from ${tableOf(tier)} where service = $1 and operation = $2 and at >= $3 and at < $4`,
          [cleanName(query.service), cleanName(query.operation), new Date(fromMs), new Date(toMs)],
        );
        rows.push(...(found.rows as readonly StoredRow[]).map(toHistoryRow));
        fromMs = toMs;
      }
      return toPoints(rows, plan);
    },
    async prune(at): Promise<PruneResult> {
      const nowMs = at.getTime();
      for (let days = 0; days <= AHEAD_DAYS; days++) {
        for (const tier of tiers) await ensurePartition(tier, nowMs + days * DAY_MS);
      }
      await rollUpTier(tiers[1], nowMs);
      await rollUpTier(tiers[2], nowMs);
      const dropped: string[] = [];
      for (const tier of tiers) dropped.push(...(await dropOld(tier, nowMs)));
      return { droppedPartitions: dropped };
    },
  };
}

function toHistoryRow(row: StoredRow): HistoryRow {
  return { ...row, atMs: row.at.getTime(), count: Number(row.count), errors: Number(row.errors) };
}
