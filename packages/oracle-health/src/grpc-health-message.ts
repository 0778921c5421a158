/** The statuses of grpc.health.v1 by their number, https://github.com/grpc/grpc/blob/master/doc/health-checking.md */
export const servingStatuses = ['UNKNOWN', 'SERVING', 'NOT_SERVING', 'SERVICE_UNKNOWN'] as const;

/** A status from {@link servingStatuses}. */
export type ServingStatus = (typeof servingStatuses)[number];

/** Path of the unary call. */
export const checkPath = '/grpc.health.v1.Health/Check';

/** Path of the streaming call. */
export const watchPath = '/grpc.health.v1.Health/Watch';

// Tags of protobuf: field 1 as length-delimited text, field 1 as a varint.
const textTag = 0x0a;
const varintTag = 0x08;

// Longer names are no names of services; two bytes hold such a length.
const maxNameBytes = 1_000;

/** A HealthCheckRequest: `string service = 1`. proto3 leaves out the empty text. */
export function encodeCheckRequest(service: string): Buffer {
  const name = Buffer.from(service, 'utf8').subarray(0, maxNameBytes);
  if (name.length === 0) return Buffer.alloc(0);
  const length = name.length < 128 ? [name.length] : [(name.length & 0x7f) | 0x80, name.length >> 7];
  return Buffer.concat([Buffer.from([textTag, ...length]), name]);
}

/** The service a HealthCheckRequest asks for; `undefined` when it is none. */
export function decodeCheckRequest(message: Buffer): string | undefined {
  if (message.length === 0) return '';
  const [tag, low = 0, high = 0] = message;
  const isLong = low >= 128;
  const start = isLong ? 3 : 2;
  const length = isLong ? (low & 0x7f) | (high << 7) : low;
  if (tag !== textTag || length > maxNameBytes || message.length !== start + length) return undefined;
  return message.toString('utf8', start);
}

/** A HealthCheckResponse: `ServingStatus status = 1`. */
export function encodeCheckResponse(status: ServingStatus): Buffer {
  const number = servingStatuses.indexOf(status);
  return Buffer.from(number === 0 ? [] : [varintTag, number]);
}

/** The status of a HealthCheckResponse; `undefined` when it is none. */
export function decodeCheckResponse(message: Buffer): ServingStatus | undefined {
  if (message.length === 0) return 'UNKNOWN';
  return message[0] === varintTag ? servingStatuses[message[1] ?? servingStatuses.length] : undefined;
}
