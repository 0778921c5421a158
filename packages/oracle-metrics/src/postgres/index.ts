export type {
  LatestRow,
  MetricsHistory,
  MinuteRow,
  PruneResult,
  SeriesPoint,
  SeriesQuery,
  StoreResult,
  UsageMinute,
  UsagePoint,
  UsageQuery,
} from '../history/history.js';
export { createMemoryMetricsHistory, type MemoryHistoryOptions } from '../history/memory-history.js';
export { createMetricsHistory, type MetricsHistoryOptions } from './metrics-history.js';
export { type Migration, migrations } from './migrations.js';
