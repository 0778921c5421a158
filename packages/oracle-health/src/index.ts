export { type Check, type CheckOptions, type CheckOutcome, type CheckSettings, defineCheck } from './check.js';
export { type AiApiCheckOptions, aiApiCheck, type RecentCalls } from './checks/ai-api.js';
export { type DiskCheckOptions, diskCheck } from './checks/disk.js';
export { type EventLoopCheckOptions, eventLoopCheck } from './checks/event-loop.js';
export { type GrpcCheckOptions, grpcCheck } from './checks/grpc.js';
export { type HttpCheckOptions, httpCheck } from './checks/http.js';
export { type MemoryCheckOptions, memoryCheck } from './checks/memory.js';
export { type PostgresCheckOptions, type PostgresPool, postgresCheck } from './checks/postgres.js';
export { type RedisCheckOptions, redisCheck } from './checks/redis.js';
export { type NetworkSettings } from './checks/settings.js';
export { type TcpCheckOptions, tcpCheck } from './checks/tcp.js';
export { type TelegramCheckOptions, telegramCheck } from './checks/telegram.js';
export { type TlsCertificateCheckOptions, tlsCertificateCheck } from './checks/tls-certificate.js';
export { uptimeCheck } from './checks/uptime.js';
export { classify } from './connection/classify.js';
export { createResolver, type Resolver, type ResolverOptions } from './connection/resolver.js';
export {
  type CheckReport,
  type CheckStatus,
  type ErrorClass,
  errorClasses,
  type HealthReport,
  type ServiceStatus,
} from './contract/index.js';
export { type EndpointOptions, type EndpointPath, endpointPaths } from './endpoints/answer.js';
export { type HealthEndpoints, healthEndpoints, type RequestHandler } from './endpoints/health-endpoints.js';
export { HealthError, type HealthErrorCode } from './errors.js';
export { dependencyExposition } from './exposition.js';
export { createHealth, type Health, type HealthOptions, type Phase } from './health.js';
export {
  type JobSource,
  type MetricsSource,
  type Sidecar,
  type SidecarOptions,
  startSidecar,
} from './sidecar/index.js';
