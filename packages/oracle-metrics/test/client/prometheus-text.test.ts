import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Counter as PromCounter, Histogram as PromHistogram, Registry as PromRegistry } from 'prom-client';
import { parsePrometheusText } from '../../src/client/index.js';
import { createMetrics } from '../../src/index.js';

describe('parsePrometheusText', () => {
  it('reads names, labels, escapes, timestamps, exemplars and special values', () => {
    const text = [
      '# HELP http_requests_total The total.',
      '# TYPE http_requests_total counter',
      'http_requests_total{method="post",code="200"} 1027 1395066363000',
      'msdos_file_access_time_seconds{path="C:\\\\DIR\\\\FILE.TXT",error="Cannot find file:\\n\\"FILE.TXT\\""} 1.458255915e9',
      'metric_without_timestamp_and_labels 12.47',
      '  spaced { a = "b" , } +Inf -3982045',
      'foo_bucket{le="0.1"} 8 # {trace_id="x"} 0.054\r',
      'nan NaN',
      'minus -Inf',
      '# EOF',
    ].join('\n');
    expect(parsePrometheusText(text)).toEqual([
      { name: 'http_requests_total', labels: { method: 'post', code: '200' }, value: 1027 },
      {
        name: 'msdos_file_access_time_seconds',
        labels: { path: 'C:\\DIR\\FILE.TXT', error: 'Cannot find file:\n"FILE.TXT"' },
        value: 1_458_255_915,
      },
      { name: 'metric_without_timestamp_and_labels', labels: {}, value: 12.47 },
      { name: 'spaced', labels: { a: 'b' }, value: Number.POSITIVE_INFINITY },
      { name: 'foo_bucket', labels: { le: '0.1' }, value: 8 },
      { name: 'nan', labels: {}, value: Number.NaN },
      { name: 'minus', labels: {}, value: Number.NEGATIVE_INFINITY },
    ]);
  });

  it('reads what prom-client writes', async () => {
    const registry = new PromRegistry();
    const counter = new PromCounter({ name: 'jobs_total', help: 'x', labelNames: ['job'], registers: [registry] });
    counter.inc({ job: 'a "b" \\ c\nd' }, 3);
    new PromHistogram({ name: 'time_seconds', help: 'x', registers: [registry] }).observe(0.2);
    const samples = parsePrometheusText(await registry.metrics());
    expect(samples).toContainEqual({ name: 'jobs_total', labels: { job: 'a "b" \\ c\nd' }, value: 3 });
    expect(samples).toContainEqual({ name: 'time_seconds_bucket', labels: { le: '+Inf' }, value: 1 });
  });

  it('reads back any label value that this package writes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 100 }), fc.double({ min: 0 }), (label, value) => {
        const metrics = createMetrics({ service: 'oracle' });
        metrics.registry.gauge({ name: 'anything', help: 'x\n"\\', labels: ['label'] }).set(value, { label });
        for (const format of ['prometheus', 'openmetrics'] as const) {
          const found = parsePrometheusText(metrics.toPrometheus(format)).find(({ name }) => name === 'anything');
          expect(found).toEqual({ name: 'anything', labels: { label: label.slice(0, 200) }, value });
        }
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    ['{a="b"} 1'],
    ['name'],
    ['name{a="b} 1'],
    ['name{a=b} 1'],
    ['name{a="b" c="d"} 1'],
    ['name twelve'],
    ['name 0x'],
    ['<html>'],
  ])('refuses %s and names the line', (line) => {
    expect(() => parsePrometheusText(`up 1\n${line}`)).toThrow(
      expect.objectContaining({ code: 'MALFORMED_EXPOSITION', message: expect.stringContaining('Line 2') }),
    );
  });

  it('does not let a label name reach a prototype', () => {
    const [sample] = parsePrometheusText('a{__proto__="x",constructor="y"} 1');
    expect(Object.keys(sample?.labels ?? {})).toEqual(['__proto__', 'constructor']);
    expect(({} as Record<string, unknown>).x).toBeUndefined();
  });

  it('takes time in proportion to the length of hostile text', () => {
    const time = (length: number): number => {
      const text = `a{${'b="\\\\",'.repeat(length)}`;
      const startedAtMs = performance.now();
      expect(() => parsePrometheusText(text)).toThrow();
      return performance.now() - startedAtMs;
    };
    const quickest = (length: number): number => Math.min(...Array.from({ length: 5 }, () => time(length)));
    expect(quickest(80_000)).toBeLessThan(Math.max(quickest(20_000), 5) * 12);
  });
});
