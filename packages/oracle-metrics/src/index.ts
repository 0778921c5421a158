export { MetricsError, type MetricsErrorCode } from './errors.js';
export type { JobMonitor, QueryablePool } from './jobs/job-monitor.js';
export {
  createMetrics,
  type MetricsOptions,
  type OracleMetrics,
  type ReportOptions,
  type RunningOperation,
  type TokenUsage,
} from './metrics.js';
