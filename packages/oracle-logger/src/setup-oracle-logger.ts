import { basename, dirname } from 'node:path';
import { createLogger, type OracleLogger } from './logger.js';

/**
 * The one-line start for the Oracle: files beside `logFile`, or where the environment says.
 * @param logFile path of the main file, e.g. `/app/logs/oracle.log`; its name without `.log` becomes the service's
 * @param level the least grave level written; default from the environment, then INFO
 */
export function setupOracleLogger(logFile?: string, level?: string): OracleLogger {
  return createLogger({
    service: logFile === undefined ? 'oracle' : basename(logFile).replace(/\.log$/, '') || 'oracle',
    ...(logFile === undefined ? {} : { directory: dirname(logFile) }),
    ...(level === undefined ? {} : { level }),
  });
}
