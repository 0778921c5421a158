import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ProbeResult, Target } from '@nps/oracle-health/contract';
import {
  createHealthHistory,
  createMemoryHealthHistory,
  type HealthHistory,
  migrations as healthMigrations,
} from '@nps/oracle-health/postgres';
import { createMetrics } from '@nps/oracle-metrics';
import type { MetricsReport } from '@nps/oracle-metrics/contract';
import {
  createMetricsHistory,
  type MetricsHistory,
  migrations as metricsMigrations,
} from '@nps/oracle-metrics/postgres';
import { createTestDatabase } from '@nps/testing';
import { Pool } from 'pg';
import { migrate } from '../src/migrate.js';
import { createRecorder } from '../src/record.js';

const TARGET: Target = { name: 'oracle', kind: 'service', url: 'http://oracle.test' };
const MINUTE = 60_000;

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let pool: Pool;
let health: HealthHistory;
let metrics: MetricsHistory;

beforeAll(async () => {
  database = await createTestDatabase();
  pool = new Pool({ connectionString: database.connectionString });
  await migrate(pool, [...healthMigrations, ...metricsMigrations]);
  health = createHealthHistory({ pool });
  metrics = createMetricsHistory({ pool });
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

/** What a recorder asks for that knows of nothing stored. */
const EVERYTHING = new Date(0).toISOString();

function visit(at: number): ProbeResult {
  return {
    outcome: 'failure',
    reason: 'refused',
    message: 'connection refused',
    latencyMs: 2,
    at: new Date(at).toISOString(),
  };
}

/** A service that records one reading and one AI call a minute; answers like its /metrics.json. */
function createService(start: number): {
  advance(minutes: number): void;
  answer(minutesSince: string): MetricsReport;
} {
  let now = start;
  const service = createMetrics({ service: 'oracle', now: () => now });
  return {
    advance: (minutes) => {
      for (let minute = 0; minute < minutes; minute += 1) {
        service.recordReadingTime(1200);
        service.recordTokens({ model: 'claude-haiku-4-5', input: 1000 });
        now += MINUTE;
      }
    },
    answer: (since) => service.getMetrics({ minutesSince: new Date(since) }),
  };
}

describe('the recorder', () => {
  it('stores visits, what a target said last, and each sealed minute once', async () => {
    const start = Math.floor((Date.now() - 20 * MINUTE) / MINUTE) * MINUTE;
    const service = createService(start);
    const recorder = createRecorder({ health, metrics });
    const scrape = (): void => {
      const report = service.answer(recorder.minutesSince(TARGET));
      recorder.addScrape(TARGET, { outcome: 'report', report, at: report.timestamp });
    };
    recorder.addProbe(TARGET, visit(start));
    service.advance(10);
    scrape();
    await recorder.flush();
    service.advance(5);
    scrape();
    expect(service.answer(recorder.minutesSince(TARGET)).minutes?.length).toBeLessThan(7);
    await recorder.flush();
    await recorder.flush();

    const query = {
      service: 'oracle',
      operation: 'reading',
      from: new Date(start).toISOString(),
      to: new Date(start + 20 * MINUTE).toISOString(),
      points: 20,
    };
    const points = await metrics.series(query);
    expect(points.length).toBeGreaterThanOrEqual(14);
    expect(points.every((point) => point.count === 1)).toBe(true);
    const usage = await metrics.usageSeries(query);
    expect(usage.map(({ tokens, cost_usd }) => [tokens, cost_usd])).toEqual(
      points.map(() => [{ 'claude-haiku-4-5': 1000 }, 0.001]),
    );
    expect((await health.latest())[0]).toMatchObject({ service: 'oracle', status: 'unreachable', reason: 'refused' });
    const [latest] = await metrics.latest();
    expect(latest?.report?.counters.operations).toBe(15);
    expect(recorder.status()).toEqual({ waiting: 0, dropped: 0 });
  });

  it('keeps everything while the database is away and asks the target again for its minutes', async () => {
    let isAway = true;
    const memory = createMemoryHealthHistory();
    const away = {
      ...memory,
      store: (rows: Parameters<HealthHistory['store']>[0]) =>
        isAway ? Promise.reject(new Error('away')) : memory.store(rows),
    };
    const recorder = createRecorder({ health: away, metrics });
    const now = Date.now();
    for (let index = 0; index < 10; index += 1) recorder.addProbe(TARGET, visit(now + index * 5000));
    await expect(recorder.flush()).rejects.toThrow('away');
    expect(recorder.status().waiting).toBe(10);
    expect(recorder.minutesSince(TARGET)).toBe(EVERYTHING);
    isAway = false;
    await recorder.flush();
    expect(recorder.status().waiting).toBe(0);
    expect((await memory.latest())[0]?.at).toBe(new Date(now + 45_000).toISOString());
  });

  it('is bounded: of a very long absence the newest visits are kept and the rest is counted', () => {
    const recorder = createRecorder({ health, metrics });
    for (let index = 0; index < 12_000; index += 1) recorder.addProbe(TARGET, visit(index));
    expect(recorder.status()).toEqual({ waiting: 10_000, dropped: 2000 });
    recorder.discard();
    expect(recorder.status().waiting).toBe(0);
  });

  it('asks for all minutes again when a target’s clock was put back', async () => {
    const start = Math.floor((Date.now() - 10 * MINUTE) / MINUTE) * MINUTE;
    const recorder = createRecorder({ health, metrics });
    const target = { ...TARGET, name: 'turned-back' };
    for (const began of [start, start - 60 * MINUTE]) {
      const service = createService(began);
      service.advance(3);
      const report = service.answer(EVERYTHING);
      recorder.addScrape(target, { outcome: 'report', report, at: report.timestamp });
      expect(recorder.minutesSince(target)).toBe(EVERYTHING);
      await recorder.flush();
      expect(recorder.minutesSince(target)).not.toBe(EVERYTHING);
    }
  });

  it('does not let one target’s refused minutes hold up another’s', async () => {
    const start = Math.floor((Date.now() - 5 * MINUTE) / MINUTE) * MINUTE;
    const refusing: MetricsHistory = {
      ...metrics,
      store: (rows) => (rows[0]?.service === 'hostile' ? Promise.reject(new Error('refused')) : metrics.store(rows)),
    };
    const recorder = createRecorder({ health, metrics: refusing });
    const service = createService(start);
    service.advance(2);
    const good = service.answer(EVERYTHING);
    recorder.addScrape({ ...TARGET, name: 'hostile' }, { outcome: 'report', report: good, at: good.timestamp });
    recorder.addScrape({ ...TARGET, name: 'honest' }, { outcome: 'report', report: good, at: good.timestamp });
    await expect(recorder.flush()).rejects.toThrow('refused');
    expect(recorder.minutesSince({ ...TARGET, name: 'honest' })).not.toBe(EVERYTHING);
    expect(recorder.minutesSince({ ...TARGET, name: 'hostile' })).toBe(EVERYTHING);
  });
});
