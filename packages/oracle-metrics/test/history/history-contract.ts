import { afterEach, describe, expect, it } from '@jest/globals';
import { createMetrics, createSketch, decodeSketch } from '../../src/index.js';
import type { MetricsHistory, MinuteRow } from '../../src/postgres/index.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export interface HistoryUnderTest {
  readonly history: MetricsHistory;
  close(): Promise<void>;
}

/** What every history must do, whatever it stores into. */
export function testHistoryContract(name: string, create: (now: () => number) => Promise<HistoryUnderTest>): void {
  describe(`${name} history`, () => {
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

    function row(atMs: number, seconds: readonly number[], rest: Partial<MinuteRow> = {}): MinuteRow {
      const sketch = createSketch();
      for (const value of seconds) sketch.record(value);
      const minute = new Date(atMs).toISOString();
      return {
        service: 'oracle',
        operation: 'reading',
        minute,
        count: seconds.length,
        errors: 0,
        sketch: sketch.encode(),
        ...rest,
      };
    }

    const ask = (fromMs: number, toMs: number, points: number) => ({
      service: 'oracle',
      operation: 'reading',
      from: new Date(fromMs).toISOString(),
      to: new Date(toMs).toISOString(),
      points,
    });

    it('answers each stored minute as a point in milliseconds, and leaves gaps as gaps', async () => {
      const it = await history(start + 10 * MINUTE);
      await it.store([row(start, [0.5, 0.6, 0.7], { errors: 1 }), row(start + 3 * MINUTE, [2])]);
      expect(await it.series(ask(start, start + 10 * MINUTE, 10))).toEqual([
        { at: '2026-02-08T14:00:00.000Z', count: 3, errors: 1, p50: 600, p95: 700, p99: 700, avg: 600, max: 700 },
        { at: '2026-02-08T14:03:00.000Z', count: 1, errors: 0, p50: 2000, p95: 2000, p99: 2000, avg: 2000, max: 2000 },
      ]);
    });

    it('answers minutes of many hours in the order of time, with counts of more than 32 bits', async () => {
      const it = await history();
      const count = 2 ** 32 - 1;
      const hours = [5, 4, 3, 2, 1];
      await it.store(hours.map((hour) => row(start - hour * HOUR, [hour], { count, errors: 2 ** 31 })));
      const points = await it.series(ask(start - 6 * HOUR, start, 360));
      expect(points.map((point) => point.max)).toEqual([5000, 4000, 3000, 2000, 1000]);
      expect(points.every((point) => point.count === count && point.errors === 2 ** 31)).toBe(true);
      const merged = await it.series(ask(start - 6 * HOUR, start, 2));
      expect(merged.reduce((sum, point) => sum + point.count, 0)).toBe(5 * count);
    });

    it('answers nothing for a service or an operation it never saw', async () => {
      const it = await history();
      await it.store([row(start - MINUTE, [1])]);
      expect(await it.series({ ...ask(start - HOUR, start, 60), operation: 'analysis' })).toEqual([]);
      expect(await it.series({ ...ask(start - HOUR, start, 60), service: "'; drop table metric_minutes; --" })).toEqual(
        [],
      );
    });

    it('keeps the first of two reports of a minute, so that a repeated store changes nothing', async () => {
      const it = await history();
      const rows = [row(start - MINUTE, [1, 2])];
      expect(await it.store(rows)).toEqual({ accepted: 1, refused: 0 });
      await it.store(rows);
      await it.store([row(start - MINUTE, [9])]);
      expect(await it.series(ask(start - MINUTE, start, 1))).toMatchObject([{ count: 2, max: 2000 }]);
    });

    it('works quantiles out of merged sketches, never as an average of quantiles', async () => {
      const it = await history();
      const fast = Array.from({ length: 99 }, () => 0.1);
      await it.store([row(start - 2 * MINUTE, fast), row(start - MINUTE, [10])]);
      const [point] = await it.series(ask(start - 2 * MINUTE, start, 1));
      expect(point?.count).toBe(100);
      expect(point?.p95).toBeCloseTo(100, -1);
      expect(point?.max).toBe(10_000);
    });

    it('shows a spike of one second in the maximum of a day', async () => {
      const it = await history();
      await it.store([row(start - 20 * HOUR, [31]), ...[1, 2, 3].map((hour) => row(start - hour * HOUR, [0.1]))]);
      const points = await it.series(ask(start - DAY, start, 24));
      expect(Math.max(...points.map(({ max }) => max ?? 0))).toBe(31_000);
    });

    it('refuses what is not a sketch, too old or from the future, and stores the rest', async () => {
      const it = await history();
      const broken = row(start, [1], { sketch: Uint8Array.of(1, 2, 3) });
      const rows = [row(start, [1]), broken, row(start - 3 * DAY, [1]), row(start + 2 * HOUR, [1])];
      const wrongCount = row(start, [1], { operation: 'analysis', count: -1 });
      const noInstant = row(start, [1], { operation: 'analysis', minute: 'yesterday' });
      const huge = decodeSketch(row(start, [1]).sketch);
      for (let doubling = 0; doubling < 40; doubling++) huge.merge(decodeSketch(huge.encode()));
      const tooMany = row(start, [1], { operation: 'analysis', sketch: huge.encode() });
      expect(await it.store([...rows, wrongCount, noInstant, tooMany])).toEqual({ accepted: 1, refused: 6 });
    });

    it('takes hostile names as they come', async () => {
      const it = await history();
      const operation = `a\u0000b'"\\${'x'.repeat(500)}`;
      await it.store([row(start - MINUTE, [1], { operation })]);
      expect(await it.series({ ...ask(start - HOUR, start, 60), operation })).toHaveLength(1);
    });

    it('refuses a range that runs backwards and an impossible number of points', async () => {
      const it = await history();
      await expect(it.series(ask(start, start - HOUR, 10))).rejects.toMatchObject({ code: 'INVALID_OPTION' });
      await expect(it.series(ask(start - HOUR, start, 0))).rejects.toMatchObject({ code: 'INVALID_OPTION' });
      await expect(it.series({ ...ask(start, start + 1, 1), from: 'soon' })).rejects.toThrow(/ISO 8601/);
    });

    it('answers the same after minutes were rolled up, and still after they are gone', async () => {
      const it = await history();
      const rows = Array.from({ length: 240 }, (_, minute) =>
        row(start - 4 * HOUR + minute * MINUTE, [minute / 10 + 0.1, 1], { errors: 1 }),
      );
      await it.store(rows);
      const hourly = ask(start - 4 * HOUR, start, 4);
      const before = await it.series(hourly);
      expect(before).toHaveLength(4);
      await it.prune(new Date(nowMs));
      expect(await it.series(hourly)).toEqual(before);
      nowMs = start + 20 * DAY;
      await it.prune(new Date(nowMs));
      expect(await it.series(hourly)).toEqual(before);
      expect(await it.series(ask(start - 4 * HOUR, start, 240))).toEqual(before);
    });

    it('joins rolled-up hours with the minutes that came after them', async () => {
      const it = await history();
      await it.store([row(start - 90 * MINUTE, [1])]);
      await it.prune(new Date(nowMs));
      nowMs = start + 5 * MINUTE;
      await it.store([row(start + MINUTE, [2])]);
      const points = await it.series(ask(start - 2 * HOUR, start + HOUR, 3));
      expect(points.map(({ at, count }) => [at.slice(11, 16), count])).toEqual([
        ['12:00', 1],
        ['14:00', 1],
      ]);
    });

    it.each([0, 4, 35, 59])(
      'takes minutes that come up to three hours late into every roll-up, rolled up at minute %s',
      async (at) => {
        const it = await history();
        nowMs = start + at * MINUTE;
        await it.store([row(nowMs - 5 * HOUR, [1])]);
        await it.prune(new Date(nowMs));
        await it.store([row(nowMs - 175 * MINUTE, [2])]);
        nowMs += HOUR;
        await it.prune(new Date(nowMs));
        const day = { fromMs: start - DAY, toMs: start + DAY };
        for (const points of [2000, 576, 288, 48])
          expect(await it.series(ask(day.fromMs, day.toMs, points))).toMatchObject([{ max: 1000 }, { max: 2000 }]);
      },
    );

    it('shows a minute at once that arrives right after a roll-up', async () => {
      const it = await history();
      await it.store([row(start - 3 * MINUTE, [1])]);
      await it.prune(new Date(nowMs));
      await it.store([row(start - 2 * MINUTE, [2])]);
      for (const points of [1440, 288, 144, 24])
        expect((await it.series(ask(start - DAY, start, points))).reduce((sum, { count }) => sum + count, 0)).toBe(2);
    });

    it('keeps the newest word of each service', async () => {
      const it = await history();
      const report = createMetrics({ service: 'oracle' }).getMetrics();
      const samples = [{ name: 'up', labels: { job: 'a\u0000"b' }, value: 1 }];
      await it.storeLatest('scanner', '2026-02-08T14:00:00.000Z', null, samples);
      await it.storeLatest('oracle', '2026-02-08T14:00:00.000Z', report);
      await it.storeLatest('oracle', '2026-02-08T13:59:00.000Z', null);
      expect(await it.latest()).toEqual([
        { service: 'oracle', at: '2026-02-08T14:00:00.000Z', report, samples: [] },
        { service: 'scanner', at: '2026-02-08T14:00:00.000Z', report: null, samples },
      ]);
    });
  });
}
