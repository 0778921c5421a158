import { ServerInterceptingCall, type ServerInterceptor } from '@grpc/grpc-js';
import { isServerFault, statusName } from './status.js';

/** The part of the metrics that RPC calls need. */
interface RpcRecorder {
  recordRpc(method: string, code: string, durationMs: number, failed: boolean): void;
}

/**
 * Interceptor for `new Server({ interceptors: [grpcMetrics(metrics)] })`: every call, unary or streaming, by method and status,
 * from its arrival to its status. A call that the client gives up counts as `CANCELLED`.
 */
export function grpcMetrics(metrics: RpcRecorder): ServerInterceptor {
  return (descriptor, call) => {
    const startedAtMs = performance.now();
    const method = descriptor.path.slice(descriptor.path.lastIndexOf('/') + 1);
    let told = false;
    const tell = (code: string): void => {
      if (told) return;
      told = true;
      metrics.recordRpc(method, code, performance.now() - startedAtMs, isServerFault(code));
    };
    return new ServerInterceptingCall(call, {
      start: (next) => next({ onCancel: () => tell('CANCELLED') }),
      sendStatus(status, next) {
        tell(statusName(status.code));
        next(status);
      },
    });
  };
}
