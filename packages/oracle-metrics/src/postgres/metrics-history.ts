import type { MetricsHistory } from '../history/history.js';
import { acceptRows, cleanName, readRange, toPoints } from '../history/rows.js';
import { LATE_MS, planSeries, rolledUntil, type SeriesPlan, type Tier, tiers, usageTiers } from '../history/tiers.js';
import { acceptUsage, toUsagePoints } from '../history/usage-rows.js';
import type { QueryablePool } from '../jobs/queryable-pool.js';
import { createLatestStore } from './latest-store.js';
import type { TierPartitions } from './tier-partitions.js';
import { TierTable } from './tier-table.js';
import { UsageTable } from './usage-table.js';

export interface MetricsHistoryOptions {
  readonly pool: QueryablePool;
  /** Milliseconds since 1970. Default: the system's clock. */
  readonly now?: () => number;
}

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** Partitions are made this far ahead, so that midnight finds them ready. */
const AHEAD_DAYS = 2;

/** History in PostgreSQL. It needs the tables of `migrations`; partitions it makes and drops itself. */
export function createMetricsHistory({ pool, now = Date.now }: MetricsHistoryOptions): MetricsHistory {
  const timings = tiers.map((tier) => new TierTable(tier, pool));
  const usage = usageTiers.map((tier) => new UsageTable(tier, pool));
  const [minutes, usageMinutes] = [timings[0] as TierTable, usage[0] as UsageTable];

  return {
    async store(rows) {
      const accepted = acceptRows(rows, now());
      await minutes.write(accepted, 'keep');
      return { accepted: accepted.length, refused: rows.length - accepted.length };
    },
    async storeUsage(service, reported) {
      const accepted = acceptUsage(service, reported, now());
      await usageMinutes.write(accepted.rows);
      return { accepted: accepted.minutes, refused: reported.length - accepted.minutes };
    },
    ...createLatestStore(pool),
    async series(query) {
      const plan = planSeries(readRange(query), now());
      const [service, operation] = [cleanName(query.service), cleanName(query.operation)];
      const rows = await readTiers(timings, plan, (table, fromMs, toMs) =>
        table.readSeries(service, operation, fromMs, toMs),
      );
      return toPoints(rows, plan);
    },
    async usageSeries(query) {
      const plan = planSeries(readRange(query), now());
      const service = cleanName(query.service);
      const rows = await readTiers(usage, plan, (table, fromMs, toMs) =>
        table.readSums(service, plan.spanMs, fromMs, toMs),
      );
      return toUsagePoints(rows, plan);
    },
    async prune(at) {
      const nowMs = at.getTime();
      await rollUpTiers(timings, nowMs);
      await rollUpTiers(usage, nowMs);
      const dropped: string[] = [];
      for (const { partitions } of [...timings, ...usage]) dropped.push(...(await partitions.dropOld(nowMs)));
      return { droppedPartitions: dropped };
    },
  };
}

/** A table of one tier, of timings or of counts; the first of several holds the minutes. */
interface TieredTable<Self> {
  readonly tier: Tier;
  readonly partitions: TierPartitions;
  rollUpFrom(finer: Self, fromMs: number, toMs: number): Promise<void>;
}

/** The coarsest tier as far as it was rolled up, then what came since from the finer ones. */
async function readTiers<Table extends TieredTable<Table>, Row>(
  tables: readonly Table[],
  plan: SeriesPlan,
  read: (table: Table, fromMs: number, toMs: number) => Promise<readonly Row[]>,
): Promise<readonly Row[]> {
  const rows: Row[] = [];
  let { fromMs } = plan;
  for (const table of tables.slice(0, plan.tier + 1).reverse()) {
    const toMs = table === tables[0] ? plan.toMs : Math.min(plan.toMs, await table.partitions.rolledUntilMs());
    if (toMs <= fromMs) continue;
    rows.push(...(await read(table, fromMs, toMs)));
    fromMs = toMs;
  }
  return rows;
}

/** Each tier is made of the next finer one, which was just made: minutes are read once for all. */
async function rollUpTiers<Table extends TieredTable<Table>>(tables: readonly Table[], nowMs: number): Promise<void> {
  const ahead = Array.from({ length: AHEAD_DAYS + 1 }, (_, day) => nowMs + day * DAY_MS);
  for (const [index, table] of tables.entries()) {
    await table.partitions.ensure(ahead);
    const finer = tables[index - 1];
    if (finer !== undefined) await rollUpInto(table, finer, nowMs);
  }
}

/**
 * Makes the spans again that are new, or that late minutes may have changed; an hour at a time, so that it fits the memory.
 * What came after the last roll-up is still there, however long ago that was: only a prune drops, after it has rolled up.
 */
async function rollUpInto<Table extends TieredTable<Table>>(table: Table, finer: Table, nowMs: number): Promise<void> {
  const untilMs = rolledUntil(table.tier, nowMs);
  const rolledMs = await table.partitions.rolledUntilMs();
  const oldestMs = Number.isFinite(rolledMs) ? rolledMs - LATE_MS : nowMs - tiers[0].keptMs;
  for (const fromMs of await hoursBetween(finer, Math.floor(oldestMs / HOUR_MS) * HOUR_MS, untilMs))
    await table.rollUpFrom(finer, fromMs, Math.min(fromMs + HOUR_MS, untilMs));
  await table.partitions.setRolledUntil(untilMs);
}

/** The hours to roll up: every one, or after a long absence those in which there is something. */
async function hoursBetween<Table extends TieredTable<Table>>(
  { partitions }: Table,
  fromMs: number,
  untilMs: number,
): Promise<readonly number[]> {
  if (untilMs - fromMs > DAY_MS) return partitions.hoursWithRows(fromMs, untilMs);
  return Array.from({ length: Math.ceil((untilMs - fromMs) / HOUR_MS) }, (_, hour) => fromMs + hour * HOUR_MS);
}
