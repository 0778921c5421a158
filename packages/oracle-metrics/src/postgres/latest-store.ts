import type { MetricsReport } from '../contract/report.js';
import type { Sample } from '../contract/sample.js';
import type { LatestRow, MetricsHistory } from '../history/history.js';
import { cleanName } from '../history/rows.js';
import type { QueryablePool } from '../jobs/queryable-pool.js';

/** What each service said last: one row per service. */
export function createLatestStore(pool: QueryablePool): Pick<MetricsHistory, 'storeLatest' | 'latest'> {
  return {
    async storeLatest(service, at, report, samples = []) {
      await pool.query(
        `insert into metric_latest (service, at, report, samples) values ($1, $2, $3, $4)
         on conflict (service) do update set at = excluded.at, report = excluded.report, samples = excluded.samples
         where metric_latest.at <= excluded.at`,
        [cleanName(service), new Date(at), report === null ? null : JSON.stringify(report), JSON.stringify(samples)],
      );
    },
    async latest() {
      const { rows } = await pool.query(
        'select service, at, report, samples from metric_latest order by service collate "C"',
      );
      return (rows as readonly StoredLatest[]).map(
        ({ service, at, report, samples }): LatestRow => ({ service, at: at.toISOString(), report, samples }),
      );
    },
  };
}

interface StoredLatest {
  readonly service: string;
  readonly at: Date;
  readonly report: MetricsReport | null;
  readonly samples: readonly Sample[];
}
