import type { MetricsHistory } from '../history/history.js';
import { acceptRows, cleanName, type HistoryRow, readRange, rollUp, toPoints } from '../history/rows.js';
import { LATE_MS, planSeries, tiers } from '../history/tiers.js';
import type { QueryablePool } from '../jobs/queryable-pool.js';
import { createLatestStore } from './latest-store.js';
import { TierTable } from './tier-table.js';

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
  const minutes = new TierTable(tiers[0], pool);
  const tables = [minutes, new TierTable(tiers[1], pool), new TierTable(tiers[2], pool)];

  return {
    async store(rows) {
      const accepted = acceptRows(rows, now());
      await minutes.write(accepted, 'keep');
      return { accepted: accepted.length, refused: rows.length - accepted.length };
    },
    ...createLatestStore(pool),
    async series(query) {
      const plan = planSeries(readRange(query), now());
      const rows: HistoryRow[] = [];
      let { fromMs } = plan;
      // The coarsest tier as far as it was rolled up, then what came since from the finer ones.
      for (const table of tables.slice(0, plan.tier + 1).reverse()) {
        const toMs = table === minutes ? plan.toMs : Math.min(plan.toMs, await table.rolledUntilMs());
        if (toMs <= fromMs) continue;
        rows.push(...(await table.readSeries(cleanName(query.service), cleanName(query.operation), fromMs, toMs)));
        fromMs = toMs;
      }
      return toPoints(rows, plan);
    },
    async prune(at) {
      const nowMs = at.getTime();
      const dropped: string[] = [];
      for (const table of tables) {
        for (let day = 0; day <= AHEAD_DAYS; day++) await table.ensurePartition(nowMs + day * DAY_MS);
        if (table !== minutes) await rollUpInto(table, minutes, nowMs);
      }
      for (const table of tables) dropped.push(...(await table.dropOld(nowMs)));
      return { droppedPartitions: dropped };
    },
  };
}

/** Makes the spans again that are new, or that late minutes may have changed; an hour at a time, so that it fits the memory. */
async function rollUpInto(table: TierTable, minutes: TierTable, nowMs: number): Promise<void> {
  const { grainMs } = table.tier;
  const untilMs = Math.floor(nowMs / grainMs) * grainMs;
  const oldestMs = Math.max((await table.rolledUntilMs()) - LATE_MS, nowMs - minutes.tier.keptMs);
  // The span in which minutes stop being kept is not made again: it would lose what is dropped.
  for (let fromMs = Math.ceil(oldestMs / HOUR_MS) * HOUR_MS; fromMs < untilMs; fromMs += HOUR_MS) {
    const rows = await minutes.read(fromMs, Math.min(fromMs + HOUR_MS, untilMs));
    await table.write(rollUp(rows, grainMs), 'replace');
  }
  await table.setRolledUntil(untilMs);
}
