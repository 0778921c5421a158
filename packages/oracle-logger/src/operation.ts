import { findLevel } from './levels.js';
import type { OracleLogger } from './logger.js';

/** What is known about a finished operation. */
export interface OperationDetails {
  readonly userId?: string | number;
  readonly action?: string;
  readonly durationMs?: number;
  readonly errorType?: string;
}

/** Logs one operation with the customer's field names (`user_id`, `action`, `duration_ms`, `error_type`). */
export function logOperation(
  logger: OracleLogger,
  level: string,
  message: string,
  details: OperationDetails = {},
): void {
  const { userId, action, durationMs, errorType } = details;
  logger.log(findLevel(level) ?? 'info', message, {
    ...(userId === undefined ? {} : { user_id: userId }),
    ...(action === undefined ? {} : { action }),
    ...(durationMs === undefined ? {} : { duration_ms: durationMs }),
    ...(errorType === undefined ? {} : { error_type: errorType }),
  });
}
