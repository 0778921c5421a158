export { createPriceList, type PriceList } from './ai-cost/cost.js';
export { type ModelPrice, PRICES_AS_OF, publishedPrices, type TokenPrices } from './ai-cost/prices.js';
export { fromAnthropicUsage, fromGeminiUsage, fromOpenAiUsage } from './ai-cost/provider-usage.js';
export type { TokenUsage } from './ai-cost/token-usage.js';
export { MetricsError, type MetricsErrorCode } from './errors.js';
export type { TextFormat } from './exposition/text.js';
export { type HttpMetricsOptions, type HttpMiddleware, httpMetrics } from './http/http-metrics.js';
export { metricsEndpoint } from './http/metrics-endpoint.js';
export { jobEndpoints } from './jobs/job-endpoints.js';
export { createJobMonitor, type JobMonitor, type JobMonitorOptions, type JobOptions } from './jobs/job-monitor.js';
export type { QueryablePool } from './jobs/queryable-pool.js';
export { createMetrics, type MetricsOptions, type OracleMetrics, type ReportOptions } from './metrics.js';
export type { RunningOperation } from './operations/runs.js';
export { trackOperation } from './operations/track-operation.js';
export { type InstrumentableAxios, instrumentAxios } from './outgoing/instrument-axios.js';
export { type FetchOptions, instrumentFetch } from './outgoing/instrument-fetch.js';
export type { OutgoingOptions } from './outgoing/outgoing-calls.js';
export { type InstrumentableClient, type InstrumentablePool, instrumentPool } from './pool/instrument-pool.js';
export type { Counter, Gauge, Histogram, MetricOptions, Registry } from './registry/registry.js';
export { grpcMetrics, type RpcRecorder } from './rpc/grpc-metrics.js';
export {
  type BucketSpan,
  type ExponentialHistogram,
  type NativeHistogram,
  toExponentialHistogram,
  toNativeHistogram,
} from './sketch/export.js';
export { createSketch, decodeSketch, type Sketch, type SketchBucket } from './sketch/sketch.js';
