export type LauncherErrorCode =
  | 'BAD_ARGUMENT'
  | 'ALREADY_RUNNING'
  | 'NOT_RUNNING'
  | 'PORT_IN_USE'
  | 'DATA_UNWRITABLE'
  | 'DATABASE_UNREACHABLE'
  | 'CHILD_FAILED';

/** A reason not to start, said in one sentence: what was expected, what came, what to do. */
export class LauncherError extends Error {
  override readonly name = 'LauncherError';

  constructor(
    readonly code: LauncherErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
