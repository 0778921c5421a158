import { isServerFault, statusName } from './status.js';

/** The part of the metrics that RPC calls need. */
export interface RpcRecorder {
  recordRpc(method: string, code: string, durationMs: number, failed: boolean): void;
}

/** What is used of grpc-js' `ServerInterceptingCallInterface`; all else is handed on. */
interface InterceptedCall {
  start(listener: Listener): void;
  sendStatus(status: { readonly code?: unknown }): void;
}

interface Listener {
  onReceiveMetadata(metadata: unknown): void;
  onReceiveMessage(message: unknown): void;
  onReceiveHalfClose(): void;
  onCancel(): void;
}

/** Any function of two arguments: in `new Server({ interceptors: [grpcMetrics(metrics)] })` it becomes a `ServerInterceptor`. */
type AnyInterceptor = (descriptor: never, call: never) => unknown;

/**
 * Interceptor for a `Server` of `@grpc/grpc-js`: every call, unary or streaming, by method and status, from its arrival
 * to its status. A call that the client gives up counts as `CANCELLED`. It does not import grpc-js; for its exact type
 * take it from `@nps/oracle-metrics/grpc`.
 */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- inferred from the place where it is used
export function grpcMetrics<Interceptor extends AnyInterceptor>(metrics: RpcRecorder): Interceptor {
  const interceptor = (descriptor: { readonly path: string }, call: InterceptedCall): InterceptedCall => {
    const startedAtMs = performance.now();
    const method = descriptor.path.slice(descriptor.path.lastIndexOf('/') + 1);
    let told = false;
    return watch(call, (code) => {
      if (told) return;
      told = true;
      metrics.recordRpc(method, code, performance.now() - startedAtMs, isServerFault(code));
    });
  };
  return interceptor as unknown as Interceptor;
}

/** The same call, telling its status or that it was cancelled. */
function watch(call: InterceptedCall, tell: (code: string) => void): InterceptedCall {
  const watched: InterceptedCall = {
    start: (listener) => call.start(watchListener(listener, tell)),
    sendStatus(status) {
      tell(statusName(status.code));
      call.sendStatus(status);
    },
  };
  // A proxy hands on every further method, those of newer releases too.
  return new Proxy(call, {
    get(target, name) {
      const own = Object.hasOwn(watched, name) ? watched : target;
      const member: unknown = Reflect.get(own, name);
      return typeof member === 'function' ? (member.bind(own) as unknown) : member;
    },
  });
}

/** grpc-js tells this kind of listener by `onReceiveMetadata` taking one argument. */
function watchListener(listener: Listener, tell: (code: string) => void): Listener {
  return {
    onReceiveMetadata: (metadata) => listener.onReceiveMetadata(metadata),
    onReceiveMessage: (message) => listener.onReceiveMessage(message),
    onReceiveHalfClose: () => listener.onReceiveHalfClose(),
    onCancel() {
      tell('CANCELLED');
      listener.onCancel();
    },
  };
}
