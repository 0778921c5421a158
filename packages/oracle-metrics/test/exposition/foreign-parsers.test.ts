import { spawnSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import parseClassic from 'parse-prometheus-text-format';
import { sampleMetrics } from './sample-metrics.js';

/** What the parser of npm answers for a family. */
interface ForeignFamily {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly metrics: readonly {
    readonly value?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly buckets?: Readonly<Record<string, string>>;
  }[];
}

/** Debian's package is known to Debian's Python only. */
const python = ['python3', '/usr/bin/python3'].find(
  (command) => spawnSync(command, ['-c', 'import prometheus_client.openmetrics.parser']).status === 0,
);
if (python === undefined)
  process.stderr.write(
    'SKIPPED: the OpenMetrics parser of Python is not installed (Debian package "python3-prometheus-client").\n',
  );

/** Strict where the specification is: units, suffixes, order, the closing line. */
const READ_OPENMETRICS = `
import json, sys
from prometheus_client.openmetrics.parser import text_string_to_metric_families
families = text_string_to_metric_families(sys.stdin.read())
print(json.dumps([[f.name, f.type, [[s.name, s.labels, str(s.value)] for s in f.samples]] for f in families]))
`;

describe('parsers of others', () => {
  it('read every family of the classic text with its help, type, labels and buckets', () => {
    const text = sampleMetrics().toPrometheus();
    const families = parseClassic(text) as readonly ForeignFamily[];
    const family = (name: string) => families.find((candidate) => candidate.name === name);
    expect(families).toHaveLength([...text.matchAll(/^# TYPE /gm)].length);
    expect(family('odd_total')).toMatchObject({
      help: 'A "quoted"\nhelp \\ text.',
      metrics: [{ value: '1', labels: { text: 'a "b"\n\\c' } }],
    });
    expect(family('oracle_readings_total')?.metrics).toEqual([
      { value: '7', labels: { status: 'success' } },
      { value: '0', labels: { status: 'error' } },
    ]);
    // It tells no labels of histograms, so one with a single series.
    const buckets = family('db_query_duration_seconds')?.metrics[0]?.buckets;
    expect([buckets?.['0.00390625'], buckets?.['0.005524271728019903'], buckets?.['+Inf']]).toEqual(['0', '1', '1']);
  });

  (python === undefined ? it.skip : it)('read every family of OpenMetrics, strictly', () => {
    const text = sampleMetrics().toPrometheus('openmetrics');
    const { stdout, stderr, status } = spawnSync(String(python), ['-c', READ_OPENMETRICS], {
      input: text,
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([0, '']);
    const families = JSON.parse(stdout) as [string, string, [string, Record<string, string>, string][]][];
    expect(families).toHaveLength([...text.matchAll(/^# TYPE /gm)].length);
    const samples = families.flatMap(([, , found]) => found);
    expect(samples).toContainEqual(['oracle_readings_total', { status: 'success' }, '7']);
    expect(samples).toContainEqual(['odd_total', { text: 'a "b"\n\\c' }, '1']);
    expect(samples).toContainEqual(['operation_duration_seconds_bucket', { operation: 'reading', le: '0.5' }, '5']);
    expect(families.find(([name]) => name === 'ai_cost_usd')?.[1]).toBe('counter');
  });
});
