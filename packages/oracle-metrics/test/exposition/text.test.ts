import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parsePrometheusText } from '../../src/client/index.js';
import { createMetrics } from '../../src/index.js';
import { sampleMetrics, withoutProcess } from './sample-metrics.js';

const promtool = spawnSync('promtool', ['--version']).error === undefined;
if (!promtool)
  process.stderr.write(
    'SKIPPED: promtool is not installed (Debian package "prometheus"); the exposition was not linted.\n',
  );

function golden(name: string, text: string): void {
  const file = `test/exposition/fixtures/${name}`;
  if (process.env.UPDATE_GOLDEN === '1') writeFileSync(file, text);
  expect(text).toBe(readFileSync(file, 'utf8'));
}

describe('the text exposition', () => {
  it('is the reviewed text in the Prometheus format', () => {
    golden('prometheus.txt', withoutProcess(sampleMetrics().toPrometheus()));
  });

  it('is the reviewed text in the OpenMetrics format', () => {
    golden('openmetrics.txt', withoutProcess(sampleMetrics().toPrometheus('openmetrics')));
  });

  it('has exact counts in its classic buckets', () => {
    const samples = parsePrometheusText(sampleMetrics().toPrometheus()).filter(
      ({ name, labels }) => name === 'operation_duration_seconds_bucket' && labels.operation === 'reading',
    );
    const durations = [0.003, 0.02, 0.25, 0.5, 0.5, 1, 12];
    expect(samples).toHaveLength(36);
    for (const { labels, value } of samples) {
      const le = labels.le === '+Inf' ? Number.POSITIVE_INFINITY : Number(labels.le);
      expect(value).toBe(durations.filter((duration) => duration <= le).length);
    }
  });

  it('says each family once, and all its samples right behind', () => {
    for (const format of ['prometheus', 'openmetrics'] as const) {
      const families = [
        ...sampleMetrics()
          .toPrometheus(format)
          .matchAll(/^# TYPE (\S+)/gm),
      ].map(([, name]) => name);
      expect(new Set(families).size).toBe(families.length);
    }
  });

  it('has every name that was agreed', () => {
    const text = sampleMetrics().toPrometheus();
    for (const name of [
      'db_query_duration_seconds_count{query_type="select"}',
      'oracle_readings_total{status="success"}',
      'oracle_readings_total{status="error"}',
      'oracle_suggestions_total',
      'oracle_messages_total',
      'oracle_active_users',
      'app_uptime_seconds',
      'app_info{version="1.2.3",environment="test"}',
      'errors_total{error_type="AI_TIMEOUT",component="interpreter"}',
      'rpc_requests_total{method="GetReading",code="INTERNAL"}',
      'ai_tokens_total{model="claude-haiku-4-5",kind="cache_read"}',
      'ai_cost_usd_total{model="claude-haiku-4-5"}',
      'ai_cost_unknown_calls_total{model="home-grown"}',
      'process_cpu_seconds_total',
      'process_resident_memory_bytes',
      'nodejs_eventloop_utilization_ratio',
    ]) {
      expect(text).toContain(`\n${name} `);
    }
  });

  it('shows known outcomes as 0 before they happen', () => {
    const text = createMetrics({ service: 'oracle' }).toPrometheus();
    expect(text).toContain('oracle_readings_total{status="error"} 0\n');
    expect(text).toContain('oracle_messages_total 0\n');
  });

  (promtool ? it : it.skip)('leaves promtool silent', () => {
    const metrics = sampleMetrics();
    metrics.startWatching();
    const { stdout, stderr, status } = spawnSync('promtool', ['check', 'metrics'], {
      input: metrics.toPrometheus(),
      encoding: 'utf8',
    });
    metrics.stopWatching();
    expect([status, stdout, stderr]).toEqual([0, '', '']);
  });
});
