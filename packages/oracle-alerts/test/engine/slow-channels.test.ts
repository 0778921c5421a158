import { describe, expect, it } from '@jest/globals';
import { createFakeChannel, createFakeClock, createWorld } from './fake-world.js';

describe('a channel', () => {
  it.each([
    [9, 1],
    [14, 2],
    [19, 2],
  ])(
    'that takes %d s to answer gets %d copies of the first message, and the next one once',
    async (seconds, copies) => {
      const clock = createFakeClock();
      const channel = createFakeChannel();
      const send: typeof channel.send = async (notice, signal) => {
        const delivery = await channel.send(notice, signal);
        await new Promise<void>((resolve) => {
          clock.setTimer(seconds * 1000, resolve);
        });
        return delivery;
      };
      const { engine, up } = createWorld({}, { clock, notifiers: { main: { ...channel, send } } });
      const probe = async (value: 0 | 1): Promise<readonly string[]> => {
        const before = channel.notices.length;
        for (let probes = 0; probes < 60; probes += 1) {
          engine.observe([up(value)]);
          await clock.pass(3000);
        }
        return channel.notices.slice(before).map(({ kind }) => kind);
      };
      await engine.start();
      expect(await probe(0)).toEqual(Array.from({ length: copies }, () => 'fire'));
      expect(await probe(1)).toEqual(['resolve']);
    },
  );

  it('that hangs is tried again every 28 s, and has the message within 30 s when it works again', async () => {
    const { engine, channel, clock, say, up } = createWorld();
    channel.plan(...Array.from({ length: 6 }, () => 'hang' as const));
    await engine.start();
    const sentAt: number[] = [];
    for (let second = 0; second < 200; second += 1) {
      const before = channel.notices.length;
      await say(up(0));
      await clock.pass(999);
      if (channel.notices.length > before) sentAt.push(second);
    }
    expect(sentAt).toHaveLength(7);
    const waits = sentAt.slice(1).map((second, index) => second - (sentAt[index] ?? 0));
    expect(Math.max(...waits)).toBeLessThanOrEqual(29);
    expect(Math.min(...waits.slice(1))).toBeGreaterThan(20);
  });
});
