import { type handleUnaryCall, type StatusObject, status, type UntypedServiceImplementation } from '@grpc/grpc-js';
import type { Health } from '@nps/oracle-health';
import type { OracleLogger } from '@nps/oracle-logger';
import { type Calls, withRequestId } from '../calls.js';
import { messageOf, OracleError } from '../errors.js';
import { allOperations } from '../operations/all-operations.js';
import type { Reply } from '../operations/operation.js';

type Unary = handleUnaryCall<unknown, Reply>;

export interface OracleServiceDeps {
  readonly calls: Calls;
  readonly health: Health;
  readonly logger: OracleLogger;
}

/** The eight RPCs of `nps.oracle.v1.Oracle`. */
export function createOracleService({ calls, health, logger }: OracleServiceDeps): UntypedServiceImplementation {
  const handlers = allOperations.map((operation): readonly [string, Unary] => [
    operation.name,
    unary((request) => calls.call(operation, request), logger),
  ]);
  return {
    ...Object.fromEntries(handlers),
    HealthCheck: unary(() => Promise.resolve(summarize(health)), logger),
  };
}

function unary(answer: (request: unknown) => Promise<Reply>, logger: OracleLogger): Unary {
  return (call, callback) => {
    const [requestId] = call.metadata.get('x-request-id');
    withRequestId(typeof requestId === 'string' ? requestId : null, () => {
      answer(call.request).then(
        (reply) => callback(null, reply),
        (error: unknown) => {
          if (!(error instanceof OracleError)) logger.error('a call failed unexpectedly', { error });
          callback(toStatus(error));
        },
      );
    });
  };
}

/** The gRPC status of whatever was thrown; of an error we do not know, nothing but that it happened is told. */
export function toStatus(error: unknown): Pick<StatusObject, 'code' | 'details'> {
  const code = error instanceof OracleError ? error.code : null;
  if (code === 'INVALID_REQUEST') return { code: status.INVALID_ARGUMENT, details: messageOf(error) };
  if (code === 'DATABASE_AWAY' || code === 'SERVICE_DOWN')
    return { code: status.UNAVAILABLE, details: messageOf(error) };
  if (code !== null) return { code: status.INTERNAL, details: messageOf(error) };
  return { code: status.INTERNAL, details: 'an unexpected failure; the log of the service says more' };
}

function summarize(health: Health): Reply {
  const { status: word, version, uptime_seconds, checks } = health.report();
  const words = Object.entries(checks).map(([name, check]) => [name, check.status] as const);
  return { status: word, version, uptime_seconds, checks: Object.fromEntries(words) };
}
