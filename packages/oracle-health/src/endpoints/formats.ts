import type { CheckReport, CheckStatus, HealthReport, ServiceStatus } from '../contract/index.js';

/** A report without what only the token opens. */
export function withoutDetail(report: HealthReport): HealthReport {
  const checks = Object.entries(report.checks).map(([name, { detail: _detail, ...shown }]) => [name, shown]);
  return { ...report, checks: Object.fromEntries(checks) as Record<string, CheckReport> };
}

/** The boolean form of `GET /healthz`. */
export function booleanForm(report: HealthReport): object {
  const isHealthy = report.status === 'healthy';
  const checks = Object.entries(report.checks).map(([name, { status }]) => [name, status !== 'error']);
  return {
    status: isHealthy ? 'healthy' : 'unhealthy',
    healthy: isHealthy,
    checks: { ...Object.fromEntries(checks), uptime: report.uptime_seconds, timestamp: report.timestamp },
  };
}

const draftServiceWord: Readonly<Record<ServiceStatus, string>> = { healthy: 'pass', degraded: 'warn', down: 'fail' };
const draftCheckWord: Readonly<Record<CheckStatus, string>> = {
  ok: 'pass',
  warning: 'warn',
  error: 'fail',
  skipped: 'pass',
};

/** `application/health+json`, draft-inadarei-api-health-check-06. */
export function draftForm(report: HealthReport): object {
  const checks = Object.entries(report.checks).map(([name, check]) => [
    `${name}:${measurement(check)}`,
    [draftCheck(name, check)],
  ]);
  return {
    status: draftServiceWord[report.status],
    version: report.version.split('.')[0] ?? '',
    releaseId: report.version,
    serviceId: report.service,
    description: `health of ${report.service}`,
    checks: Object.fromEntries(checks),
  };
}

function measurement(check: CheckReport): string {
  if (check.unit === 'ratio') return 'utilization';
  if (check.unit === 'seconds') return 'uptime';
  return 'responseTime';
}

function draftCheck(name: string, check: CheckReport): object {
  const isMeasured = check.value !== undefined;
  return {
    componentId: name,
    componentType: check.critical ? 'datastore' : 'component',
    observedValue: isMeasured ? check.value : check.latency_ms,
    observedUnit: isMeasured ? check.unit : 'ms',
    status: draftCheckWord[check.status],
    time: check.checked_at,
    ...(check.error === undefined ? {} : { output: check.detail ?? check.error }),
  };
}

/** Lines for people, in the manner of Kubernetes' `?verbose`. */
export function verboseForm(report: HealthReport): string {
  const lines = Object.entries(report.checks).map(([name, { status, error, latency_ms }]) => {
    const sign = status === 'error' ? '[-]' : status === 'skipped' ? '[ ]' : '[+]';
    const reason = error === undefined ? '' : ` ${error}`;
    return `${sign}${name} ${status}${reason} (${latency_ms ?? 0} ms)`;
  });
  return [...lines, `${report.service} ${report.version}: ${report.status}`, ''].join('\n');
}
