import type { ErrorClass } from './contract/index.js';

/** Faults of use: the caller passed something wrong, or a library is missing. */
export type UsageFault = 'INVALID_OPTION' | 'PEER_MISSING' | 'LISTEN_FAILED' | 'HISTORY_FAILED';

/** Every `code` a {@link HealthError} can carry: a fault of use, or the class of a failed check or probe. */
export type HealthErrorCode = UsageFault | ErrorClass;

/**
 * The one error of this package; recognise it by `code`.
 * For failed checks the message is precise and may name hosts: it goes to the log or behind the token, never to the public.
 */
export class HealthError extends Error {
  readonly code: HealthErrorCode;

  constructor(code: HealthErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'HealthError';
    this.code = code;
  }
}
