import type { ActivityCounts } from '../contract/report.js';

/** Sums since the start of the process. Users are counted elsewhere: distinct counts do not add up. */
export interface Totals {
  readonly messages: number;
  readonly suggestions: number;
  readonly operations: number;
  readonly errors: number;
  readonly aiTasks: number;
  readonly tokens: number;
  readonly costNanoUsd: number;
}

/** The instant of the local midnight before an instant. */
export function localMidnightMs(wallMs: number): number {
  const day = new Date(wallMs);
  return new Date(day.getFullYear(), day.getMonth(), day.getDate()).getTime();
}

/** The midnight that follows; a day of daylight saving has 23 or 25 hours. */
export function nextLocalMidnightMs(wallMs: number): number {
  const day = new Date(wallMs);
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() + 1).getTime();
}

/** Everything counted since `base` was taken. */
export function activityCounts(now: Totals, base: Totals | null, users: number): ActivityCounts {
  const since = (read: (totals: Totals) => number): number => read(now) - (base === null ? 0 : read(base));
  return {
    total_messages: since((totals) => totals.messages),
    total_users: users,
    total_suggestions: since((totals) => totals.suggestions),
    total_operations: Math.max(
      0,
      since((totals) => totals.operations),
    ),
    total_errors: Math.max(
      0,
      since((totals) => totals.errors),
    ),
    total_ai_tasks: since((totals) => totals.aiTasks),
    tokens_used: since((totals) => totals.tokens),
    cost_usd: toUsd(since((totals) => totals.costNanoUsd)),
  };
}

/** Whole micro-dollars: what a bill can show. */
export function toUsd(nanoUsd: number): number {
  return Math.round(nanoUsd / 1000) / 1e6;
}
