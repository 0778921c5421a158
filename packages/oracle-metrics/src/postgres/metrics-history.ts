import type { MetricsHistory } from '../history/history.js';
import type { QueryablePool } from '../jobs/job-monitor.js';

export function createMetricsHistory(_options: { readonly pool: QueryablePool }): MetricsHistory {
  throw new Error('createMetricsHistory is being built');
}
