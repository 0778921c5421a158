import { parseArgs } from 'node:util';
import { LoggerError } from '../errors.js';
import { levelNumbers, parseLevel } from '../levels.js';
import type { RecordFilter } from './record-filter.js';

/** What the command was asked for. */
export interface CliRequest {
  readonly command: 'show' | 'help';
  /** Log files; empty means those of `directory` and `service`. */
  readonly files: readonly string[];
  readonly directory: string;
  readonly service: string;
  readonly filter: RecordFilter;
  /** Only so many of the last records; Infinity for all. */
  readonly last: number;
  readonly mode: 'once' | 'follow';
  readonly output: 'pretty' | 'json';
}

/** What `--help` says. */
export const usage = `oracle-logs: reads log files, rotated and compressed ones too, oldest line first

  oracle-logs [options] [file …]        without files: those of --service in --directory

  -d, --directory DIR   folder of the files (default: $ORACLE_LOG_DIR, $LOG_DIR, /app/logs)
  -s, --service NAME    whose files (default: oracle)
  -l, --level LEVEL     at least this level: DEBUG INFO WARN ERROR CRITICAL
  -u, --user ID         only this user_id
  -a, --action NAME     only this action
  -g, --grep TEXT       only lines with this text, in any case
      --since TIME      from this instant on: 2026-02-08T14:30:00Z, or so long ago: 90s 15m 2h 7d
      --until TIME      up to this instant
  -n, --last N          only the last N records
  -f, --follow          go on with what is written, over rotations
  -j, --json            the lines as they are written, for jq
  -h, --help            this text
`;

const options = {
  directory: { type: 'string', short: 'd' },
  service: { type: 'string', short: 's', default: 'oracle' },
  level: { type: 'string', short: 'l', default: 'DEBUG' },
  user: { type: 'string', short: 'u' },
  action: { type: 'string', short: 'a' },
  grep: { type: 'string', short: 'g' },
  since: { type: 'string' },
  until: { type: 'string' },
  last: { type: 'string', short: 'n' },
  follow: { type: 'boolean', short: 'f', default: false },
  json: { type: 'boolean', short: 'j', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

const unitsMs: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * Reads the command line.
 * @throws LoggerError `INVALID_ARGUMENT`, `UNKNOWN_LEVEL`
 */
export function parseRequest(argv: readonly string[], defaultDirectory: string, nowMs: number): CliRequest {
  const { values, positionals } = readArguments(argv);
  return {
    command: values.help ? 'help' : 'show',
    files: positionals,
    directory: values.directory ?? defaultDirectory,
    service: values.service,
    filter: {
      maxLevelNumber: levelNumbers[parseLevel(values.level)],
      user: values.user ?? null,
      action: values.action ?? null,
      text: values.grep?.toLowerCase() ?? null,
      sinceMs: values.since === undefined ? -Infinity : parseInstant('--since', values.since, nowMs),
      untilMs: values.until === undefined ? Infinity : parseInstant('--until', values.until, nowMs),
    },
    last: values.last === undefined ? Infinity : parseCount(values.last),
    mode: values.follow ? 'follow' : 'once',
    output: values.json ? 'json' : 'pretty',
  };
}

function readArguments(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true });
  } catch (cause) {
    throw new LoggerError('INVALID_ARGUMENT', `${firstSentence(cause)} See oracle-logs --help.`, { cause });
  }
}

function firstSentence(error: unknown): string {
  const [line = ''] = (error as Error).message.split('\n');
  return line.endsWith('.') ? line : `${line}.`;
}

function parseInstant(name: string, word: string, nowMs: number): number {
  const ago = /^(\d+)([smhd])$/.exec(word);
  if (ago !== null) return nowMs - Number(ago[1]) * (unitsMs[ago[2] ?? ''] ?? 0);
  const atMs = Date.parse(word);
  if (!Number.isNaN(atMs)) return atMs;
  throw new LoggerError(
    'INVALID_ARGUMENT',
    `Expected ${name} to be an instant (2026-02-08T14:30:00Z) or a time ago (15m), got ${JSON.stringify(word.slice(0, 40))}.`,
  );
}

function parseCount(word: string): number {
  const count = Number(word);
  if (Number.isInteger(count) && count > 0) return count;
  throw new LoggerError(
    'INVALID_ARGUMENT',
    `Expected --last to be a whole number above 0, got ${JSON.stringify(word.slice(0, 40))}.`,
  );
}
