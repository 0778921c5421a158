import { describe, expect, it } from '@jest/globals';
import { waitFor } from '@nps/testing';
import { createWriteQueue } from '../../src/jobs/write-queue.js';

function setUp(limit = 10) {
  const errors: unknown[] = [];
  return { errors, queue: createWriteQueue({ limit, onError: (error) => errors.push(error) }) };
}

describe('createWriteQueue', () => {
  it('writes in order, one after the other', async () => {
    const { queue } = setUp();
    const order: number[] = [];
    let underWay = 0;
    await Promise.all(
      [1, 2, 3].map((write) =>
        queue.push(async () => {
          expect(++underWay).toBe(1);
          await new Promise((resolve) => setImmediate(resolve));
          order.push(write);
          underWay--;
        }),
      ),
    );
    expect(order).toEqual([1, 2, 3]);
  });

  it('tries again until the write is done, and lets its caller go on after the first try', async () => {
    const { queue, errors } = setUp();
    let tries = 0;
    await queue.push(async () => {
      if (++tries < 3) throw new Error('away');
    });
    expect(tries).toBe(1);
    await waitFor(() => tries === 3, { timeoutMs: 5000 });
    expect(errors).toHaveLength(2);
    await queue.stop(100);
  });

  it('gives up a write that the database will never take, and goes on with the next', async () => {
    const { queue, errors } = setUp();
    const done: string[] = [];
    await Promise.all([
      queue.push(() => Promise.reject(Object.assign(new Error('too long'), { code: '22001' }))),
      queue.push(async () => void done.push('next')),
    ]);
    expect([done, errors.length]).toEqual([['next'], 1]);
  });

  it('drops the oldest beyond its limit and says so', async () => {
    const { queue, errors } = setUp(2);
    const done: number[] = [];
    let open: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    const pushed = [0, 1, 2, 3].map((write) =>
      queue.push(async () => {
        await gate;
        done.push(write);
      }),
    );
    open();
    await Promise.all(pushed);
    // The first two were dropped from the list; the one under way was finished all the same.
    expect(done).toEqual([0, 2, 3]);
    expect(errors).toEqual([
      expect.objectContaining({ code: 'DATABASE' }),
      expect.objectContaining({ code: 'DATABASE' }),
    ]);
  });

  it('stops in the middle of its patience', async () => {
    const { queue } = setUp();
    let tries = 0;
    await queue.push(() => {
      tries++;
      return Promise.reject(new Error('away'));
    });
    const startedAtMs = performance.now();
    await queue.stop(5000);
    expect(performance.now() - startedAtMs).toBeLessThan(2000);
    expect(tries).toBeLessThanOrEqual(2);
  });
});
