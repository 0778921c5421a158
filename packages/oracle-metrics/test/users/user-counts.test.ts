import { describe, expect, it } from '@jest/globals';
import { createMetrics } from '../../src/index.js';
import { HyperLogLog } from '../../src/users/hyperloglog.js';
import { createFakeClock, MINUTE } from '../fake-clock.js';

describe('HyperLogLog', () => {
  it.each([1, 10, 100, 1000, 3000, 10_000, 20_000, 100_000])(
    'counts %i different ids within five standard errors (8 %%), most within 2.9 %%',
    (count) => {
      const errors = Array.from({ length: count > 50_000 ? 1 : 10 }, (_, seed) => {
        const users = new HyperLogLog();
        for (let id = 0; id < count; id++) users.add(`user-${seed}-${id}`);
        return Math.abs(users.count() / count - 1);
      });
      expect(Math.max(...errors)).toBeLessThan(0.08);
      if (errors.length === 10)
        expect(errors.filter((error) => error <= 0.029).length / errors.length).toBeGreaterThanOrEqual(0.7);
    },
  );

  it('counts a few users exactly and repeated ones once', () => {
    const users = new HyperLogLog();
    for (let round = 0; round < 5; round++) for (let id = 0; id < 30; id++) users.add(`user-${id}`);
    expect(users.count()).toBe(30);
    expect(new HyperLogLog().count()).toBe(0);
  });

  it('merges to the count of all ids', () => {
    const [a, b, both] = [new HyperLogLog(), new HyperLogLog(), new HyperLogLog()];
    for (let id = 0; id < 2000; id++) {
      (id % 2 === 0 ? a : b).add(String(id));
      both.add(String(id));
    }
    expect(a.merge(b).count()).toBe(both.count());
  });
});

describe('userSeen', () => {
  it('counts users of the last hour as active', () => {
    const clock = createFakeClock();
    const metrics = createMetrics({ service: 'oracle', now: clock.now });
    const active = (): string => /^oracle_active_users (\d+)$/m.exec(metrics.toPrometheus())?.[1] ?? '';
    metrics.userSeen('ann');
    clock.advance(30 * MINUTE);
    metrics.userSeen('bob');
    metrics.userSeen('bob');
    expect(active()).toBe('2');
    clock.advance(31 * MINUTE);
    expect(active()).toBe('1');
    clock.advance(30 * MINUTE);
    metrics.userSeen('cy');
    expect(active()).toBe('1');
    expect(metrics.getMetrics().total_users).toBe(3);
  });

  it('takes any id without throwing, keeps none of them, and takes what is no text or number for nobody', () => {
    const metrics = createMetrics({ service: 'oracle' });
    for (const id of ['', '\ud800', 'x'.repeat(1_000_000), 5, undefined, null, Symbol.for('x')])
      metrics.userSeen(id as string);
    expect(metrics.getMetrics().total_users).toBe(4);
    metrics.userSeen('secret-user-id');
    expect(JSON.stringify(metrics.getMetrics()) + metrics.toPrometheus()).not.toContain('secret-user-id');
  });
});
