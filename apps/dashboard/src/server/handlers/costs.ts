import type { MetricsReport } from '@nps/oracle-metrics/contract';
import type { CostLine } from '../../contract/costs.js';
import { type Handler, ok } from '../handler.js';
import type { HandlerDeps } from '../handler-deps.js';

const HOUR_MS = 3_600_000;
const MONTH_MS = 30 * 24 * HOUR_MS;

/** What AI calls cost, dearest service first. */
export function createCostsHandler({ survey, nowMs }: Pick<HandlerDeps, 'survey' | 'nowMs'>): Handler<'costs'> {
  return () => {
    const services = survey.latest()?.services ?? {};
    const lines = Object.values(services).flatMap(({ name, display_name: displayName }) => {
      const report = survey.seen().measured.get(name)?.report ?? null;
      return report === null ? [] : [costLine(name, displayName, report, nowMs())];
    });
    return ok({
      lines: lines.sort((a, b) => b.today_usd - a.today_usd || a.service.localeCompare(b.service)),
      generated_at: new Date(nowMs()).toISOString(),
    });
  };
}

/** Pure. */
export function costLine(service: string, displayName: string, report: MetricsReport, nowMs: number): CostLine {
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
  };
}
