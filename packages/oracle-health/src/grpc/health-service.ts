import {
  type ServerUnaryCall,
  type ServerWritableStream,
  type ServiceDefinition,
  type sendUnaryData,
  status,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';

import {
  checkPath,
  decodeCheckRequest,
  decodeCheckResponse,
  encodeCheckRequest,
  encodeCheckResponse,
  type ServingStatus,
  watchPath,
} from '../grpc-health-message.js';
import type { Health } from '../health.js';

/** Settings of {@link grpcHealthService}. */
export interface GrpcHealthOptions {
  /** Names of gRPC services that share the health of the whole, beside the empty name. */
  readonly services?: readonly string[];
}

/** What `server.addService` wants. */
export interface GrpcHealthService {
  readonly definition: ServiceDefinition;
  readonly implementation: UntypedServiceImplementation;
}

/** A HealthCheckRequest. */
interface Question {
  readonly service: string | undefined;
}

/**
 * The health as `grpc.health.v1.Health`, for Kubernetes' gRPC probes, Envoy and grpc_health_probe:
 * `server.addService(definition, implementation)`. The empty name is the whole; the name of a check is that check.
 * Degraded still serves; a draining service does not.
 */
export function grpcHealthService(health: Health, { services = [] }: GrpcHealthOptions = {}): GrpcHealthService {
  const whole: ReadonlySet<string> = new Set(['', ...services]);

  async function statusOf(service: string): Promise<ServingStatus> {
    const report = await health.current();
    const phase = health.phase();
    const isLeaving = phase === 'draining' || phase === 'stopped';
    const own = Object.hasOwn(report.checks, service) ? report.checks[service] : undefined;
    if (!whole.has(service) && !own) return 'SERVICE_UNKNOWN';
    const isBad = whole.has(service) ? report.status === 'down' || isLeaving : own?.status === 'error';
    return isBad ? 'NOT_SERVING' : 'SERVING';
  }

  async function check({ request }: ServerUnaryCall<Question, ServingStatus>, reply: sendUnaryData<ServingStatus>) {
    if (request.service === undefined)
      return reply({ code: status.INVALID_ARGUMENT, details: 'Not a HealthCheckRequest' });
    const serving = await statusOf(request.service);
    return serving === 'SERVICE_UNKNOWN'
      ? reply({ code: status.NOT_FOUND, details: 'unknown service' })
      : reply(null, serving);
  }

  function watch(call: ServerWritableStream<Question, ServingStatus>): void {
    let last: ServingStatus | undefined;
    const tell = async () => {
      const serving = await statusOf(call.request.service ?? '\0');
      if (serving === last || call.destroyed) return;
      last = serving;
      call.write(serving);
    };
    const unsubscribe = health.subscribe(() => void tell());
    for (const event of ['cancelled', 'close', 'error']) call.on(event, unsubscribe);
    void tell();
  }

  return { definition, implementation: { Check: check, Watch: watch } };
}

const codec = {
  requestStream: false,
  requestSerialize: ({ service }: Question) => encodeCheckRequest(service ?? ''),
  requestDeserialize: (bytes: Buffer): Question => ({ service: decodeCheckRequest(bytes) }),
  responseSerialize: encodeCheckResponse,
  responseDeserialize: (bytes: Buffer) => decodeCheckResponse(bytes) ?? 'UNKNOWN',
} as const;

const definition: ServiceDefinition = {
  Check: { ...codec, path: checkPath, responseStream: false },
  Watch: { ...codec, path: watchPath, responseStream: true },
};
