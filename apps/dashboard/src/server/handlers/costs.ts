import type { MetricsReport } from '@nps/oracle-metrics/contract';
import type { CostLine } from '../../contract/costs.js';
import { type Handler, ok } from '../handler.js';
import type { HandlerDeps } from '../handler-deps.js';
import { createLastGood } from '../last-good.js';
import { inTurns } from '../live.js';
import { totalOf } from '../usage.js';

const HOUR_MS = 3_600_000;
const MONTH_MS = 30 * 24 * HOUR_MS;

const DAY_MS = 24 * HOUR_MS;
/** Sums of a month are read again this often. */
const MONTH_FRESH_MS = 60_000;
const AT_ONCE = 4;

/** What AI calls cost, dearest service first. */
export function createCostsHandler(deps: HandlerDeps): Handler<'costs'> {
  const { survey, nowMs } = deps;
  const months = createLastGood<{ readonly spent: ReadonlyMap<string, number> }>(deps, MONTH_FRESH_MS);
  return async () => {
    const { measured } = survey.seen();
    const reports = Object.values(survey.latest()?.services ?? {}).flatMap(({ name, display_name: displayName }) => {
      const report = measured.get(name)?.report ?? null;
      return report === null ? [] : [{ name, displayName, report }];
    });
    const names = reports.map(({ name }) => name);
    const { spent } = await months.read(names.join(), { spent: new Map() }, async () => ({
      spent: await loadMonth(deps, names),
    }));
    const lines = reports.map(({ name, displayName, report }) =>
      costLine(name, displayName, report, spent.get(name) ?? null, nowMs()),
    );
    return ok({
      lines: lines.sort((a, b) => b.today_usd - a.today_usd || a.service.localeCompare(b.service)),
      generated_at: new Date(nowMs()).toISOString(),
    });
  };
}

/** What each service spent since the first of the month, UTC; services of which nothing is recorded are left out. */
async function loadMonth(
  { series, nowMs }: HandlerDeps,
  names: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const spent = new Map<string, number>();
  if (series === null) return spent;
  const toMs = Math.ceil(nowMs() / HOUR_MS) * HOUR_MS;
  const from = new Date(monthStartMs(nowMs())).toISOString();
  await inTurns(names, AT_ONCE, async (service) => {
    const points = await series.usageSeries({ service, from, to: new Date(toMs).toISOString(), points: 744 });
    if (points.length > 0) spent.set(service, totalOf(points).cost_usd);
  });
  return spent;
}

function monthStartMs(nowMs: number): number {
  const now = new Date(nowMs);
  return Date.UTC(now.getUTCFullYear(), now.getUTCMonth());
}

function monthMs(nowMs: number): number {
  const now = new Date(nowMs);
  return Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1) - monthStartMs(nowMs);
}

/** @param spentUsd since the first of the month; `null` when nothing is recorded. Pure. */
export function costLine(
  service: string,
  displayName: string,
  report: MetricsReport,
  spentUsd: number | null,
  nowMs: number,
): CostLine {
  // A process that started today has only been counting since then.
  const sinceMs = Math.max(Date.parse(report.today.since), Date.parse(report.started_at));
  const elapsedMs = nowMs - sinceMs;
  return {
    service,
    display_name: displayName,
    today_since: report.today.since,
    today_usd: report.today.cost_usd,
    today_tokens: report.today.tokens_used,
    today_calls: report.today.total_ai_tasks,
    total_usd: report.cost_usd,
    total_tokens: report.tokens_used,
    started_at: report.started_at,
    month_usd: elapsedMs < HOUR_MS ? null : (report.today.cost_usd / elapsedMs) * MONTH_MS,
    call_p95_ms: report.performance.ai_call_time.p95,
    cost_unknown_calls: report.cost_unknown_calls ?? 0,
    this_month_usd: spentUsd,
    // In the first hours of a month its pace says nothing.
    month_forecast_usd:
      spentUsd === null || nowMs - monthStartMs(nowMs) < DAY_MS
        ? null
        : (spentUsd / (nowMs - monthStartMs(nowMs))) * monthMs(nowMs),
  };
}
