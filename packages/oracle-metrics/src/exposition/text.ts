import type { Family, LabelledValue } from '../registry/family.js';
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
  else for (const series of family.series) parts.push(sample(family.name, series.labels, series.value));
  if (parts.length === before + 1) parts.pop();
}

function sample(name: string, labels: string, value: number): string {
  return labels === '' ? `${name} ${number(value)}\n` : `${name}{${labels}} ${number(value)}\n`;
}

function writeHistogram(parts: string[], name: string, { labels, value }: LabelledValue<ExponentialSketch>): void {
  const head = labels === '' ? `${name}_bucket{le="` : `${name}_bucket{${labels},le="`;
  const counts = cumulativeCounts(value);
  classicBounds.forEach((bound, at) => parts.push(`${head}${leText(bound)}"} ${counts[at]}\n`));
  parts.push(
    `${head}+Inf"} ${value.count}\n`,
    sample(`${name}_sum`, labels, value.sum),
    sample(`${name}_count`, labels, value.count),
  );
}

/** OpenMetrics wants `1.0` where JavaScript writes `1`; Prometheus reads both as the same bound. */
function leText(bound: number): string {
  return Number.isInteger(bound) ? `${bound}.0` : String(bound);
}

function number(value: number): string {
  if (Number.isFinite(value)) return String(value);
  return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
}

function escapeHelp(help: string, format: TextFormat): string {
  const escaped = help.replace(/\\/g, '\\\\').replace(/\n/g, '\\n');
  return format === 'openmetrics' ? escaped.replace(/"/g, '\\"') : escaped;
}
