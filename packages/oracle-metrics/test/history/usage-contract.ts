import { afterEach, describe, expect, it } from '@jest/globals';
import { createMetrics } from '../../src/index.js';
import type { MetricsHistory, UsageMinute, UsagePoint } from '../../src/postgres/index.js';
import { createFakeClock, DAY, HOUR, MINUTE } from '../fake-clock.js';
import type { HistoryUnderTest } from './history-contract.js';

/** What every history must do with errors by type, tokens and cost. */
export function testUsageContract(name: string, create: (now: () => number) => Promise<HistoryUnderTest>): void {
  describe(`${name} history of usage`, () => {
    const start = Date.UTC(2026, 1, 8, 14, 0);
    let nowMs = start;
    const open: HistoryUnderTest[] = [];

    async function history(at = start): Promise<MetricsHistory> {
      nowMs = at;
      const made = await create(() => nowMs);
      open.push(made);
      return made.history;
    }

    afterEach(async () => {
      for (const made of open.splice(0)) await made.close();
    });

    const minute = (atMs: number, rest: Partial<UsageMinute> = {}): UsageMinute => ({
      minute: new Date(atMs).toISOString(),
      errors_by_type: {},
      ...rest,
    });

    const ask = (fromMs: number, toMs: number, points: number) => ({
      service: 'oracle',
      from: new Date(fromMs).toISOString(),
      to: new Date(toMs).toISOString(),
      points,
    });

    const total = (points: readonly UsagePoint[], read: (point: UsagePoint) => number): number =>
      points.reduce((sum, point) => sum + read(point), 0);

    it('answers errors by type, tokens by model, cost and calls of unknown cost, and leaves quiet spans out', async () => {
      const it = await history(start + 10 * MINUTE);
      const busy = minute(start, {
        errors_by_type: { TIMEOUT: 2, AUTH: 1 },
        tokens: { 'claude-haiku-4-5': 1000, 'home-grown': 7 },
        cost_usd: 0.001234,
        cost_unknown_calls: 1,
      });
      const late = minute(start + 4 * MINUTE, { errors_by_type: { TIMEOUT: 1 } });
      expect(await it.storeUsage('oracle', [busy, minute(start + MINUTE), late])).toEqual({ accepted: 3, refused: 0 });
      expect(await it.usageSeries(ask(start, start + 10 * MINUTE, 10))).toEqual([
        {
          at: '2026-02-08T14:00:00.000Z',
          errors_by_type: { TIMEOUT: 2, AUTH: 1 },
          tokens: { 'claude-haiku-4-5': 1000, 'home-grown': 7 },
          cost_usd: 0.001234,
          cost_unknown_calls: 1,
        },
        {
          at: '2026-02-08T14:04:00.000Z',
          errors_by_type: { TIMEOUT: 1 },
          tokens: {},
          cost_usd: 0,
          cost_unknown_calls: 0,
        },
      ]);
      expect(await it.usageSeries(ask(start, start + 10 * MINUTE, 1))).toMatchObject([
        { errors_by_type: { TIMEOUT: 3, AUTH: 1 }, cost_usd: 0.001234 },
      ]);
      expect(await it.usageSeries({ ...ask(start, nowMs, 1), service: 'scanner' })).toEqual([]);
    });

    it('keeps what a service itself reports of its minutes, and the same once more changes nothing', async () => {
      const clock = createFakeClock(start - 10 * MINUTE);
      const metrics = createMetrics({ service: 'oracle', now: clock.now });
      for (let passed = 0; passed < 5; passed++) {
        metrics.recordError('TIMEOUT');
        metrics.recordTokens({ model: 'claude-haiku-4-5', input: 1000, output: 200 });
        metrics.recordTokens({ model: 'home-grown', input: 10 });
        clock.advance(MINUTE);
      }
      const {
        minutes = [],
        cost_usd,
        tokens_used,
        cost_unknown_calls,
      } = metrics.getMetrics({ minutesSince: new Date(0) });
      const it = await history();
      await it.storeUsage('oracle', minutes);
      await it.storeUsage('oracle', minutes);
      const points = await it.usageSeries(ask(start - HOUR, start, 60));
      expect(points).toHaveLength(5);
      expect(total(points, (point) => point.errors_by_type.TIMEOUT ?? 0)).toBe(5);
      expect(total(points, (point) => Object.values(point.tokens).reduce((sum, count) => sum + count, 0))).toBe(
        tokens_used,
      );
      expect(total(points, (point) => point.cost_usd)).toBeCloseTo(cost_usd, 9);
      expect(total(points, (point) => point.cost_unknown_calls)).toBe(cost_unknown_calls);
      expect([tokens_used, cost_usd, cost_unknown_calls]).toEqual([6050, 0.01, 5]);
    });

    it('adds a thousand costs without losing a millionth of a dollar', async () => {
      const it = await history();
      const minutes = Array.from({ length: 1000 }, (_, at) => minute(start - (at + 1) * MINUTE, { cost_usd: 0.1 }));
      await it.storeUsage('oracle', minutes);
      const points = await it.usageSeries(ask(start - DAY, start, 1));
      expect(points.map(({ cost_usd }) => cost_usd)).toEqual([16, 84]);
    });

    it('refuses minutes that are malformed, too old or from the future, and stores the rest', async () => {
      const it = await history();
      const refused = [
        minute(start - 3 * DAY),
        minute(start + 2 * HOUR),
        { ...minute(start), minute: 'noon' },
        minute(start, { errors_by_type: { TIMEOUT: -1 } }),
        minute(start, { tokens: { m: 1e300 } }),
        minute(start, { tokens: { m: 0.5 } }),
        minute(start, { cost_usd: Number.NaN }),
      ];
      const good = minute(start - MINUTE, { errors_by_type: { TIMEOUT: 1 } });
      expect(await it.storeUsage('oracle', [...refused, good])).toEqual({ accepted: 1, refused: refused.length });
      expect(await it.usageSeries(ask(start - HOUR, start + HOUR, 120))).toHaveLength(1);
    });

    it('takes hostile names as they come', async () => {
      const it = await history();
      const long = 'x'.repeat(500);
      const errors = Object.fromEntries([
        ['__proto__', 1],
        ["'; drop table metric_usage_minutes; --", 2],
        ['a\u0000b', 3],
        [`${long}1`, 4],
        [`${long}2`, 5],
      ]);
      await it.storeUsage('oracle', [minute(start - MINUTE, { errors_by_type: errors })]);
      const [point] = await it.usageSeries(ask(start - HOUR, start, 1));
      expect(new Map(Object.entries(point?.errors_by_type ?? {}))).toEqual(
        new Map([
          ["'; drop table metric_usage_minutes; --", 2],
          ['__proto__', 1],
          ['a\ufffdb', 3],
          [long.slice(0, 200), 9],
        ]),
      );
    });

    it('answers the same after minutes were rolled up, and still after they are gone', async () => {
      const it = await history();
      const minutes = Array.from({ length: 240 }, (_, at) =>
        minute(start - 4 * HOUR + at * MINUTE, { errors_by_type: { [`E${at % 3}`]: at + 1 }, tokens: { m: 5 } }),
      );
      await it.storeUsage('oracle', minutes);
      const hourly = ask(start - 4 * HOUR, start, 4);
      const before = await it.usageSeries(hourly);
      expect(before).toHaveLength(4);
      await it.prune(new Date(nowMs));
      expect(await it.usageSeries(hourly)).toEqual(before);
      nowMs = start + 20 * DAY;
      await it.prune(new Date(nowMs));
      expect(await it.usageSeries(hourly)).toEqual(before);
      expect(await it.usageSeries(ask(start - 4 * HOUR, start, 240))).toEqual(before);
    });

    it('takes minutes that come up to three hours late into the roll-ups', async () => {
      const it = await history();
      await it.storeUsage('oracle', [minute(start - 90 * MINUTE, { errors_by_type: { E: 1 } })]);
      await it.prune(new Date(nowMs));
      await it.storeUsage('oracle', [minute(start - 80 * MINUTE, { errors_by_type: { E: 2 } })]);
      nowMs += 10 * MINUTE;
      await it.prune(new Date(nowMs));
      expect(await it.usageSeries(ask(start - 2 * HOUR, start, 2))).toMatchObject([{ errors_by_type: { E: 3 } }]);
    });

    it('refuses a range that runs backwards and an impossible number of points', async () => {
      const it = await history();
      await expect(it.usageSeries(ask(start, start - HOUR, 10))).rejects.toMatchObject({ code: 'INVALID_OPTION' });
      await expect(it.usageSeries(ask(start - HOUR, start, 2001))).rejects.toMatchObject({ code: 'INVALID_OPTION' });
    });
  });
}
