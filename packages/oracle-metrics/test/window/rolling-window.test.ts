import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createMetrics } from '../../src/index.js';
import { Timeline } from '../../src/window/timeline.js';
import { createFakeClock, HOUR, MINUTE, SECOND } from '../fake-clock.js';

describe('a rolling window', () => {
  it('holds everything younger than its length less one grain, and nothing older than its length', () => {
    const steps = fc.array(fc.integer({ min: 0, max: 8 * MINUTE }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(steps, fc.constantFrom(1, 5, 10, 11, 60, 180), fc.nat(MINUTE), (pauses, windowMinutes, offset) => {
        const clock = createFakeClock();
        clock.advance(offset);
        const metrics = createMetrics({ service: 'oracle', windowMinutes, now: clock.now });
        const recordedAt: number[] = [];
        for (const pause of pauses) {
          clock.advance(pause);
          recordedAt.push(clock.now());
          metrics.recordReadingTime(100);
        }
        const grain = windowMinutes <= 10 ? 10 * SECOND : MINUTE;
        const youngerThan = (ms: number): number => recordedAt.filter((at) => at > clock.now() - ms).length;
        const { count } = metrics.getMetrics().performance.reading_time;
        expect(count).toBeGreaterThanOrEqual(youngerThan(windowMinutes * MINUTE - grain));
        expect(count).toBeLessThanOrEqual(youngerThan(windowMinutes * MINUTE + 1));
      }),
      { numRuns: 300 },
    );
  });

  it('adds up over all sealed minutes to what was recorded, whatever the pauses', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 3 * MINUTE }), { minLength: 1, maxLength: 40 }), (pauses) => {
        const clock = createFakeClock();
        const metrics = createMetrics({ service: 'oracle', now: clock.now });
        for (const pause of pauses) {
          clock.advance(pause);
          metrics.recordReadingTime(100);
        }
        clock.advance(MINUTE);
        const minutes = metrics.getMetrics({ minutesSince: new Date(0) }).minutes ?? [];
        expect(minutes.reduce((sum, { operations }) => sum + (operations.reading?.count ?? 0), 0)).toBe(pauses.length);
        expect(new Set(minutes.map(({ minute }) => minute)).size).toBe(minutes.length);
      }),
    );
  });
});

describe('Timeline', () => {
  function setUp() {
    const wall = createFakeClock();
    const monotonic = createFakeClock(1000);
    const timeline = new Timeline({ wallMs: wall.now, monotonicMs: monotonic.now });
    const pass = (ms: number): void => {
      wall.advance(ms);
      monotonic.advance(ms);
    };
    const slot = (): number => timeline.slotAt(monotonic.now());
    return { wall, monotonic, timeline, pass, slot, first: slot() };
  }

  it('counts slots of ten seconds of UTC', () => {
    const { pass, slot, first, wall } = setUp();
    expect(first).toBe(Math.floor(wall.now() / 10_000));
    pass(4999);
    expect(slot()).toBe(first);
    pass(1);
    expect(slot()).toBe(first + 1);
  });

  it('jumps forward with a machine that slept', () => {
    const { pass, slot, first, wall } = setUp();
    wall.advance(HOUR);
    pass(5 * SECOND);
    expect(slot()).toBe(first + 361);
  });

  it('waits when the clock is set back a little, and follows when it is set back far', () => {
    const near = setUp();
    near.pass(30 * SECOND);
    const before = near.slot();
    near.wall.advance(-20 * SECOND);
    near.pass(10 * SECOND);
    expect(near.slot()).toBe(before);
    near.pass(30 * SECOND);
    expect(near.slot()).toBe(before + 2);
    const far = setUp();
    far.wall.advance(-HOUR);
    far.pass(10 * SECOND);
    expect(far.slot()).toBe(far.first - 359);
  });

  it('does not follow the wall clock’s drift below a second', () => {
    const { pass, slot, timeline, wall, monotonic } = setUp();
    wall.advance(900);
    pass(10 * SECOND);
    slot();
    expect(timeline.wallMs(monotonic.now())).toBe(wall.now() - 900);
  });
});
