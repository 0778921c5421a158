import { Server, ServerCredentials } from '@grpc/grpc-js';
import type { OracleMetrics } from '@nps/oracle-metrics';
import { grpcMetrics } from '@nps/oracle-metrics/grpc';
import { listenFailed } from '../listening.js';
import { createHealthService } from './health-service.js';
import { createOracleService, type OracleServiceDeps } from './oracle-service.js';
import { loadProtos } from './protos.js';

/** Largest message that is read. */
const MESSAGE_LIMIT_BYTES = 65_536;

/** A gRPC server that is not yet started. */
export interface GrpcServer {
  /** @returns the port it listens on @throws OracleError LISTEN_FAILED */
  start(host: string, port: number): Promise<number>;
  /** Takes no new call, waits for those in flight, and after `graceMs` ends them. */
  stop(graceMs: number): Promise<void>;
}

/** Builds the server of both services, every RPC measured by an interceptor. */
export function createGrpcServer(deps: OracleServiceDeps & { readonly metrics: OracleMetrics }): GrpcServer {
  const protos = loadProtos();
  const watching = createHealthService(deps.health);
  const server = new Server({
    'grpc.max_receive_message_length': MESSAGE_LIMIT_BYTES,
    interceptors: [grpcMetrics(deps.metrics)],
  });
  server.addService(protos.oracle, createOracleService(deps));
  server.addService(protos.health, watching.implementation);
  return {
    start: (host, port) =>
      new Promise((resolve, reject) => {
        server.bindAsync(
          `${host.includes(':') ? `[${host}]` : host}:${port}`,
          ServerCredentials.createInsecure(),
          (error, boundPort) => {
            if (error === null) resolve(boundPort);
            else reject(listenFailed(host, port, 'ORACLE_GRPC_PORT', error));
          },
        );
      }),
    stop: (graceMs) =>
      new Promise((resolve) => {
        watching.endWatches();
        const force = setTimeout(() => server.forceShutdown(), graceMs);
        server.tryShutdown(() => {
          clearTimeout(force);
          resolve();
        });
      }),
  };
}
