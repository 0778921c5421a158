import { MetricsError } from '../errors.js';

/** https://prometheus.io/docs/concepts/data_model/#metric-names-and-labels */
const METRIC_NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const LABEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
const RESERVED = new Set(['le', 'quantile']);

/** A longer label value is cut: it is somebody's text, not a kind of thing. */
const VALUE_LIMIT = 200;

/** @throws MetricsError `INVALID_NAME` */
export function checkNames(metric: string, labels: readonly string[]): void {
  if (!METRIC_NAME.test(metric)) {
    throw new MetricsError('INVALID_NAME', `A metric name has letters, digits, "_" and ":", got "${metric}".`);
  }
  for (const label of labels) {
    if (LABEL_NAME.test(label) && !label.startsWith('__') && !RESERVED.has(label)) continue;
    throw new MetricsError(
      'INVALID_NAME',
      `Metric "${metric}": a label name has letters, digits and "_", got "${label}".`,
    );
  }
}

/** Label values as text, in the order of the metric's label names; a missing one is empty. */
export function labelValues(
  names: readonly string[],
  labels: Readonly<Record<string, unknown>> | null,
): readonly string[] {
  return names.map((name) => labelText(labels?.[name]));
}

/** Objects have no text of their own here: their `toString` could throw. */
function labelText(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return value.length > VALUE_LIMIT ? value.slice(0, VALUE_LIMIT) : value;
    case 'number':
    case 'boolean':
    case 'bigint':
      return String(value);
    default:
      return '';
  }
}

/** `a="b",c="d"` as both text formats write it. */
export function renderLabels(names: readonly string[], values: readonly string[]): string {
  return names.map((name, at) => `${name}="${escapeValue(values[at] ?? '')}"`).join(',');
}

/** What stands before the value of a sample. Joined, because a joined text lies in one piece and is quick to copy. */
export function sampleHead(name: string, labels: string): string {
  return labels === '' ? `${name} ` : [name, '{', labels, '} '].join('');
}

export function escapeValue(value: string): string {
  return /["\\\n]/.test(value) ? value.replace(/\\/g, '\\\\').replace(/\n/g, '\\n').replace(/"/g, '\\"') : value;
}
