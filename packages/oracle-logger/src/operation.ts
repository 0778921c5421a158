import { findLevel } from './levels.js';
import type { OracleLogger } from './logger.js';
import { ownFields } from './own-fields.js';

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
  const { userId, action, durationMs, errorType } = ownFields(details) as OperationDetails;
  // What is not given is undefined, and not written.
  const fields = { user_id: userId, action, duration_ms: durationMs, error_type: errorType };
  logger.log(findLevel(level) ?? 'info', message, fields);
}
