export type {
  LatestRow,
  MetricsHistory,
  MinuteRow,
  PruneResult,
  SeriesPoint,
  SeriesQuery,
} from '../history/history.js';
export { createMetricsHistory } from './metrics-history.js';
export { type Migration, migrations } from './migrations.js';
