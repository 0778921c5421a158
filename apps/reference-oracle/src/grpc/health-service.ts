import {
  type handleServerStreamingCall,
  type handleUnaryCall,
  type ServerWritableStream,
  status,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import type { Health } from '@nps/oracle-health';
import { ORACLE_SERVICE } from './protos.js';

type ServingStatus = 'SERVING' | 'NOT_SERVING' | 'SERVICE_UNKNOWN';

interface Request {
  readonly service: string;
}

interface Response {
  readonly status: ServingStatus;
}

/** Watchers at most; one more is refused. */
const WATCHER_LIMIT = 100;

/** The standard health service, and how to end its open watches (a server does not stop before they do). */
export interface HealthService {
  readonly implementation: UntypedServiceImplementation;
  /** Tells every watcher NOT_SERVING and ends its stream. */
  endWatches(): void;
}

/**
 * `grpc.health.v1` over the health of this service: a service that is down or draining does not serve, a degraded one
 * does. Protocol: https://github.com/grpc/grpc/blob/master/doc/health-checking.md
 */
export function createHealthService(health: Health): HealthService {
  const watches = new Map<ServerWritableStream<Request, Response>, () => void>();
  const statusOf = (service: string): ServingStatus => {
    if (service !== '' && service !== ORACLE_SERVICE) return 'SERVICE_UNKNOWN';
    const isServing = ['running', 'starting'].includes(health.phase()) && health.report().status !== 'down';
    return isServing ? 'SERVING' : 'NOT_SERVING';
  };
  const check: handleUnaryCall<Request, Response> = (call, callback) => {
    const answer = statusOf(call.request.service);
    if (answer === 'SERVICE_UNKNOWN')
      callback({ code: status.NOT_FOUND, details: `expected "" or "${ORACLE_SERVICE}" as service` });
    else callback(null, { status: answer });
  };
  const watch: handleServerStreamingCall<Request, Response> = (call) => {
    if (watches.size >= WATCHER_LIMIT) {
      call.destroy(Object.assign(new Error('too many watchers'), { code: status.RESOURCE_EXHAUSTED }));
      return;
    }
    let told: ServingStatus | null = null;
    const tell = (): void => {
      const answer = statusOf(call.request.service);
      if (answer !== told) call.write({ status: answer });
      told = answer;
    };
    const forget = (): void => {
      watches.get(call)?.();
      watches.delete(call);
    };
    watches.set(call, health.subscribe(tell));
    call.on('cancelled', forget).on('error', forget).on('close', forget);
    tell();
  };
  return {
    implementation: { Check: check, Watch: watch },
    endWatches: () => {
      for (const [call, unsubscribe] of watches) {
        unsubscribe();
        call.write({ status: 'NOT_SERVING' });
        call.end();
      }
      watches.clear();
    },
  };
}
