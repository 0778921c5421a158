import winston from 'winston';
import { readProcessDefaults } from './config.js';
import { LineTransport } from './file-transport.js';
import { findLevel, type Level, levelColors, levelNumbers } from './levels.js';
import { type LoggerOptions, resolveOptions } from './options.js';
import type { Fields } from './record.js';

/** Logs at one level; an Error may stand in the place of the message or of the fields. */
export type LogMethod = (message: unknown, fields?: unknown, ...rest: unknown[]) => OracleLogger;

/** A winston.Logger with the five levels of NPS, redaction, and a `close` that waits for the disk. */
export interface OracleLogger extends Omit<winston.Logger, 'close' | 'child' | 'log' | Level | 'warning'> {
  readonly debug: LogMethod;
  readonly info: LogMethod;
  readonly warn: LogMethod;
  readonly error: LogMethod;
  readonly critical: LogMethod;
  /** Logs at a level by name, in any case; `warning` is `warn`. */
  log(level: string, message: unknown, fields?: unknown, ...rest: unknown[]): OracleLogger;
  log(entry: { readonly level: string; readonly message: unknown; readonly [field: string]: unknown }): OracleLogger;
  /** A logger whose lines carry `fields` too. */
  child(fields: Fields): OracleLogger;
  /** Resolves when every accepted line is on disk, or after 2 s at the latest. */
  close(): Promise<void>;
}

/**
 * Builds a logger; the options left out come from the environment.
 * @throws LoggerError `INVALID_OPTION`, `UNKNOWN_LEVEL`
 */
export function createLogger(options: LoggerOptions): OracleLogger {
  const resolved = resolveOptions(options, readProcessDefaults(options.service));
  winston.addColors(levelColors);
  const logger = winston.createLogger({
    levels: levelNumbers,
    level: resolved.level,
    format: winston.format((info) => info)(),
    defaultMeta: resolved.fields,
    transports: [new LineTransport(resolved)],
  });
  const log = logger.log.bind(logger) as (...args: unknown[]) => winston.Logger;
  const close = logger.close.bind(logger);
  Object.assign(logger, {
    log: (level: unknown, ...rest: unknown[]) => log(findLevel(level) ?? level, ...rest),
    close: () => {
      close();
      return Promise.resolve();
    },
  });
  return logger as unknown as OracleLogger;
}
