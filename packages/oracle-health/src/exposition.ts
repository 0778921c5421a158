import type { HealthReport } from './contract/index.js';

/**
 * The checks as metrics, in the Prometheus text format 0.0.4: `dependency_up` (1 for ok and warning, 0 for error;
 * skipped checks have no sample) and `dependency_check_duration_seconds` (the last run).
 */
export function dependencyExposition(report: HealthReport): string {
  const checks = Object.entries(report.checks).filter(([, { status }]) => status !== 'skipped');
  const up = checks.map(([name, { status }]) => sample('dependency_up', name, status === 'error' ? 0 : 1));
  const durations = checks.map(([name, { latency_ms = 0 }]) =>
    sample('dependency_check_duration_seconds', name, Math.round(latency_ms * 1_000) / 1_000_000),
  );
  return [
    '# HELP dependency_up Whether the last check of the dependency succeeded.',
    '# TYPE dependency_up gauge',
    ...up,
    '# HELP dependency_check_duration_seconds Time the last check of the dependency took.',
    '# TYPE dependency_check_duration_seconds gauge',
    ...durations,
    '',
  ].join('\n');
}

// Names of checks hold nothing that would need escaping in a label.
function sample(metric: string, dependency: string, value: number): string {
  return `${metric}{dependency="${dependency}"} ${value}`;
}
