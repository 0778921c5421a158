import type { Tier } from '../history/tiers.js';
import type { QueryablePool } from '../jobs/queryable-pool.js';
import { createPartitionSql, parsePartitionName, partitionOf, tableOf } from './partitions.js';

/** The partitions of one tier's table, and up to where the tier is made of minutes. */
export class TierPartitions {
  readonly #tier: Tier;
  readonly #pool: QueryablePool;
  readonly #ready = new Set<string>();

  constructor(tier: Tier, pool: QueryablePool) {
    this.#tier = tier;
    this.#pool = pool;
  }

  /** Makes the partitions that these instants belong to. */
  async ensure(instantsMs: Iterable<number>): Promise<void> {
    const wanted = new Map(
      [...instantsMs].map((atMs) => partitionOf(this.#tier, atMs)).map((part) => [part.name, part]),
    );
    for (const [name, partition] of wanted) {
      if (this.#ready.has(name)) continue;
      await this.#pool.query(createPartitionSql(this.#tier, partition));
      this.#ready.add(name);
    }
  }

  async rolledUntilMs(): Promise<number> {
    const { rows } = await this.#pool.query('select rolled_until from metric_tiers where tier = $1', [this.#tier.name]);
    return (rows[0] as { rolled_until: Date } | undefined)?.rolled_until.getTime() ?? Number.NEGATIVE_INFINITY;
  }

  async setRolledUntil(untilMs: number): Promise<void> {
    await this.#pool.query(
      `insert into metric_tiers (tier, rolled_until) values ($1, $2)
       on conflict (tier) do update set rolled_until = greatest(metric_tiers.rolled_until, excluded.rolled_until)`,
      [this.#tier.name, new Date(untilMs)],
    );
  }

  /** Starts of the hours that hold rows, oldest first. Reads every row of the time. */
  async hoursWithRows(fromMs: number, toMs: number): Promise<readonly number[]> {
    const { rows } = await this.#pool.query(
      `select distinct date_bin('1 hour', at, 'epoch') as hour from ${tableOf(this.#tier)} where at >= $1 and at < $2 order by 1`,
      [new Date(fromMs), new Date(toMs)],
    );
    return (rows as readonly { hour: Date }[]).map(({ hour }) => hour.getTime());
  }

  /** Drops the partitions that lie wholly past retention; answers their names. */
  async dropOld(nowMs: number): Promise<readonly string[]> {
    const { rows } = await this.#pool.query(
      'select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = $1::regclass',
      [tableOf(this.#tier)],
    );
    const names = (rows as readonly { name: string }[]).map(({ name }) => name);
    const oldestMs = nowMs - this.#tier.keptMs;
    const old = names.filter(
      (name) => (parsePartitionName(this.#tier, name)?.toMs ?? Number.POSITIVE_INFINITY) <= oldestMs,
    );
    for (const name of old) {
      await this.#pool.query(`drop table if exists ${name}`);
      this.#ready.delete(name);
    }
    return old;
  }
}
