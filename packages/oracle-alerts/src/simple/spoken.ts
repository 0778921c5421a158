/** What callers hand over for a severity, a text or a share, in their many ways. Nothing in here throws. */
import { type Severity, severities } from '../contract/index.js';
import { formatValue } from '../messages/format-value.js';

/** Words of logs and other alerting programs that mean one of ours. */
const SYNONYMS: ReadonlyMap<string, Severity> = new Map<string, Severity>([
  ...severities.map((severity) => [severity, severity] as const),
  ['fatal', 'critical'],
  ['emergency', 'critical'],
  ['crit', 'critical'],
  ['err', 'error'],
  ['high', 'error'],
  ['warn', 'warning'],
  ['medium', 'warning'],
  ['notice', 'info'],
  ['low', 'info'],
  ['debug', 'info'],
]);

/** The severity a word means in any case; null when it means none. */
export function severityOf(word: unknown): Severity | null {
  return typeof word === 'string' ? (SYNONYMS.get(word.trim().toLowerCase()) ?? null) : null;
}

/** Anything as a text for people: an error's message, an object as JSON. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === undefined || value === null) return 'no details given';
  try {
    if (value instanceof Error) return value.message || value.name;
    return typeof value === 'object' ? (JSON.stringify(value) ?? 'no details given') : `${value as number}`;
  } catch {
    return 'details that cannot be read';
  }
}

/** A used share: a ratio 0–1; what is above is taken for per cent. */
export function shareOf(used: unknown): string {
  if (typeof used !== 'number' || !Number.isFinite(used) || used < 0) return 'an unknown share';
  return formatValue(used > 1 ? used / 100 : used, 'ratio');
}
