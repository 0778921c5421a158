import type { SeriesPoint, SeriesQuery, UsagePoint, UsageQuery } from '@nps/oracle-metrics/postgres';

/**
 * Where charts come from. The history in PostgreSQL is one; another (PromQL, for example) has to answer the same points: spans
 * aligned to whole steps, quantiles of merged histograms in milliseconds, no point where nothing is known.
 */
export interface SeriesSource {
  /** Response times, throughput and errors of one operation of one service. */
  series(query: SeriesQuery): Promise<readonly SeriesPoint[]>;
  /** Errors by type, AI tokens and cost of one service. */
  usageSeries(query: UsageQuery): Promise<readonly UsagePoint[]>;
}
