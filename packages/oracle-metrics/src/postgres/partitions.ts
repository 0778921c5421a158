import type { Tier } from '../history/tiers.js';

const DAY_MS = 86_400_000;

/** One partition of a tier's table. */
export interface Partition {
  readonly name: string;
  readonly fromMs: number;
  readonly toMs: number;
}

export function tableOf(tier: Tier): string {
  return `metric_${tier.name}`;
}

/** The partition that an instant belongs to: a UTC day, `metric_minutes_20260208`, or month, `metric_hours_202602`. */
export function partitionOf(tier: Tier, atMs: number): Partition {
  const day = new Date(atMs);
  const iso = day.toISOString();
  if (tier.partition === 'day') {
    const fromMs = Math.floor(atMs / DAY_MS) * DAY_MS;
    return { name: `${tableOf(tier)}_${iso.slice(0, 10).replaceAll('-', '')}`, fromMs, toMs: fromMs + DAY_MS };
  }
  const [year, month] = [day.getUTCFullYear(), day.getUTCMonth()];
  return {
    name: `${tableOf(tier)}_${iso.slice(0, 7).replace('-', '')}`,
    fromMs: Date.UTC(year, month, 1),
    toMs: Date.UTC(year, month + 1, 1),
  };
}

/**
 * Names come from numbers alone, so nothing foreign enters the statement. The lock lets several writers make the same
 * partition at once: `if not exists` alone can fail when two look at the same moment.
 */
export function createPartitionSql(tier: Tier, { name, fromMs, toMs }: Partition): string {
  const from = new Date(fromMs).toISOString();
  const to = new Date(toMs).toISOString();
  return `do $$ begin
    perform pg_advisory_xact_lock(hashtext('metric_partitions'));
    create table if not exists ${name} partition of ${tableOf(tier)} for values from ('${from}') to ('${to}');
  end $$`;
}

/** The span of a partition by its name, or `null` for a table that is not one of ours. */
export function parsePartitionName(tier: Tier, name: string): Partition | null {
  const match = /^(\d{4})(\d{2})(\d{2})?$/.exec(
    name.startsWith(`${tableOf(tier)}_`) ? name.slice(tableOf(tier).length + 1) : '',
  );
  if (match === null) return null;
  const partition = partitionOf(tier, Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3] ?? 1)));
  return partition.name === name ? partition : null;
}
