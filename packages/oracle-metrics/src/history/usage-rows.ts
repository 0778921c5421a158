import type { UsageMinute, UsagePoint } from './history.js';
import { cleanName, isCount, minuteOf } from './rows.js';
import { isInTime, type SeriesPlan } from './tiers.js';

/** What is counted: errors by type, tokens by model, cost in micro-dollars, calls without a known price. */
export type UsageKind = 'error' | 'tokens' | 'cost_micro_usd' | 'cost_unknown_calls';

/** One count in one span of a tier. */
export interface UsageRow {
  readonly service: string;
  readonly kind: UsageKind;
  /** The error's type or the model; empty for what has no name. */
  readonly name: string;
  readonly atMs: number;
  /** A whole number. */
  readonly amount: number;
}

/** Of how many minutes the rows are, and the rows. */
export interface AcceptedUsage {
  readonly minutes: number;
  readonly rows: readonly UsageRow[];
}

/** Rows as they are stored; a minute that is malformed, too old to be kept or from the future is left out. */
export function acceptUsage(service: string, minutes: readonly UsageMinute[], nowMs: number): AcceptedUsage {
  const accepted = minutes.flatMap((minute) => {
    const rows = rowsOf(cleanName(service), minute);
    const taken = isInTime(minuteOf(minute.minute), nowMs) && rows.every(({ amount }) => isCount(amount));
    return taken ? [rows.filter(({ amount }) => amount > 0)] : [];
  });
  return { minutes: accepted.length, rows: accepted.flat() };
}

function rowsOf(service: string, minute: UsageMinute): readonly UsageRow[] {
  const { errors_by_type: errors, tokens = {}, cost_usd: costUsd = 0, cost_unknown_calls: unknownCalls = 0 } = minute;
  const atMs = minuteOf(minute.minute);
  const row = (kind: UsageKind, name: string, amount: number): UsageRow => ({ service, kind, name, atMs, amount });
  const rows = [
    ...Object.entries(errors).map(([type, count]) => row('error', cleanName(type), count)),
    ...Object.entries(tokens).map(([model, count]) => row('tokens', cleanName(model), count)),
    row('cost_micro_usd', '', Math.round(costUsd * 1e6)),
    row('cost_unknown_calls', '', unknownCalls),
  ];
  // Two long names may be the same once they are cut.
  return sumUsage(rows, 60_000);
}

/** Rows made coarser: one per service, kind, name and span. */
export function sumUsage(rows: readonly UsageRow[], spanMs: number): readonly UsageRow[] {
  const sums = new Map<string, UsageRow>();
  for (const row of rows) {
    const atMs = Math.floor(row.atMs / spanMs) * spanMs;
    const key = JSON.stringify([row.service, row.kind, row.name, atMs]);
    sums.set(key, { ...row, atMs, amount: row.amount + (sums.get(key)?.amount ?? 0) });
  }
  return [...sums.values()];
}

/** The points of a chart from rows of one service; a span without rows has no point. */
export function toUsagePoints(rows: readonly UsageRow[], { spanMs }: SeriesPlan): readonly UsagePoint[] {
  const spans = new Map<number, UsageRow[]>();
  for (const row of sumUsage(rows, spanMs)) spans.set(row.atMs, [...(spans.get(row.atMs) ?? []), row]);
  return [...spans].sort(([a], [b]) => a - b).map(([atMs, counts]) => toPoint(atMs, counts));
}

function toPoint(atMs: number, rows: readonly UsageRow[]): UsagePoint {
  const named = (kind: UsageKind): Readonly<Record<string, number>> =>
    Object.fromEntries(rows.filter((row) => row.kind === kind).map(({ name, amount }) => [name, amount]));
  const total = (kind: UsageKind): number => rows.find((row) => row.kind === kind)?.amount ?? 0;
  return {
    at: new Date(atMs).toISOString(),
    errors_by_type: named('error'),
    tokens: named('tokens'),
    cost_usd: total('cost_micro_usd') / 1e6,
    cost_unknown_calls: total('cost_unknown_calls'),
  };
}
