import type { Objective } from '../contract/slo.js';

/** `burning`: at the pace of the last hours the budget will not last; `low`: less than a quarter is left. */
export type BudgetState = 'unknown' | 'spent' | 'burning' | 'low' | 'fine';

/** Paces at which people are woken over the same windows: 2 % of the budget within an hour, 5 % within six. */
const FAST = { '1h': 14.4, '6h': 6 } as const;

/** How a budget stands. Pure. */
export function budgetState({ left_ratio: left, burn }: Pick<Objective, 'left_ratio' | 'burn'>): BudgetState {
  if (left === null) return 'unknown';
  if (left <= 0) return 'spent';
  const rate = (window: keyof typeof FAST) => burn.find((each) => each.window === window)?.rate ?? 0;
  if (rate('1h') >= FAST['1h'] || rate('6h') >= FAST['6h']) return 'burning';
  return left < 0.25 ? 'low' : 'fine';
}
