/** What went wrong, as a word. */
export const alertsErrorCodes = ['INVALID_CHANNEL', 'INVALID_OPTION', 'UNKNOWN_ALERT', 'STORE', 'UNCONFIRMED'] as const;

/** One of {@link alertsErrorCodes}. */
export type AlertsErrorCode = (typeof alertsErrorCodes)[number];

/** The error of this package. Recognise it by `code`. */
export class AlertsError extends Error {
  readonly code: AlertsErrorCode;

  constructor(code: AlertsErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = 'AlertsError';
    this.code = code;
  }
}
