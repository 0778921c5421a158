export { grpcMetrics } from './grpc-metrics.js';
