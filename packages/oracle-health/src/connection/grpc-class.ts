import type { ErrorClass } from '../contract/index.js';

// gRPC status codes, https://grpc.io/docs/guides/status-codes/
const classByGrpcStatus: ReadonlyMap<number, ErrorClass> = new Map<number, ErrorClass>([
  [1, 'RESET'],
  [4, 'TIMEOUT'],
  [5, 'NOT_FOUND'],
  [7, 'AUTH'],
  [8, 'EXHAUSTED'],
  [12, 'NOT_FOUND'],
  [14, 'NOT_SERVING'],
  [16, 'AUTH'],
]);

/** What a gRPC status means to an operator; `undefined` where it says nothing of the server's state. */
export function classOfGrpcStatus(status: number): ErrorClass | undefined {
  return classByGrpcStatus.get(status);
}
