import { randomUUID } from 'node:crypto';
import { logOperation, type OracleLogger, runWithContext } from '@nps/oracle-logger';
import type { OracleMetrics } from '@nps/oracle-metrics';
import { messageOf, OracleError } from './errors.js';
import type { Faults } from './faults.js';
import { createFieldReader } from './operations/fields.js';
import type { Operation, OperationDeps, PreparedCall, Reply } from './operations/operation.js';

/** The one door to the operations, for HTTP and gRPC alike: here they are timed, logged and, on demand, made to fail. */
export interface Calls {
  /**
   * Checks `input`, runs the operation and returns its reply.
   * @throws OracleError INVALID_REQUEST, SERVICE_DOWN, DATABASE_AWAY, FAULT_INJECTED; anything else is a bug
   */
  call(operation: Operation, input: unknown): Promise<Reply>;
}

export interface CallDeps {
  readonly metrics: OracleMetrics;
  readonly logger: OracleLogger;
  readonly faults: Faults;
  readonly operationDeps: OperationDeps;
}

/** Wraps the operations; see {@link Calls}. */
export function createCalls({ metrics, logger, faults, operationDeps }: CallDeps): Calls {
  const measured = async (operation: Operation, prepared: PreparedCall): Promise<Reply> => {
    const startedAt = performance.now();
    const details = () => ({
      ...(prepared.userId === null ? {} : { userId: prepared.userId }),
      action: operation.name,
      durationMs: Math.round(performance.now() - startedAt),
    });
    metrics.recordMessage();
    if (prepared.userId !== null) metrics.userSeen(prepared.userId);
    try {
      const reply = await metrics.track(operation.measuredAs, async () => {
        await faults.meet();
        return prepared.run();
      });
      if (operation.measuredAs === 'suggestion') metrics.recordSuggestion();
      logOperation(logger, 'INFO', `${operation.name} answered`, details());
      return reply;
    } catch (error) {
      logOperation(logger, 'ERROR', `${operation.name} failed: ${messageOf(error)}`, {
        ...details(),
        errorType: typeOf(error),
      });
      throw error;
    }
  };
  return {
    call: async (operation, input) => {
      if (faults.isDown())
        throw new OracleError('SERVICE_DOWN', 'the Oracle is down: the fault "down" or "flapping" is on');
      // A request that cannot be read is its sender's failure and no operation of ours.
      const prepared = operation.prepare(createFieldReader(input, operationDeps.today()), operationDeps);
      const context = { ...(prepared.userId === null ? {} : { user_id: prepared.userId }), action: operation.name };
      return runWithContext(context, () => measured(operation, prepared));
    },
  };
}

/** Runs one gRPC call in a context of its own; HTTP requests get theirs from the logger's middleware. */
export function withRequestId<T>(requestId: string | null, fn: () => T): T {
  const isUsable = requestId !== null && /^[\w.:-]{1,128}$/.test(requestId);
  return runWithContext({ request_id: isUsable ? requestId : randomUUID() }, fn);
}

function typeOf(error: unknown): string {
  if (error instanceof OracleError) return error.code;
  return error instanceof Error ? error.name : typeof error;
}
