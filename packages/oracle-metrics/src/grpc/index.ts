import type { ServerInterceptor } from '@grpc/grpc-js';
import { grpcMetrics as anyGrpcMetrics, type RpcRecorder } from '../rpc/grpc-metrics.js';

/** {@link anyGrpcMetrics} with the type of grpc-js: `new Server({ interceptors: [grpcMetrics(metrics)] })`. */
export const grpcMetrics: (metrics: RpcRecorder) => ServerInterceptor = anyGrpcMetrics;
