import type { Tier } from '../history/tiers.js';
import type { UsageKind, UsageRow } from '../history/usage-rows.js';
import type { QueryablePool } from '../jobs/queryable-pool.js';
import { tableOf } from './partitions.js';
import { TierPartitions } from './tier-partitions.js';

/** Rows of one statement. */
const BATCH = 1000;
const COLUMNS = 'service, kind, name, at, amount';

interface StoredSum {
  readonly kind: UsageKind;
  readonly name: string;
  readonly at: Date;
  readonly amount: number;
}

/** The partitioned table of one tier of counts. */
export class UsageTable {
  readonly tier: Tier;
  readonly partitions: TierPartitions;
  readonly #pool: QueryablePool;

  constructor(tier: Tier, pool: QueryablePool) {
    this.tier = tier;
    this.partitions = new TierPartitions(tier, pool);
    this.#pool = pool;
  }

  async write(rows: readonly UsageRow[]): Promise<void> {
    await this.partitions.ensure(new Set(rows.map(({ atMs }) => atMs)));
    const sql = `insert into ${tableOf(this.tier)} (${COLUMNS})
      select * from unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[], $5::bigint[])
      on conflict (service, at, kind, name) do nothing`;
    for (let at = 0; at < rows.length; at += BATCH) await this.#pool.query(sql, columnsOf(rows.slice(at, at + BATCH)));
  }

  /** The sums of each span. */
  async readSums(service: string, spanMs: number, fromMs: number, toMs: number): Promise<readonly UsageRow[]> {
    const sql = `select kind, name, ${spanOf('$4')} as at, sum(amount)::float8 as amount from ${tableOf(this.tier)}
      where service = $1 and at >= $2 and at < $3 group by 1, 2, 3`;
    const { rows } = await this.#pool.query(sql, [service, new Date(fromMs), new Date(toMs), spanMs]);
    return (rows as readonly StoredSum[]).map(({ kind, name, at, amount }) => {
      return { service, kind, name, atMs: at.getTime(), amount };
    });
  }

  async rollUpFrom(finer: UsageTable, fromMs: number, toMs: number): Promise<void> {
    await this.partitions.ensure([fromMs, toMs - 1]);
    const sql = `insert into ${tableOf(this.tier)} (${COLUMNS})
      select service, kind, name, ${spanOf('$3')}, sum(amount) from ${tableOf(finer.tier)}
      where at >= $1 and at < $2 group by 1, 2, 3, 4
      on conflict (service, at, kind, name) do update set amount = excluded.amount`;
    await this.#pool.query(sql, [new Date(fromMs), new Date(toMs), this.tier.grainMs]);
  }
}

/** The start of the span, counted from 1970, that `at` lies in. */
function spanOf(spanMs: string): string {
  return `date_bin(${spanMs}::float8 * interval '1 millisecond', at, 'epoch')`;
}

function columnsOf(rows: readonly UsageRow[]): unknown[] {
  return [
    rows.map((row) => row.service),
    rows.map((row) => row.kind),
    rows.map((row) => row.name),
    rows.map((row) => new Date(row.atMs).toISOString()),
    rows.map((row) => row.amount),
  ];
}
