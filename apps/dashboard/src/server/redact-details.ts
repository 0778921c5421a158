import type { HealthReport } from '@nps/oracle-health/contract';

/** A health report whose details, which are texts from outside, hide their secrets. Pure. */
export function redactDetails(report: HealthReport, redact: (text: string) => string): HealthReport {
  const checks = Object.entries(report.checks).map(([name, check]) => [
    name,
    check.detail === undefined ? check : { ...check, detail: redact(check.detail) },
  ]);
  return { ...report, checks: Object.fromEntries(checks) };
}
