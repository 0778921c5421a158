/** Everything that can go wrong in this package, as a closed list of words. */
export type LoggerErrorCode =
  | 'INVALID_OPTION'
  | 'UNKNOWN_LEVEL'
  | 'UNKNOWN_SERVICE'
  | 'INVALID_DIRECTORY'
  | 'INVALID_ARGUMENT';

/** The one error class of this package; recognise it by `code`, never by `instanceof` (two copies may be loaded). */
export class LoggerError extends Error {
  override readonly name = 'LoggerError';

  constructor(
    readonly code: LoggerErrorCode,
    message: string,
    options?: { readonly cause?: unknown },
  ) {
    super(message, options);
  }
}
