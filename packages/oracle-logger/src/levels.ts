import { LoggerError } from './errors.js';

/** A level as methods and winston know it. */
export type Level = 'debug' | 'info' | 'warn' | 'error' | 'critical';

/** A level as it stands in every written line. */
export type WireLevel = 'DEBUG' | 'INFO' | 'WARN' | 'ERROR' | 'CRITICAL';

/** winston's order: the smaller the number, the graver the line. */
export const levelNumbers = { critical: 0, error: 1, warn: 2, info: 3, debug: 4 } as const satisfies Record<
  Level,
  number
>;

/** Colours for winston formats such as `colorize()`. */
export const levelColors = {
  critical: 'magenta',
  error: 'red',
  warn: 'yellow',
  info: 'green',
  debug: 'cyan',
} as const satisfies Record<Level, string>;

/** The word a level has in every written line. */
export const wireLevels = {
  critical: 'CRITICAL',
  error: 'ERROR',
  warn: 'WARN',
  info: 'INFO',
  debug: 'DEBUG',
} as const satisfies Record<Level, WireLevel>;

/** All levels, the chattiest first. */
export const levels = ['debug', 'info', 'warn', 'error', 'critical'] as const satisfies readonly Level[];

/** Words of other loggers that mean one of ours. */
const synonyms: ReadonlyMap<string, Level> = new Map<string, Level>([
  ...levels.map((level) => [level, level] as const),
  ['trace', 'debug'],
  ['verbose', 'debug'],
  ['silly', 'debug'],
  ['http', 'info'],
  ['notice', 'info'],
  ['warning', 'warn'],
  ['err', 'error'],
  ['crit', 'critical'],
  ['fatal', 'critical'],
  ['alert', 'critical'],
  ['emerg', 'critical'],
]);

/** The level a word means in any case (`WARNING` → `warn`), or null when it means none. */
export function findLevel(word: unknown): Level | null {
  return typeof word === 'string' ? (synonyms.get(word.trim().toLowerCase()) ?? null) : null;
}

/**
 * Like {@link findLevel}, for configuration, where a word without meaning must be refused.
 * @throws LoggerError `UNKNOWN_LEVEL`
 */
export function parseLevel(word: unknown): Level {
  const level = findLevel(word);
  if (level === null) {
    const came = typeof word === 'string' ? JSON.stringify(word.slice(0, 40)) : typeof word;
    throw new LoggerError(
      'UNKNOWN_LEVEL',
      `Expected a log level (DEBUG, INFO, WARN, ERROR or CRITICAL), got ${came}. Correct the option or LOG_LEVEL.`,
    );
  }
  return level;
}
