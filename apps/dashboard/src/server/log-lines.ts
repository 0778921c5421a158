import { type LogLevel, type LogLine, logLevels } from '../contract/logs.js';

/** What a line must have. Absent filters let everything through. */
export interface LogFilter {
  readonly text: string | undefined;
  /** This level and graver ones. */
  readonly level: LogLevel | undefined;
  readonly service: string | undefined;
  readonly user: string | undefined;
  readonly action: string | undefined;
  readonly fromMs: number;
  readonly toMs: number;
}

const MESSAGE_CHARACTERS = 4000;
const REST_CHARACTERS = 4000;
const shownApart = new Set(['timestamp', 'level', 'service', 'message', 'logger', 'user_id', 'action', 'duration_ms']);

/** Reads one line of JSON; a line that is none is shown as its text. Pure. */
export function parseLogLine(text: string, id: string, fallbackService: string): LogLine {
  const record = parseObject(text);
  if (record === null)
    return {
      id,
      at: null,
      level: null,
      service: fallbackService,
      message: text.slice(0, MESSAGE_CHARACTERS),
      user_id: null,
      action: null,
      duration_ms: null,
      rest: '',
    };
  const rest = new Map([...record].filter(([key]) => !shownApart.has(key)));
  return {
    id,
    at: instantOf(record.get('timestamp')),
    level: logLevels.find((level) => level === record.get('level')) ?? null,
    service: textOf(record.get('service')) ?? fallbackService,
    message: (textOf(record.get('message')) ?? '').slice(0, MESSAGE_CHARACTERS),
    user_id: textOf(record.get('user_id')),
    action: textOf(record.get('action')),
    duration_ms: typeof record.get('duration_ms') === 'number' ? (record.get('duration_ms') as number) : null,
    rest: rest.size === 0 ? '' : JSON.stringify(Object.fromEntries(rest)).slice(0, REST_CHARACTERS),
  };
}

/** Whether a line passes. The text is looked for in the raw line, letter case aside. Pure. */
export function matchesLine(line: LogLine, raw: string, filter: LogFilter): boolean {
  if (line.at !== null && !isBetween(Date.parse(line.at), filter)) return false;
  if (
    filter.level !== undefined &&
    (line.level === null || logLevels.indexOf(line.level) < logLevels.indexOf(filter.level))
  )
    return false;
  if (filter.service !== undefined && line.service !== filter.service) return false;
  if (filter.user !== undefined && line.user_id !== filter.user) return false;
  if (filter.action !== undefined && line.action !== filter.action) return false;
  return filter.text === undefined || raw.toLowerCase().includes(filter.text.toLowerCase());
}

function isBetween(atMs: number, { fromMs, toMs }: LogFilter): boolean {
  return atMs >= fromMs && atMs <= toMs;
}

/** A map, because a line may have a key `__proto__`. */
function parseObject(text: string): ReadonlyMap<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? new Map(Object.entries(value)) : null;
  } catch {
    return null;
  }
}

function instantOf(value: unknown): string | null {
  const ms = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(ms) ? null : new Date(ms).toISOString();
}

function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? String(value) : null;
}
