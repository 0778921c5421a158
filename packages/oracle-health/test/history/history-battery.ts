import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import type { HealthHistory, HealthRow, VisitStatus } from '../../src/postgres/index.js';

const startMs = Date.parse('2026-02-08T12:00:00.000Z');

/** An instant so many seconds after the battery's noon. */
export const at = (seconds: number): string => new Date(startMs + seconds * 1_000).toISOString();

/** A visit so many seconds after noon. */
export function visit(seconds: number, status: VisitStatus, more: Partial<HealthRow> = {}): HealthRow {
  return { service: 'oracle', at: at(seconds), status, report: null, latencyMs: 12.5, ...more };
}

/** Visits every `everySeconds`, one letter each: h(ealthy) d(egraded) x (down) u(nreachable), space for none. */
export function visits(letters: string, everySeconds = 10, more: Partial<HealthRow> = {}): HealthRow[] {
  const words: Readonly<Record<string, VisitStatus>> = { h: 'healthy', d: 'degraded', x: 'down', u: 'unreachable' };
  return letters.split('').flatMap((letter, index) => {
    const status = words[letter];
    return status ? [visit(index * everySeconds, status, more)] : [];
  });
}

/** What every history must do, whatever it is made of. */
export function testHistory(name: string, create: () => Promise<HealthHistory>): void {
  describe(`${name} history`, () => {
    it('gives back the newest row of every service, by name', async () => {
      const history = await create();
      const report = {
        status: 'degraded' as const,
        timestamp: at(10),
        service: 'scanner',
        version: '1',
        uptime_seconds: 5,
        checks: { database: { status: 'error' as const, error: 'REFUSED' as const } },
      };
      await history.store([
        visit(10, 'degraded', { service: 'scanner', report }),
        visit(0, 'healthy'),
        visit(10, 'unreachable', { reason: 'refused', message: 'the connection was refused' }),
      ]);
      const [oracle, scanner, ...others] = await history.latest();
      expect(others).toEqual([]);
      expect(oracle).toMatchObject({
        service: 'oracle',
        at: at(10),
        status: 'unreachable',
        reason: 'refused',
        latencyMs: 12.5,
      });
      expect(scanner).toMatchObject({ service: 'scanner', status: 'degraded' });
      expect(JSON.parse(JSON.stringify(scanner?.report))).toEqual(report);
    });

    it('changes nothing when rows come twice or late', async () => {
      const history = await create();
      const rows = visits('hhxxhh');
      await history.store(rows);
      const before = [await history.latest(), await history.uptime('oracle', at(0), at(60))];
      await history.store(rows);
      await history.store([visit(25, 'unreachable')]);
      expect([await history.latest(), await history.uptime('oracle', at(0), at(60))]).toEqual(before);
    });

    it('counts available, degraded, failed and unobserved time', async () => {
      const history = await create();
      await history.store(visits('hhhddxxu'));
      const uptime = await history.uptime('oracle', at(0), at(100));
      expect(uptime).toEqual({ ratio: 5 / 7, upSeconds: 50, degradedSeconds: 20, downSeconds: 20, unknownSeconds: 30 });
    });

    it('knows nothing of a service nobody visited', async () => {
      const history = await create();
      expect(await history.uptime('nobody', at(0), at(60))).toMatchObject({ ratio: null, unknownSeconds: 60 });
      expect(await history.outages('nobody', at(0), at(60))).toEqual([]);
      expect(await history.latest()).toEqual([]);
    });

    it('does not count the time in which nobody looked', async () => {
      const history = await create();
      await history.store([visit(0, 'healthy'), visit(10, 'healthy'), visit(310, 'down'), visit(320, 'down')]);
      expect(await history.uptime('oracle', at(0), at(320))).toMatchObject({
        upSeconds: 10,
        downSeconds: 10,
        unknownSeconds: 300,
        ratio: 0.5,
      });
    });

    it('sees only the part of a span that lies in the window', async () => {
      const history = await create();
      await history.store(visits('hhhhxxxxhhhh'));
      expect(await history.uptime('oracle', at(35), at(45))).toMatchObject({
        upSeconds: 5,
        downSeconds: 5,
        unknownSeconds: 0,
      });
      expect(await history.uptime('oracle', at(50), at(70))).toMatchObject({ ratio: 0, downSeconds: 20 });
    });

    it('joins changing failures into one outage, with the first reason and its whole duration', async () => {
      const history = await create();
      await history.store([
        ...visits('hh'),
        visit(20, 'unreachable', { reason: 'refused', message: 'first' }),
        visit(30, 'unreachable', { reason: 'timeout', message: 'second' }),
        visit(40, 'down'),
        visit(50, 'healthy'),
        visit(60, 'down', { message: 'again' }),
        visit(70, 'down', { message: 'again' }),
      ]);
      expect(await history.outages('oracle', at(0), at(100))).toEqual([
        { startedAt: at(20), endedAt: at(50), durationSeconds: 30, reason: 'refused', message: 'first' },
        { startedAt: at(60), endedAt: null, durationSeconds: 10, reason: null, message: 'again' },
      ]);
    });

    it('finds an outage that began long before the window and ends long after it', async () => {
      const history = await create();
      await history.store(visits('hxuxuxuxuxuh'));
      expect(await history.outages('oracle', at(55), at(58))).toMatchObject([
        { startedAt: at(10), endedAt: at(110), durationSeconds: 100 },
      ]);
      expect(await history.outages('oracle', at(0), at(5))).toEqual([]);
      expect(await history.outages('oracle', at(111), at(200))).toEqual([]);
    });

    it('cuts a window into bars that show the worst of each', async () => {
      const history = await create();
      await history.store(visits('hhhhhhhhhhhhhhhxhh'));
      const strip = await history.strip('oracle', at(0), at(240), 1);
      expect(strip.map(({ at: start, status }) => [start, status])).toEqual([
        [at(0), 'healthy'],
        [at(60), 'healthy'],
        [at(120), 'down'],
        [at(180), null],
      ]);
      expect(strip[2]?.ratio).toBeCloseTo(40 / 50);
      expect(strip[3]?.ratio).toBeNull();
    });

    it('forgets what ended before an instant and says how much', async () => {
      const history = await create();
      await history.store(visits('hhxxhh'));
      expect(await history.prune(at(35))).toBe(2);
      expect(await history.uptime('oracle', at(0), at(50))).toMatchObject({ upSeconds: 10, downSeconds: 0 });
    });

    it('keeps texts that would break a database', async () => {
      const history = await create();
      const hostile = `'; DROP TABLE health_spans; -- \0 \ud800 \u202e <script> \\u0000`;
      const checks = { database: { status: 'error' as const, detail: hostile } };
      const report = {
        status: 'down' as const,
        timestamp: at(0),
        service: hostile,
        version: '',
        uptime_seconds: 0,
        checks,
      };
      await history.store([visit(0, 'down', { service: `s'"${'ü'.repeat(50)}`, message: hostile, report })]);
      const [row] = await history.latest();
      expect(row?.message).toContain("'; DROP TABLE health_spans; --");
      expect(row?.report?.checks['database']?.detail).toContain('<script> \\u0000');
    });

    it.each([
      ['x', at(0)],
      [at(0), 'x'],
      [at(1), at(0)],
    ])('refuses the window %s … %s', async (from, to) => {
      const history = await create();
      await expect(history.uptime('oracle', from, to)).rejects.toMatchObject({ code: 'INVALID_OPTION' });
      await expect(history.outages('oracle', from, to)).rejects.toMatchObject({ code: 'INVALID_OPTION' });
    });

    it.each([0, -1, Number.NaN, 0.0001])('refuses bars of %d minutes', async (minutes) => {
      const history = await create();
      await expect(history.strip('oracle', at(0), at(86_400), minutes)).rejects.toMatchObject({
        code: 'INVALID_OPTION',
      });
    });
  });
}

/** For any visits, two histories must agree. */
export const anyVisits = fc
  .array(
    fc.tuple(
      fc.integer({ min: 1, max: 90 }),
      fc.constantFrom<VisitStatus>('healthy', 'degraded', 'down', 'unreachable'),
    ),
    { maxLength: 25 },
  )
  .map((steps) => {
    let seconds = 0;
    return steps.map(([gap, status]) => {
      seconds += gap;
      return visit(seconds, status);
    });
  });
