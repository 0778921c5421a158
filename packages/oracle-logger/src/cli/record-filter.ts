import { findLevel, levelNumbers } from '../levels.js';

/** Which records are wanted. */
export interface RecordFilter {
  /** The least grave level wanted, as winston counts: the larger, the chattier. */
  readonly maxLevelNumber: number;
  readonly user: string | null;
  readonly action: string | null;
  /** In lower case. */
  readonly text: string | null;
  readonly sinceMs: number;
  readonly untilMs: number;
}

/** Whether a line is a record that is wanted; what is no JSON object is none. */
export function isWanted(line: string, filter: RecordFilter): boolean {
  if (filter.text !== null && !line.toLowerCase().includes(filter.text)) return false;
  const record = parseRecord(line);
  if (record === null) return false;
  const level = findLevel(record['level'] ?? record['log.level']);
  const atMs = Date.parse(String(record['timestamp'] ?? record['@timestamp']));
  return (
    (level === null || levelNumbers[level] <= filter.maxLevelNumber) &&
    (filter.user === null || String(record['user_id'] ?? record['user.id']) === filter.user) &&
    (filter.action === null || String(record['action'] ?? record['event.action']) === filter.action) &&
    !(atMs < filter.sinceMs || atMs > filter.untilMs)
  );
}

function parseRecord(line: string): Readonly<Record<string, unknown>> | null {
  try {
    const record: unknown = JSON.parse(line);
    return typeof record === 'object' && record !== null && !Array.isArray(record)
      ? (record as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}
