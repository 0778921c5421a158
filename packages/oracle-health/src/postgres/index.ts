export type { HealthHistory, HealthRow, Outage, StripBucket, Uptime, VisitStatus } from '../history/history.js';
export { createMemoryHealthHistory, type MemoryHistoryOptions } from '../history/memory-history.js';
export { createHealthHistory, type Queryable } from './health-history.js';
export { type Migration, migrations } from './migrations.js';
