import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createSketch } from '../../src/index.js';
import { createMetricsHistory } from '../../src/postgres/index.js';
import { testHistoryContract } from '../history/history-contract.js';
import { testUsageContract } from '../history/usage-contract.js';
import { createMigratedPool, type MigratedPool } from './migrated-pool.js';

for (const testContract of [testHistoryContract, testUsageContract]) {
  testContract('PostgreSQL', async (now) => {
    const { pool, close } = await createMigratedPool();
    return { history: createMetricsHistory({ pool, now }), close };
  });
}

describe('the PostgreSQL history', () => {
  const DAY = 86_400_000;
  let database: MigratedPool;

  beforeAll(async () => {
    database = await createMigratedPool();
  });

  afterAll(() => database.close());

  const partitions = async (): Promise<string[]> => {
    const { rows } = await database.pool.query<{ name: string }>(
      "select relname as name from pg_class where relispartition and relkind = 'r' order by relname",
    );
    return rows.map(({ name }) => name);
  };

  it('makes partitions two days ahead and drops those past retention, leaving foreign tables alone', async () => {
    const day1 = Date.UTC(2026, 0, 30, 12);
    let nowMs = day1;
    const history = createMetricsHistory({ pool: database.pool, now: () => nowMs });
    await database.pool.query(
      "create table metric_minutes_archive partition of metric_minutes for values from ('2020-01-01') to ('2020-01-02')",
    );
    const sketch = createSketch();
    sketch.record(1);
    const minute = new Date(day1).toISOString();
    await history.store([
      { service: 'oracle', operation: 'reading', minute, count: 1, errors: 0, sketch: sketch.encode() },
    ]);
    expect(await history.prune(new Date(nowMs))).toEqual({ droppedPartitions: [] });
    expect(await partitions()).toEqual([
      'metric_five_minutes_20260130',
      'metric_five_minutes_20260131',
      'metric_five_minutes_20260201',
      'metric_hours_202601',
      'metric_hours_202602',
      'metric_minutes_20260130',
      'metric_minutes_20260131',
      'metric_minutes_20260201',
      'metric_minutes_archive',
      'metric_ten_minutes_20260130',
      'metric_ten_minutes_20260131',
      'metric_ten_minutes_20260201',
      'metric_usage_five_minutes_20260130',
      'metric_usage_five_minutes_20260131',
      'metric_usage_five_minutes_20260201',
      'metric_usage_hours_202601',
      'metric_usage_hours_202602',
      'metric_usage_minutes_20260130',
      'metric_usage_minutes_20260131',
      'metric_usage_minutes_20260201',
      'metric_usage_ten_minutes_20260130',
      'metric_usage_ten_minutes_20260131',
      'metric_usage_ten_minutes_20260201',
    ]);
    nowMs = day1 + 3 * DAY;
    expect([...(await history.prune(new Date(nowMs))).droppedPartitions].sort()).toEqual([
      'metric_five_minutes_20260130',
      'metric_minutes_20260130',
      'metric_usage_five_minutes_20260130',
      'metric_usage_minutes_20260130',
    ]);
    nowMs = day1 + 450 * DAY;
    const { droppedPartitions } = await history.prune(new Date(nowMs));
    expect(droppedPartitions).toContain('metric_hours_202601');
    expect(await partitions()).toContain('metric_minutes_archive');
  });

  it('lets several writers make the same partition at once', async () => {
    const nowMs = Date.UTC(2026, 5, 1, 12);
    const sketch = createSketch();
    sketch.record(1);
    const writers = Array.from({ length: 4 }, (_, writer) =>
      createMetricsHistory({ pool: database.pool, now: () => nowMs }).store([
        {
          service: `service-${writer}`,
          operation: 'reading',
          minute: new Date(nowMs).toISOString(),
          count: 1,
          errors: 0,
          sketch: sketch.encode(),
        },
      ]),
    );
    expect(await Promise.all(writers)).toEqual(writers.map(() => ({ accepted: 1, refused: 0 })));
  });
});
