import { describe, expect, it } from '@jest/globals';
import { createHealthHistory } from '@nps/oracle-health/postgres';
import { createMetricsHistory } from '@nps/oracle-metrics/postgres';
import { createTestDatabase } from '@nps/testing';
import { Pool } from 'pg';
import { dueTrends, type KnownTrend, loadTrend, noTrend } from '../../src/server/trends.js';
import { openSeeded, seedService } from './seeded-database.js';

const turnMs = 2500;
const SECOND = 1000;
const services = Array.from({ length: 40 }, (_, n) => ({ name: `service-${n}`, operation: 'reading' }));
const readAt = (atMs: (n: number) => number | null): ReadonlyMap<string, KnownTrend> =>
  new Map(services.map(({ name }, n) => [name, { trend: noTrend, atMs: atMs(n) }]));

describe('whose trend is read in a turn', () => {
  it('is everybody’s in the first', () => {
    expect(dueTrends(services, new Map(), { nowMs: 0, turnMs })).toHaveLength(40);
  });

  it('is the oldest few’s later on, so that all of them had their turn within half a minute', () => {
    const known = new Map(readAt(() => 0));
    let most = 0;
    for (let nowMs = 20 * SECOND; nowMs < 80 * SECOND; nowMs += turnMs) {
      const due = dueTrends(services, known, { nowMs, turnMs });
      most = Math.max(most, due.length);
      for (const { name } of due) known.set(name, { trend: noTrend, atMs: nowMs });
      if (nowMs >= 40 * SECOND)
        for (const { atMs } of known.values()) expect(nowMs - (atMs ?? 0)).toBeLessThan(30 * SECOND);
    }
    expect(most).toBe(5);
  });

  it('is nobody’s while all are young', () => {
    expect(
      dueTrends(
        services,
        readAt(() => 0),
        { nowMs: 19 * SECOND, turnMs },
      ),
    ).toEqual([]);
  });

  it('is at once that of a service whose status has changed', () => {
    const due = dueTrends(
      services,
      readAt((n) => (n === 33 ? null : 0)),
      { nowMs: 1, turnMs },
    );
    expect(due.map(({ name }) => name)).toEqual(['service-33']);
  });
});

it('reads a trend over one connection, so that the others are free for requests', async () => {
  const database = await createTestDatabase();
  const seeding = await openSeeded(database.connectionString);
  const nowMs = Date.now();
  await seedService(
    seeding,
    {
      name: 'oracle',
      status: 'healthy',
      past: [
        [20, 'healthy'],
        [4, 'unreachable'],
        [3, 'healthy'],
      ],
      readingMs: 300,
      report: null,
    },
    nowMs,
  );
  const pool = new Pool({ connectionString: database.connectionString, max: 6 });
  try {
    const recorded = { health: createHealthHistory({ pool }) };
    const trend = await loadTrend(
      recorded,
      createMetricsHistory({ pool }),
      { name: 'oracle', operation: 'reading' },
      nowMs,
    );
    expect(trend.strip).toMatch(/h+d{3,6}h+$/);
    expect(trend.sparkline.filter((value) => value !== null).length).toBeGreaterThan(20);
    expect(trend.lastIncident).toMatchObject({ reason: 'refused' });
    expect(pool.totalCount).toBe(1);
  } finally {
    await pool.end();
    await seeding.end();
    await database.drop();
  }
});
