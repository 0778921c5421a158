/**
 * Why this package refused something.
 * - `INVALID_OPTION` an option given by the caller is outside its range
 * - `INVALID_NAME` a metric or label name Prometheus would refuse
 * - `ALREADY_REGISTERED` a metric name is taken by a metric of another shape
 * - `MALFORMED_SKETCH` bytes that are not an encoded sketch
 * - `MALFORMED_EXPOSITION` text that is not a Prometheus exposition
 * - `DATABASE` the database stayed away for so long that a record was dropped; told to `onError` only
 * - `REMOTE_AWAY` an engine gave no complete answer, or said that it is overloaded or failing: try again
 * - `REMOTE_REFUSED` an engine refused what was asked of it: trying again will not help
 */
export type MetricsErrorCode =
  | 'INVALID_OPTION'
  | 'INVALID_NAME'
  | 'ALREADY_REGISTERED'
  | 'MALFORMED_SKETCH'
  | 'MALFORMED_EXPOSITION'
  | 'DATABASE'
  | 'REMOTE_AWAY'
  | 'REMOTE_REFUSED';

/** Every error this package throws; tell them apart by `code`. */
export class MetricsError extends Error {
  override readonly name = 'MetricsError';
  readonly code: MetricsErrorCode;

  constructor(code: MetricsErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
