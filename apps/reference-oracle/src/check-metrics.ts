import type { HealthReport } from '@nps/oracle-health';
import type { Registry } from '@nps/oracle-metrics';

/** Tells the checks as gauges of the registry, so that they are in every format: text, OpenMetrics and protobuf. */
export function exposeChecks(registry: Registry, report: () => HealthReport): void {
  registry.collect(() => {
    const checks = Object.entries(report().checks).filter(([, { status }]) => status !== 'skipped');
    const gauge = (name: string, help: string, read: (check: (typeof checks)[number][1]) => number) => {
      const series = checks.map(([dependency, check]) => ({
        names: ['dependency'],
        values: [dependency],
        labels: `dependency="${dependency}"`,
        value: read(check),
      }));
      return { name, help, type: 'gauge' as const, series };
    };
    return [
      gauge('dependency_up', 'Whether the last check of the dependency succeeded.', ({ status }) =>
        status === 'error' ? 0 : 1,
      ),
      gauge(
        'dependency_check_duration_seconds',
        'Time the last check of the dependency took.',
        ({ latency_ms = 0 }) => latency_ms / 1000,
      ),
    ];
  });
}
