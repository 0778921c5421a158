import type { ConsoleMode, EnvironmentDefaults, LoggerOptions } from './options.js';

/** An environment as `process.env` has it. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Where files go when nobody says otherwise (REQUIREMENTS L2). */
const defaultDirectory = '/app/logs';

/** REQUIREMENTS L2. */
const defaultRetentionDays = 30;

/** What the environment decides for one service; pure. */
export function readDefaults(service: string, env: Environment, isTerminal: boolean | undefined): EnvironmentDefaults {
  return {
    directory: env['ORACLE_LOG_DIR'] || env['LOG_DIR'] || defaultDirectory,
    level: env[`${service.toUpperCase().replace(/\W/g, '_')}_LOG_LEVEL`] || env['LOG_LEVEL'] || 'INFO',
    console: consoleMode(env, isTerminal),
    retentionDays: Number(env['LOG_RETENTION_DAYS'] || defaultRetentionDays),
  };
}

/** {@link readDefaults} of this very process. */
export function readProcessDefaults(service: string): EnvironmentDefaults {
  return readDefaults(service, process.env, process.stdout.isTTY);
}

function consoleMode(env: Environment, isTerminal: boolean | undefined): ConsoleMode {
  return isTerminal && env['NODE_ENV'] !== 'production' ? 'pretty' : 'json';
}

/** One configuration per service of NPS, ready for `createLogger`. */
export interface LogConfigs {
  readonly oracle: LoggerOptions;
  readonly scanner: LoggerOptions;
  readonly api: LoggerOptions;
  readonly alerts: LoggerOptions;
}

/** The options the environment gives to each service; `alerts` is the file of warnings and above. */
export function readLogConfigs(env: Environment): LogConfigs {
  const config = (service: string): LoggerOptions => ({ service, ...readDefaults(service, env, false) });
  return {
    oracle: config('oracle'),
    scanner: config('scanner'),
    api: config('api'),
    alerts: { ...config('alerts'), profile: 'alerts', level: 'WARN' },
  };
}
