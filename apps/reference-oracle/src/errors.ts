/**
 * Why the Oracle refused or failed.
 * - `CONFIGURATION` the environment is not usable; the message lists every fault
 * - `INVALID_REQUEST` the caller's fields are not usable; `faults` names each
 * - `DATABASE_AWAY` the answer needs PostgreSQL and it did not answer
 * - `AI_FAILED` the AI API refused, failed or answered something unusable
 * - `FAULT_INJECTED` a fault was switched on on purpose
 * - `SERVICE_DOWN` the `down` fault is on
 * - `MIGRATION_CHANGED` a released migration was edited
 * - `LISTEN_FAILED` a port or host cannot be used
 */
export type OracleErrorCode =
  | 'CONFIGURATION'
  | 'INVALID_REQUEST'
  | 'DATABASE_AWAY'
  | 'AI_FAILED'
  | 'FAULT_INJECTED'
  | 'SERVICE_DOWN'
  | 'MIGRATION_CHANGED'
  | 'LISTEN_FAILED';

/** One unusable field of a request: where it is and what was expected instead. */
export interface FieldFault {
  readonly field: string;
  readonly message: string;
}

/** Every error this app throws on purpose; tell them apart by `code`. Messages never carry a secret. */
export class OracleError extends Error {
  override readonly name = 'OracleError';
  readonly faults: readonly FieldFault[];

  constructor(
    readonly code: OracleErrorCode,
    message: string,
    options: { readonly cause?: unknown; readonly faults?: readonly FieldFault[] } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.faults = options.faults ?? [];
  }
}

/** Whether `error` is one of ours with this code, also when it comes from a second copy of this file. */
export function hasCode(error: unknown, code: OracleErrorCode): boolean {
  return error instanceof Error && (error as { readonly code?: unknown }).code === code;
}

/** The sentence of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
