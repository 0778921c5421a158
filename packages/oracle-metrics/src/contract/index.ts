export type { JobRun, JobStats, JobStatus } from './job.js';
export { lostMinutes, MINUTES_KEPT } from './lost-minutes.js';
export { type ParsedReport, parseMetricsReport } from './parse-report.js';
export type {
  ActivityCounts,
  InFlightOperation,
  MetricsReport,
  MinuteOperation,
  MinuteReport,
  OperationReport,
  PerformanceReport,
  Quantiles,
  RpcReport,
  WindowReport,
} from './report.js';
export type { Sample } from './sample.js';
