import type { Family, LabelledValue } from '../registry/family.js';
import { sampleHead } from '../registry/labels.js';
import type { ExponentialSketch } from '../sketch/sketch.js';
import { classicBounds, cumulativeCounts } from './classic-buckets.js';

/**
 * - `prometheus` https://prometheus.io/docs/instrumenting/exposition_formats/ (0.0.4)
 * - `openmetrics` https://github.com/prometheus/OpenMetrics/blob/main/specification/OpenMetrics.md (1.0.0)
 */
export type TextFormat = 'prometheus' | 'openmetrics';

export const contentTypes: Readonly<Record<TextFormat, string>> = {
  prometheus: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
};

/** Writes families; one without a series is left out. */
export function writeText(families: Iterable<Family>, format: TextFormat): string {
  const parts: string[] = [];
  for (const family of families) writeFamily(parts, family, format);
  if (format === 'openmetrics') parts.push('# EOF\n');
  return parts.join('');
}

function writeFamily(parts: string[], family: Family, format: TextFormat): void {
  const before = parts.length;
  // OpenMetrics names the family of a counter without its `_total`.
  const name = format === 'openmetrics' && family.type === 'counter' ? family.name.replace(/_total$/, '') : family.name;
  parts.push(`# HELP ${name} ${escapeHelp(family.help, format)}\n# TYPE ${name} ${family.type}\n`);
  if (family.type === 'histogram') for (const series of family.series) writeHistogram(parts, family.name, series);
  else
    for (const { head, labels, value } of family.series)
      parts.push(`${head ?? sampleHead(family.name, labels)}${number(value)}\n`);
  if (parts.length === before + 1) parts.pop();
}

/** OpenMetrics wants `1.0` where JavaScript writes `1`; Prometheus reads both as the same bound. */
const bucketTails = classicBounds.map((bound) => `${Number.isInteger(bound) ? `${bound}.0` : bound}"} `);

function writeHistogram(parts: string[], name: string, { labels, value }: LabelledValue<ExponentialSketch>): void {
  const head = labels === '' ? `${name}_bucket{le="` : `${name}_bucket{${labels},le="`;
  const counts = cumulativeCounts(value);
  bucketTails.forEach((tail, at) => parts.push(`${head}${tail}${counts[at]}\n`));
  parts.push(
    `${head}+Inf"} ${value.count}\n`,
    `${sampleHead(`${name}_sum`, labels)}${number(value.sum)}\n`,
    `${sampleHead(`${name}_count`, labels)}${value.count}\n`,
  );
}

function number(value: number): string {
  if (Number.isFinite(value)) return String(value);
  return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
}

function escapeHelp(help: string, format: TextFormat): string {
  const escaped = help.replace(/\\/g, '\\\\').replace(/\n/g, '\\n');
  return format === 'openmetrics' ? escaped.replace(/"/g, '\\"') : escaped;
}
