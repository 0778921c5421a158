import { describe, expect, it } from '@jest/globals';
import { createRepeat } from '../src/repeat.js';
import { createFakeClock } from './fake-clock.js';

describe('a repeated task', () => {
  it('runs once an interval, first after one, and goes on after a failure', async () => {
    const clock = createFakeClock();
    const runs: number[] = [];
    const errors: unknown[] = [];
    const repeat = createRepeat({
      clock,
      everyMs: 1000,
      run: () => {
        runs.push(clock.monotonicMs());
        if (runs.length === 2) throw new Error('once');
      },
      onError: (error) => errors.push(error),
    });
    repeat.start();
    repeat.start();
    await clock.advance(3500);
    expect(runs).toEqual([1000, 2000, 3000]);
    expect(errors).toHaveLength(1);
    await repeat.stop();
    await clock.advance(10_000);
    expect(runs).toHaveLength(3);
  });

  it('never has two runs under way, and stop waits for the one that is', async () => {
    const clock = createFakeClock();
    let underWay = 0;
    let most = 0;
    const repeat = createRepeat({
      clock,
      everyMs: 10,
      run: async () => {
        underWay += 1;
        most = Math.max(most, underWay);
        await new Promise<void>((resolve) => void clock.setTimer(500, resolve));
        underWay -= 1;
      },
      onError: () => undefined,
    });
    repeat.start();
    await clock.advance(1200);
    const stopped = repeat.stop();
    expect(underWay).toBe(1);
    await clock.advance(500);
    await stopped;
    expect([underWay, most]).toEqual([0, 1]);
  });
});
