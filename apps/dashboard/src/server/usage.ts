import type { UsagePoint, UsageTotal } from '../contract/usage.js';

/** One service's points. */
export interface ServiceUsage {
  readonly service: string;
  readonly points: readonly UsagePoint[];
}

/** The points of several services added up, oldest first. Pure. */
export function addUsage(services: readonly ServiceUsage[]): readonly UsagePoint[] {
  const byInstant = new Map<string, UsagePoint>();
  for (const point of services.flatMap(({ points }) => points)) {
    const known = byInstant.get(point.at);
    byInstant.set(point.at, known === undefined ? point : addPoints(known, point));
  }
  return [...byInstant.values()].sort((a, b) => a.at.localeCompare(b.at));
}

/** The sums of a range. Pure. */
export function totalOf(points: readonly UsagePoint[]): UsageTotal {
  const sum = (amount: (point: UsagePoint) => number) => points.reduce((total, point) => total + amount(point), 0);
  return {
    errors: sum(({ errors_by_type: errors }) => sumOf(errors)),
    tokens: sum(({ tokens }) => sumOf(tokens)),
    cost_usd: sum(({ cost_usd: cost }) => cost),
    cost_unknown_calls: sum(({ cost_unknown_calls: calls }) => calls),
  };
}

/** Every name counted in a range, the most frequent first. Pure. */
export function namesByAmount(counts: readonly Readonly<Record<string, number>>[]): readonly string[] {
  const sums = new Map<string, number>();
  for (const [name, amount] of counts.flatMap((each) => Object.entries(each)))
    sums.set(name, (sums.get(name) ?? 0) + amount);
  return [...sums].sort(([a, more], [b, less]) => less - more || a.localeCompare(b)).map(([name]) => name);
}

function addPoints(a: UsagePoint, b: UsagePoint): UsagePoint {
  return {
    at: a.at,
    errors_by_type: addCounts(a.errors_by_type, b.errors_by_type),
    tokens: addCounts(a.tokens, b.tokens),
    cost_usd: a.cost_usd + b.cost_usd,
    cost_unknown_calls: a.cost_unknown_calls + b.cost_unknown_calls,
  };
}

/** Through a map: a service may name an error `__proto__`. */
function addCounts(a: UsagePoint['tokens'], b: UsagePoint['tokens']): UsagePoint['tokens'] {
  const sums = new Map(Object.entries(a));
  for (const [name, amount] of Object.entries(b)) sums.set(name, (sums.get(name) ?? 0) + amount);
  return Object.fromEntries(sums);
}

function sumOf(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, amount) => total + amount, 0);
}
