import { spawnSync } from 'node:child_process';
import { afterEach, describe, expect, it } from '@jest/globals';
import { waitFor } from '@nps/testing';
import { parsePrometheusText } from '../../src/client/index.js';
import { createMetrics, type OracleMetrics } from '../../src/index.js';

const watched: OracleMetrics[] = [];

function watch(): OracleMetrics {
  const metrics = createMetrics({ service: 'oracle' });
  metrics.startWatching();
  watched.push(metrics);
  return metrics;
}

const valueOf = (metrics: OracleMetrics, name: string): number | undefined =>
  parsePrometheusText(metrics.toPrometheus()).find((sample) => sample.name === name)?.value;

afterEach(() => {
  for (const metrics of watched.splice(0)) metrics.stopWatching();
});

function block(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

describe('the default metrics', () => {
  it('show CPU, memory and files of the process', () => {
    const metrics = createMetrics({ service: 'oracle' });
    expect(valueOf(metrics, 'process_resident_memory_bytes')).toBeGreaterThan(10e6);
    expect(valueOf(metrics, 'process_cpu_seconds_total')).toBeGreaterThan(0);
    expect(
      Math.abs((valueOf(metrics, 'process_start_time_seconds') ?? 0) - (Date.now() / 1000 - process.uptime())),
    ).toBeLessThan(5);
    if (process.platform === 'linux') expect(valueOf(metrics, 'process_open_fds')).toBeGreaterThan(2);
    expect(metrics.toPrometheus()).toContain(`nodejs_version_info{version="${process.version}"} 1\n`);
  });

  it('show a blocked event loop once they are started', async () => {
    const metrics = watch();
    const slow = (): number => {
      const buckets = parsePrometheusText(metrics.toPrometheus()).filter(
        ({ name }) => name === 'nodejs_eventloop_delay_seconds_bucket',
      );
      const below = (le: string): number => buckets.find(({ labels }) => labels.le === le)?.value ?? 0;
      return below('+Inf') - below('0.125');
    };
    await waitFor(() => (valueOf(metrics, 'nodejs_eventloop_delay_seconds_count') ?? 0) > 2, { timeoutMs: 5000 });
    const before = slow();
    block(300);
    await waitFor(() => slow() > before, { timeoutMs: 5000 });
    metrics.stopWatching();
  }, 15_000);

  it('show how busy the event loop was since the last look', () => {
    const metrics = createMetrics({ service: 'oracle' });
    metrics.toPrometheus();
    block(50);
    expect(valueOf(metrics, 'nodejs_eventloop_utilization_ratio')).toBeGreaterThan(0.9);
  });

  it('show pauses of garbage collection once they are started', async () => {
    const metrics = watch();
    await waitFor(
      () => {
        Array.from({ length: 200_000 }, (_, at) => ({ at }));
        return (valueOf(metrics, 'nodejs_gc_duration_seconds_count') ?? 0) > 0;
      },
      { timeoutMs: 10_000 },
    );
  });

  it('do not keep the process alive', () => {
    const script =
      "import('@nps/oracle-metrics').then(({ createMetrics }) => createMetrics({ service: 'x' }).startWatching())";
    const { status, signal } = spawnSync(process.execPath, ['-e', script], { timeout: 20_000 });
    expect([status, signal]).toEqual([0, null]);
  }, 30_000);

  it('tell what telling them costs', () => {
    const metrics = createMetrics({ service: 'oracle' });
    metrics.getMetrics();
    expect(valueOf(metrics, 'monitoring_overhead_seconds_total')).toBeGreaterThan(0);
  });
});
