import type { LatestRow, MetricsHistory } from './history.js';
import { acceptRows, cleanName, type HistoryRow, readRange, rollUp, toPoints } from './rows.js';
import { LATE_MS, planSeries, type Tier, tiers } from './tiers.js';

export interface MemoryHistoryOptions {
  /** Milliseconds since 1970. Default: the system's clock. */
  readonly now?: () => number;
}

/** The history of one process, kept in memory: for tests, and for a dashboard without a database. Lost at exit. */
export function createMemoryMetricsHistory({ now = Date.now }: MemoryHistoryOptions = {}): MetricsHistory {
  const byTier: readonly Map<string, HistoryRow>[] = tiers.map(() => new Map<string, HistoryRow>());
  const rolledUntilMs: number[] = tiers.map(() => Number.NEGATIVE_INFINITY);
  const latest = new Map<string, LatestRow>();

  const rowsOf = (tier: number): Map<string, HistoryRow> => byTier[tier] as Map<string, HistoryRow>;

  function rollUpTier(index: number, nowMs: number): void {
    const { grainMs } = tiers[index] as Tier;
    const untilMs = Math.floor(nowMs / grainMs) * grainMs;
    const fromMs = Math.floor(((rolledUntilMs[index] as number) - LATE_MS) / grainMs) * grainMs;
    const fine = [...rowsOf(0).values()].filter((row) => row.atMs >= fromMs && row.atMs < untilMs);
    for (const row of rollUp(fine, grainMs)) rowsOf(index).set(keyOf(row), row);
    rolledUntilMs[index] = untilMs;
  }

  return {
    async store(rows) {
      const accepted = acceptRows(rows, now());
      for (const row of accepted) if (!rowsOf(0).has(keyOf(row))) rowsOf(0).set(keyOf(row), row);
      return { accepted: accepted.length, refused: rows.length - accepted.length };
    },
    async storeLatest(service, at, report, samples = []) {
      const known = latest.get(cleanName(service));
      if (known !== undefined && Date.parse(known.at) > Date.parse(at)) return;
      latest.set(cleanName(service), { service: cleanName(service), at: new Date(at).toISOString(), report, samples });
    },
    latest: async () => [...latest.values()].sort((a, b) => (a.service < b.service ? -1 : 1)),
    async series(query) {
      const plan = planSeries(readRange(query), now());
      const service = cleanName(query.service);
      const operation = cleanName(query.operation);
      const rows: HistoryRow[] = [];
      let fromMs = plan.fromMs;
      for (let tier = plan.tier; tier >= 0; tier--) {
        const toMs = tier === 0 ? plan.toMs : Math.min(plan.toMs, rolledUntilMs[tier] as number);
        rows.push(
          ...[...rowsOf(tier).values()].filter(
            (row) => row.service === service && row.operation === operation && row.atMs >= fromMs && row.atMs < toMs,
          ),
        );
        fromMs = Math.max(fromMs, toMs);
      }
      return toPoints(rows, plan);
    },
    async prune(at) {
      for (let tier = 1; tier < tiers.length; tier++) rollUpTier(tier, at.getTime());
      tiers.forEach(({ keptMs }, tier) => {
        for (const [key, row] of rowsOf(tier)) if (row.atMs < at.getTime() - keptMs) rowsOf(tier).delete(key);
      });
      return { droppedPartitions: [] };
    },
  };
}

function keyOf(row: HistoryRow): string {
  return JSON.stringify([row.service, row.operation, row.atMs]);
}
