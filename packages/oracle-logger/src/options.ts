import type winston from 'winston';
import { LoggerError } from './errors.js';
import { type Level, parseLevel } from './levels.js';
import type { Fields } from './record.js';

/** How a line is shaped: our own fields, Elastic Common Schema, or the file of warnings and above. */
export type Profile = 'oracle' | 'ecs' | 'alerts';

/** What standard output gets. */
export type ConsoleMode = 'json' | 'pretty' | false;

/** What redaction hides beyond, or spares of, its built-in knowledge. */
export interface RedactOptions {
  /** Further key names whose values are secret; case, `_`, `-` and `.` do not matter. */
  readonly keys?: readonly string[];
  /** Key names whose values are never secret by name (their content is still searched). */
  readonly keep?: readonly string[];
}

/** Options of `createLogger`; what is left out comes from the environment, then from the default. */
export interface LoggerOptions {
  /** The service that logs; names the files: `<service>.log`, `<service>_errors.log`. */
  readonly service: string;
  /** Value of the field `logger`. Default: the service. */
  readonly name?: string;
  /** Folder of the files; false for none. Default: `ORACLE_LOG_DIR`, `LOG_DIR`, then `/app/logs`. */
  readonly directory?: string | false;
  /** The least grave level written. Default: `<SERVICE>_LOG_LEVEL`, `LOG_LEVEL`, then INFO. */
  readonly level?: string;
  /** Standard output. Default: `pretty` on a terminal, else `json`. */
  readonly console?: ConsoleMode;
  /** A file is rotated before it would grow over this size, in bytes (1,000–10^12). Default 10,000,000. */
  readonly maxSizeBytes?: number;
  /**
   * `size`: `<service>.log` and numbered backups, by our own writer. `daily`: `<service>-YYYY-MM-DD.log` (UTC) by
   * winston-daily-rotate-file. Default `size`.
   */
  readonly rotation?: 'size' | 'daily';
  /** With `daily`: files older than this many days are removed (1–3650). Default: `LOG_RETENTION_DAYS`, then 30. */
  readonly retentionDays?: number;
  /** How many rotated files are kept beside the live one (0–1000). Default 5. */
  readonly backups?: number;
  /** Whether ERROR and above also go to `<service>_errors.log`. Default true. */
  readonly errorFile?: boolean;
  /** Additions to, and exceptions from, the built-in redaction. It cannot be switched off. */
  readonly redact?: RedactOptions;
  /** Shape of the lines; `alerts` writes WARN and above to `alerts.log`, 5 MB × 5. Default `oracle`. */
  readonly profile?: Profile;
  /** Whether lines carry `filename` and `line` of the call; costs 2–4 µs a line. Default false. */
  readonly callSite?: boolean;
  /** Fields every line carries. */
  readonly fields?: Fields;
  /** A winston format that shapes what all outputs get; it sees redacted records. Default: none. */
  readonly format?: winston.Logform.Format;
  /** Further winston transports; they get redacted records. Default: none. */
  readonly transports?: readonly winston.transport[];
}

/** Options with every question answered. */
export interface ResolvedOptions {
  readonly service: string;
  readonly name: string;
  readonly directory: string | false;
  /** Name of the files without `.log`. */
  readonly fileName: string;
  readonly level: Level;
  readonly console: ConsoleMode;
  readonly maxSizeBytes: number;
  readonly backups: number;
  readonly rotation: 'size' | 'daily';
  readonly retentionDays: number;
  readonly errorFile: boolean;
  readonly redact: RedactOptions;
  readonly profile: Profile;
  readonly callSite: boolean;
  readonly fields: Fields;
  readonly format: winston.Logform.Format | undefined;
  readonly transports: readonly winston.transport[];
}

/** What the environment says about a logger; the caller's options win over it. */
export interface EnvironmentDefaults {
  readonly directory: string;
  readonly level: string;
  readonly console: ConsoleMode;
  readonly retentionDays: number;
}

/**
 * Answers every option: the caller's word, then the environment's, then the default.
 * @throws LoggerError `INVALID_OPTION`, `UNKNOWN_LEVEL`
 */
export function resolveOptions(options: LoggerOptions, environment: EnvironmentDefaults): ResolvedOptions {
  const service: unknown = options?.service;
  if (typeof service !== 'string' || !/^[A-Za-z0-9][\w.-]{0,63}$/.test(service)) {
    throw new LoggerError(
      'INVALID_OPTION',
      'Expected `service` to be 1–64 letters, digits, ".", "_" or "-" (it names the log files). Pass createLogger({ service: "oracle" }).',
    );
  }
  const standard = options.profile === 'alerts' ? alertsDefaults : oracleDefaults;
  return {
    service,
    name: options.name ?? service,
    directory: options.directory ?? environment.directory,
    fileName: standard.fileName ?? service,
    level: parseLevel(options.level ?? standard.level ?? environment.level),
    console: oneOf('console', options.console ?? environment.console, ['json', 'pretty', false]),
    maxSizeBytes: within('maxSizeBytes', options.maxSizeBytes ?? standard.maxSizeBytes, 1_000, 1e12),
    backups: within('backups', options.backups ?? 5, 0, 1000),
    rotation: oneOf('rotation', options.rotation ?? 'size', ['size', 'daily']),
    retentionDays: within('retentionDays', options.retentionDays ?? environment.retentionDays, 1, 3650),
    errorFile: options.errorFile ?? standard.errorFile,
    redact: options.redact ?? {},
    profile: oneOf('profile', options.profile ?? 'oracle', ['oracle', 'ecs', 'alerts']),
    callSite: options.callSite ?? false,
    fields: options.fields ?? {},
    format: options.format,
    transports: options.transports ?? [],
  };
}

/** What a profile says where the caller does not. */
interface ProfileDefaults {
  /** Name of the files without `.log`; null for the service's. */
  readonly fileName: string | null;
  readonly level: string | null;
  readonly maxSizeBytes: number;
  readonly errorFile: boolean;
}

const oracleDefaults: ProfileDefaults = { fileName: null, level: null, maxSizeBytes: 10_000_000, errorFile: true };

/** REQUIREMENTS L2: warnings and above in `alerts.log`, 5 MB × 5. */
const alertsDefaults: ProfileDefaults = {
  fileName: 'alerts',
  level: 'WARN',
  maxSizeBytes: 5_000_000,
  errorFile: false,
};

function oneOf<T>(name: string, value: T, allowed: readonly T[]): T {
  if (allowed.includes(value)) return value;
  const words = allowed.map((word) => JSON.stringify(word)).join(', ');
  throw new LoggerError('INVALID_OPTION', `Expected \`${name}\` to be one of ${words}, got ${JSON.stringify(value)}.`);
}

function within(name: string, value: number, min: number, max: number): number {
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new LoggerError(
    'INVALID_OPTION',
    `Expected \`${name}\` to be a whole number from ${min} to ${max}, got ${String(value)}. Correct the option.`,
  );
}
