import type { HealthReport } from '../contract/index.js';
import { verdict } from '../verdict.js';

/** The names of `?exclude=a&exclude=b` or `?exclude=a,b`. */
export function excludedNames(query: URLSearchParams): ReadonlySet<string> {
  return new Set(query.getAll('exclude').flatMap((names) => names.split(',')));
}

/** The report as if the named checks did not exist; unknown names change nothing. */
export function withoutChecks(report: HealthReport, names: ReadonlySet<string>): HealthReport {
  const kept = Object.entries(report.checks).filter(([name]) => !names.has(name));
  if (kept.length === Object.keys(report.checks).length) return report;
  const status = verdict(kept.map(([, check]) => check));
  // During the start-up grace the report is milder than its checks; it must not become worse by leaving some out.
  const isMild = report.status === 'degraded' && status === 'down';
  return { ...report, status: isMild ? 'degraded' : status, checks: Object.fromEntries(kept) };
}
