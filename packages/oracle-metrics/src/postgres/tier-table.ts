import { type HistoryRow, rollUp } from '../history/rows.js';
import type { Tier } from '../history/tiers.js';
import type { QueryablePool } from '../jobs/queryable-pool.js';
import { FRAME, readFrames } from './frames.js';
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

/** So many rows of a series come as one text: the driver takes few long ones in a third of the time of many short ones. */
const ROWS_IN_TEXT = 60;

/** Numbers and base64, because the driver reads them in half the time of dates, bigints and bytea. */
const MEASURED = `extract(epoch from at)::float8 as seconds, count::float8, errors::float8, encode(sketch, 'base64') as sketch`;

interface Measured {
  readonly service: string;
  readonly operation: string;
  readonly seconds: number;
  readonly count: number;
  readonly errors: number;
  readonly sketch: string;
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
    const sql = `select encode(string_agg(${FRAME}, ''), 'base64') as frames from ${tableOf(this.tier)}
      where service = $1 and operation = $2 and at >= $3 and at < $4 group by date_bin($5, at, 'epoch')`;
    const values = [
      service,
      operation,
      new Date(fromMs),
      new Date(toMs),
      `${(this.tier.grainMs / 1000) * ROWS_IN_TEXT} s`,
    ];
    const { rows } = await this.#pool.query(sql, values);
    return (rows as readonly { readonly frames: string }[]).flatMap(({ frames }) =>
      readFrames(service, operation, Buffer.from(frames, 'base64')),
    );
  }

  async rollUpFrom(finer: TierTable, fromMs: number, toMs: number): Promise<void> {
    const sql = `select service, operation, ${MEASURED} from ${tableOf(finer.tier)} where at >= $1 and at < $2`;
    const { rows } = await this.#pool.query(sql, [new Date(fromMs), new Date(toMs)]);
    const fine = (rows as readonly Measured[]).map(toHistoryRow);
    await this.write(rollUp(fine, this.tier.grainMs), 'replace');
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

function toHistoryRow({ service, operation, seconds, count, errors, sketch }: Measured): HistoryRow {
  return { service, operation, atMs: seconds * 1000, count, errors, sketch: Buffer.from(sketch, 'base64') };
}
