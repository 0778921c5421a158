import type { HistoryRow } from '../history/rows.js';
import type { Tier } from '../history/tiers.js';
import type { QueryablePool } from '../jobs/queryable-pool.js';
import { createPartitionSql, parsePartitionName, partitionOf, tableOf } from './partitions.js';

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

/** The partitioned table of one tier. */
export class TierTable {
  readonly tier: Tier;
  readonly #pool: QueryablePool;
  readonly #ready = new Set<string>();

  constructor(tier: Tier, pool: QueryablePool) {
    this.tier = tier;
    this.#pool = pool;
  }

  async ensurePartition(atMs: number): Promise<void> {
    const partition = partitionOf(this.tier, atMs);
    if (this.#ready.has(partition.name)) return;
    await this.#pool.query(createPartitionSql(this.tier, partition));
    this.#ready.add(partition.name);
  }

  async write(rows: readonly HistoryRow[], existing: keyof typeof onConflict): Promise<void> {
    for (const atMs of new Set(rows.map((row) => partitionOf(this.tier, row.atMs).fromMs)))
      await this.ensurePartition(atMs);
    const sql = `insert into ${tableOf(this.tier)} (${COLUMNS})
      select * from unnest($1::text[], $2::text[], $3::timestamptz[], $4::bigint[], $5::bigint[], $6::bytea[])
      on conflict (service, operation, at) do ${onConflict[existing]}`;
    for (let at = 0; at < rows.length; at += BATCH) await this.#pool.query(sql, columnsOf(rows.slice(at, at + BATCH)));
  }

  async read(fromMs: number, toMs: number): Promise<readonly HistoryRow[]> {
    const sql = `select ${COLUMNS} from ${tableOf(this.tier)} where at >= $1 and at < $2`;
    const { rows } = await this.#pool.query(sql, [new Date(fromMs), new Date(toMs)]);
    return (rows as readonly StoredRow[]).map(toHistoryRow);
  }

  async readSeries(service: string, operation: string, fromMs: number, toMs: number): Promise<readonly HistoryRow[]> {
    const sql = `select ${COLUMNS} from ${tableOf(this.tier)} where service = $1 and operation = $2 and at >= $3 and at < $4`;
    const { rows } = await this.#pool.query(sql, [service, operation, new Date(fromMs), new Date(toMs)]);
    return (rows as readonly StoredRow[]).map(toHistoryRow);
  }

  /** Up to where this tier is made of minutes. */
  async rolledUntilMs(): Promise<number> {
    const { rows } = await this.#pool.query('select rolled_until from metric_tiers where tier = $1', [this.tier.name]);
    return (rows[0] as { rolled_until: Date } | undefined)?.rolled_until.getTime() ?? Number.NEGATIVE_INFINITY;
  }

  async setRolledUntil(untilMs: number): Promise<void> {
    await this.#pool.query(
      `insert into metric_tiers (tier, rolled_until) values ($1, $2)
       on conflict (tier) do update set rolled_until = greatest(metric_tiers.rolled_until, excluded.rolled_until)`,
      [this.tier.name, new Date(untilMs)],
    );
  }

  /** Drops the partitions that lie wholly past retention; answers their names. */
  async dropOld(nowMs: number): Promise<readonly string[]> {
    const { rows } = await this.#pool.query(
      'select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = $1::regclass',
      [tableOf(this.tier)],
    );
    const names = (rows as readonly { name: string }[]).map(({ name }) => name);
    const oldestMs = nowMs - this.tier.keptMs;
    const old = names.filter(
      (name) => (parsePartitionName(this.tier, name)?.toMs ?? Number.POSITIVE_INFINITY) <= oldestMs,
    );
    for (const name of old) {
      await this.#pool.query(`drop table if exists ${name}`);
      this.#ready.delete(name);
    }
    return old;
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
