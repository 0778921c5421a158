/** Why the alerter refused to start or to go on. */
export type AlerterErrorCode =
  | 'CONFIGURATION'
  | 'DATABASE_SLOW'
  | 'LISTEN_FAILED'
  | 'MIGRATION_CHANGED'
  | 'MIGRATION_FAILED';

/** An expected failure with a sentence for the operator; recognised by `code`. */
export class AlerterError extends Error {
  override readonly name = 'AlerterError';

  constructor(
    readonly code: AlerterErrorCode,
    message: string,
    options: { readonly cause?: unknown } = {},
  ) {
    super(message, options);
  }
}

/** What an unknown thrown thing says, for a log line or a sentence; recognised by shape, so that realms do not matter. */
export function messageOf(error: unknown): string {
  const message = typeof error === 'object' && error !== null && 'message' in error ? error.message : error;
  return String(message);
}
