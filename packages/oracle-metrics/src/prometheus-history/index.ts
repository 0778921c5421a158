export type { SeriesPoint, SeriesQuery, StoreResult, UsageMinute, UsagePoint, UsageQuery } from '../history/history.js';
export type { EndpointOptions } from './endpoint.js';
export { createPrometheusHistory, type PrometheusHistory, type PrometheusHistoryOptions } from './query-history.js';
export { createRemoteWrite, type RemoteWrite, type RemoteWriteOptions } from './remote-write.js';
