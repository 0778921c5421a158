/** https://grpc.github.io/grpc/core/md_doc_statuscodes.html, by number. */
export const statusNames: readonly string[] = [
  'OK',
  'CANCELLED',
  'UNKNOWN',
  'INVALID_ARGUMENT',
  'DEADLINE_EXCEEDED',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION',
  'ABORTED',
  'OUT_OF_RANGE',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
  'UNAUTHENTICATED',
];

/**
 * The server's own failures, after OpenTelemetry's semantic conventions for gRPC servers: the others are answers to what the
 * client sent.
 */
const serverFaults = new Set(['UNKNOWN', 'DEADLINE_EXCEEDED', 'UNIMPLEMENTED', 'INTERNAL', 'UNAVAILABLE', 'DATA_LOSS']);

export function statusName(code: unknown): string {
  return (typeof code === 'number' ? statusNames[code] : undefined) ?? 'UNKNOWN';
}

export function isServerFault(name: string): boolean {
  return serverFaults.has(name);
}
