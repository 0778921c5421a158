import type { Uptime } from '@nps/oracle-health/postgres';
import type { Objective } from '../contract/slo.js';

export const WINDOW_DAYS = 30;
const DAY_MINUTES = 1440;
const MINUTE_MS = 60_000;

/** The windows of the multi-window burn rate (Google SRE workbook, chapter 5). */
export const burnWindows = [
  { window: '1h', minutes: 60 },
  { window: '6h', minutes: 360 },
  { window: '1d', minutes: DAY_MINUTES },
  { window: '3d', minutes: 3 * DAY_MINUTES },
] as const;

/** Works out what is left of a promise. Pure. @param targetPercent for example 99.9 */
export function objectiveOf(known: {
  readonly service: string;
  readonly displayName: string;
  readonly targetPercent: number;
  readonly whole: Uptime;
  readonly recent: readonly Uptime[];
  readonly nowMs: number;
}): Objective {
  const { whole, recent, nowMs } = known;
  const allowed = 1 - known.targetPercent / 100;
  const budgetMinutes = allowed * WINDOW_DAYS * DAY_MINUTES;
  const usedMinutes = whole.downSeconds / 60;
  const burn = burnWindows.map(({ window }, index) => ({ window, rate: burnRate(recent[index], allowed) }));
  const left = budgetMinutes - usedMinutes;
  const pace = (burn[1]?.rate ?? 0) * allowed;
  return {
    service: known.service,
    display_name: known.displayName,
    availability: whole.ratio,
    budget_minutes: budgetMinutes,
    used_minutes: usedMinutes,
    left_ratio: whole.ratio === null ? null : left / budgetMinutes,
    burn,
    exhausted_at: exhaustedAt(left, pace, nowMs),
    observed_ratio: observedSeconds(whole) / (WINDOW_DAYS * DAY_MINUTES * 60),
  };
}

function burnRate(uptime: Uptime | undefined, allowed: number): number | null {
  return uptime?.ratio === null || uptime === undefined ? null : (1 - uptime.ratio) / allowed;
}

/** At the present pace of minutes down per minute. */
function exhaustedAt(leftMinutes: number, pace: number, nowMs: number): string | null {
  if (leftMinutes <= 0) return new Date(nowMs).toISOString();
  if (pace <= 0) return null;
  const minutes = leftMinutes / pace;
  return minutes > WINDOW_DAYS * DAY_MINUTES ? null : new Date(nowMs + minutes * MINUTE_MS).toISOString();
}

function observedSeconds({ upSeconds, degradedSeconds, downSeconds }: Uptime): number {
  return upSeconds + degradedSeconds + downSeconds;
}
