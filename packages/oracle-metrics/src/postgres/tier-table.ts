import { type HistoryRow, rollUp } from '../history/rows.js';
import type { Tier } from '../history/tiers.js';
import type { QueryablePool } from '../jobs/queryable-pool.js';
import { tableOf } from './partitions.js';
import { TierPartitions } from './tier-partitions.js';

/** Rows of one statement. */
const BATCH = 500;
const COLUMNS = 'service, operation, at, count, errors, sketch';

/** What becomes of a row that is there already: minutes stay as they are, roll-ups are made again. */
const onConflict = {
  keep: 'nothing',
  replace: 'update set count = excluded.count, errors = excluded.errors, sketch = excluded.sketch',
} as const;

interface StoredRow {
  readonly service: string;
  readonly operation: string;
  readonly at: Date;
  readonly count: string;
  readonly errors: string;
  readonly sketch: Uint8Array;
}

/** The partitioned table of one tier of timings. */
export class TierTable {
  readonly tier: Tier;
  readonly partitions: TierPartitions;
  readonly #pool: QueryablePool;

  constructor(tier: Tier, pool: QueryablePool) {
    this.tier = tier;
    this.partitions = new TierPartitions(tier, pool);
    this.#pool = pool;
  }

  async write(rows: readonly HistoryRow[], existing: keyof typeof onConflict): Promise<void> {
    await this.partitions.ensure(new Set(rows.map(({ atMs }) => atMs)));
    const sql = `insert into ${tableOf(this.tier)} (${COLUMNS})
      select * from unnest($1::text[], $2::text[], $3::timestamptz[], $4::bigint[], $5::bigint[], $6::bytea[])
      on conflict (service, operation, at) do ${onConflict[existing]}`;
    for (let at = 0; at < rows.length; at += BATCH) await this.#pool.query(sql, columnsOf(rows.slice(at, at + BATCH)));
  }

  async readSeries(service: string, operation: string, fromMs: number, toMs: number): Promise<readonly HistoryRow[]> {
    const sql = `select ${COLUMNS} from ${tableOf(this.tier)} where service = $1 and operation = $2 and at >= $3 and at < $4`;
    const { rows } = await this.#pool.query(sql, [service, operation, new Date(fromMs), new Date(toMs)]);
    return (rows as readonly StoredRow[]).map(toHistoryRow);
  }

  async rollUpFrom(minutes: TierTable, fromMs: number, toMs: number): Promise<void> {
    const sql = `select ${COLUMNS} from ${tableOf(minutes.tier)} where at >= $1 and at < $2`;
    const { rows } = await this.#pool.query(sql, [new Date(fromMs), new Date(toMs)]);
    await this.write(rollUp((rows as readonly StoredRow[]).map(toHistoryRow), this.tier.grainMs), 'replace');
  }
}

function columnsOf(rows: readonly HistoryRow[]): unknown[] {
  return [
    rows.map((row) => row.service),
    rows.map((row) => row.operation),
    rows.map((row) => new Date(row.atMs).toISOString()),
    rows.map((row) => row.count),
    rows.map((row) => row.errors),
    rows.map((row) => Buffer.from(row.sketch)),
  ];
}

function toHistoryRow(row: StoredRow): HistoryRow {
  const { service, operation, sketch } = row;
  return { service, operation, sketch, atMs: row.at.getTime(), count: Number(row.count), errors: Number(row.errors) };
}
