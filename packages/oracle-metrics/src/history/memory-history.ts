import type { LatestRow, MetricsHistory } from './history.js';
import { acceptRows, cleanName, type HistoryRow, readRange, rollUp, toPoints } from './rows.js';
import { LATE_MS, planSeries, rolledUntil, type SeriesPlan, type Tier, tiers } from './tiers.js';
import { acceptUsage, sumUsage, toUsagePoints, type UsageRow } from './usage-rows.js';

export interface MemoryHistoryOptions {
  /** Milliseconds since 1970. Default: the system's clock. */
  readonly now?: () => number;
}

/** The history of one process, kept in memory: for tests, and for a dashboard without a database. Lost at exit. */
export function createMemoryMetricsHistory({ now = Date.now }: MemoryHistoryOptions = {}): MetricsHistory {
  const timings = new TieredRows<HistoryRow>(
    ({ service, operation, atMs }) => JSON.stringify([service, operation, atMs]),
    rollUp,
  );
  const usage = new TieredRows<UsageRow>(
    ({ service, kind, name, atMs }) => JSON.stringify([service, kind, name, atMs]),
    sumUsage,
  );
  const latest = new Map<string, LatestRow>();

  return {
    async store(rows) {
      const accepted = acceptRows(rows, now());
      timings.add(accepted);
      return { accepted: accepted.length, refused: rows.length - accepted.length };
    },
    async storeUsage(service, minutes) {
      const accepted = acceptUsage(service, minutes, now());
      usage.add(accepted.rows);
      return { accepted: accepted.minutes, refused: minutes.length - accepted.minutes };
    },
    async storeLatest(service, at, report, samples = []) {
      const known = latest.get(cleanName(service));
      if (known !== undefined && Date.parse(known.at) > Date.parse(at)) return;
      latest.set(cleanName(service), { service: cleanName(service), at: new Date(at).toISOString(), report, samples });
    },
    latest: async () => [...latest.values()].sort((a, b) => (a.service < b.service ? -1 : 1)),
    async series(query) {
      const plan = planSeries(readRange(query), now());
      const [service, operation] = [cleanName(query.service), cleanName(query.operation)];
      return toPoints(
        timings.read(plan, (row) => row.service === service && row.operation === operation),
        plan,
      );
    },
    async usageSeries(query) {
      const plan = planSeries(readRange(query), now());
      const service = cleanName(query.service);
      return toUsagePoints(
        usage.read(plan, (row) => row.service === service),
        plan,
      );
    },
    async prune(at) {
      for (const rows of [timings, usage]) rows.prune(at.getTime());
      return { droppedPartitions: [] };
    },
  };
}

/** Rows in the same tiers as in the database. */
class TieredRows<Row extends { readonly atMs: number }> {
  readonly #keyOf: (row: Row) => string;
  readonly #coarser: (rows: readonly Row[], grainMs: number) => readonly Row[];
  readonly #byTier: readonly Map<string, Row>[] = tiers.map(() => new Map<string, Row>());
  readonly #rolledUntilMs: number[] = tiers.map(() => Number.NEGATIVE_INFINITY);

  constructor(keyOf: (row: Row) => string, coarser: (rows: readonly Row[], grainMs: number) => readonly Row[]) {
    this.#keyOf = keyOf;
    this.#coarser = coarser;
  }

  #rowsOf(tier: number): Map<string, Row> {
    return this.#byTier[tier] as Map<string, Row>;
  }

  add(rows: readonly Row[]): void {
    const minutes = this.#rowsOf(0);
    for (const row of rows) if (!minutes.has(this.#keyOf(row))) minutes.set(this.#keyOf(row), row);
  }

  read(plan: SeriesPlan, wanted: (row: Row) => boolean): readonly Row[] {
    const rows: Row[] = [];
    let { fromMs } = plan;
    for (let tier = plan.tier; tier >= 0; tier--) {
      const startMs = fromMs;
      const toMs = tier === 0 ? plan.toMs : Math.min(plan.toMs, this.#rolledUntilMs[tier] as number);
      rows.push(
        ...[...this.#rowsOf(tier).values()].filter((row) => wanted(row) && row.atMs >= startMs && row.atMs < toMs),
      );
      fromMs = Math.max(fromMs, toMs);
    }
    return rows;
  }

  prune(nowMs: number): void {
    for (let tier = 1; tier < tiers.length; tier++) this.#rollUp(tier, nowMs);
    tiers.forEach(({ keptMs }, tier) => {
      for (const [key, row] of this.#rowsOf(tier)) if (row.atMs < nowMs - keptMs) this.#rowsOf(tier).delete(key);
    });
  }

  #rollUp(index: number, nowMs: number): void {
    const tier = tiers[index] as Tier;
    const { grainMs } = tier;
    const untilMs = rolledUntil(tier, nowMs);
    const fromMs = Math.floor(((this.#rolledUntilMs[index] as number) - LATE_MS) / grainMs) * grainMs;
    const fine = [...this.#rowsOf(0).values()].filter((row) => row.atMs >= fromMs && row.atMs < untilMs);
    for (const row of this.#coarser(fine, grainMs)) this.#rowsOf(index).set(this.#keyOf(row), row);
    this.#rolledUntilMs[index] = untilMs;
  }
}
