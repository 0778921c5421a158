/** One thing a person should see in the terminal. */
export interface EventLine {
  readonly at: Date;
  readonly source: string;
  readonly text: string;
}

/** A JSON log line of an app, as far as it is shown. */
interface LogRecord {
  readonly level?: unknown;
  readonly message?: unknown;
  readonly error?: { readonly message?: unknown };
  /** HTTP status of an access line. */
  readonly status?: unknown;
}

/** Which levels of an app's log are events: the alerter tells what it does, of the others only trouble matters. */
const SHOWN: Readonly<Record<string, ReadonlySet<string>>> = {
  alerter: new Set(['INFO', 'WARN', 'ERROR', 'CRITICAL']),
};
const TROUBLE: ReadonlySet<string> = new Set(['WARN', 'ERROR', 'CRITICAL']);

/** The same text of the same source is shown at most once in this time; what was left out is counted. */
const REPEAT_MS = 10_000;

export function formatEvent({ at, source, text }: EventLine): string {
  return `${at.toTimeString().slice(0, 8)}  ${source.padEnd(16)}  ${text}`;
}

/** What of an app's output line is shown; null when it is not for the terminal (it is in the log file all the same). */
export function readEvent(source: string, line: string): string | null {
  const record = parseRecord(line);
  if (record === null) return line.trim() === '' ? null : line;
  const level = typeof record.level === 'string' ? record.level : 'INFO';
  if (!(SHOWN[source] ?? TROUBLE).has(level) || typeof record.message !== 'string') return null;
  const text = typeof record.status === 'number' ? `${record.message} answered ${record.status}` : record.message;
  const cause = record.error?.message;
  return typeof cause === 'string' && !text.includes(cause) ? `${text}: ${cause}` : text;
}

/** Holds back repetitions; `now` in milliseconds. */
export function createRepeatFilter(): (source: string, text: string, now: number) => string | null {
  const seen = new Map<string, { until: number; held: number }>();
  return (source, text, now) => {
    const key = `${source}\0${text.replaceAll(/\d+/g, '#')}`;
    const before = seen.get(key);
    if (before && now < before.until) {
      before.held++;
      return null;
    }
    if (seen.size > 1_000) seen.clear(); // bounded: forgetting only means showing once more
    seen.set(key, { until: now + REPEAT_MS, held: 0 });
    return before && before.held > 0 ? `${text} (and ${before.held} more like it)` : text;
  };
}

function parseRecord(line: string): LogRecord | null {
  if (!line.startsWith('{')) return null;
  try {
    return JSON.parse(line) as LogRecord;
  } catch {
    return null;
  }
}
