import type { CheckReport, ServiceStatus } from './contract/index.js';

/**
 * The service's status from its checks: `down` when a fatal check failed or every critical one that ran did,
 * `degraded` when any failed. Warnings and skipped checks count against nobody.
 */
export function verdict(checks: Iterable<Pick<CheckReport, 'status' | 'critical' | 'fatal'>>): ServiceStatus {
  let failed = 0;
  let critical = 0;
  let criticalFailed = 0;
  for (const check of checks) {
    if (check.status === 'skipped') continue;
    const isFailed = check.status === 'error';
    if (isFailed && check.fatal) return 'down';
    if (isFailed) failed += 1;
    if (check.critical) critical += 1;
    if (check.critical && isFailed) criticalFailed += 1;
  }
  if (critical > 0 && criticalFailed === critical) return 'down';
  return failed > 0 ? 'degraded' : 'healthy';
}
