import { describe, expect, it } from '@jest/globals';
import type { OutboxNotice } from '../../src/index.js';
import { createWorld } from './fake-world.js';

const kinds = (channel: { readonly notices: readonly { readonly kind: string }[] }): readonly string[] =>
  channel.notices.map(({ kind }) => kind);

describe('senders that die', () => {
  /** Each life sends what is under way and ends like kill -9: its channel never answers, its clock goes on without it. */
  async function lives(count: number, lifeMs: number) {
    const { engine, channel, clock, say, up, document, errors, open } = createWorld();
    channel.plan(...Array.from({ length: count }, () => 'hang' as const));
    const notice = (): OutboxNotice | undefined =>
      Object.values(document['notices'] as Record<string, OutboxNotice>).find(({ kind }) => kind === 'fire');
    await engine.start();
    await say(up(0));
    await clock.pass(3000);
    await say(up(0));
    for (let life = 1; life <= count; life += 1) {
      if (life > 1) await open().start();
      for (let ms = 0; ms < 30_000 && channel.notices.length < life; ms += 1) await clock.pass(1);
      await clock.pass(lifeMs);
      clock.kill();
    }
    let last = open();
    await last.start();
    await clock.pass(60_000);
    const restart = async (): Promise<void> => {
      clock.kill();
      last = open();
      await last.start();
    };
    const probe = async (value: 0 | 1, seconds: number): Promise<void> => {
      for (let second = 0; second < seconds; second += 10) {
        last.observe([up(value)]);
        await clock.pass(10_000);
      }
    };
    return { copies: kinds(channel).length, notice: notice(), errors, document, channel, probe, restart };
  }

  it('once with the answer under way: it is sent a second time', async () => {
    const { copies, notice, errors } = await lives(1, 50);
    expect(copies).toBe(2);
    expect(notice).toMatchObject({ state: 'delivered', lostAttempts: 0 });
    expect(errors).toEqual([]);
  });

  it('twice with the answer under way: no third copy is sent, and both log and outbox say why', async () => {
    const { copies, notice, errors, document } = await lives(2, 50);
    expect(copies).toBe(2);
    expect(notice).toMatchObject({ state: 'unconfirmed', failure: '2 senders died before the answer' });
    expect(errors.map(String)).toEqual([
      expect.stringContaining(
        'a third copy is not sent; while the alert lasts, a reminder follows in an hour: main: 🚨 CRITICAL',
      ),
    ]);
    const tellings = Object.values(document['tellings'] as Record<string, { acceptedAt: number | null }>);
    expect(tellings).toMatchObject([{ state: 'refused', acceptedAt: expect.any(Number) }]);
  });

  it('twice are followed by one new message after an hour when the outage still lasts', async () => {
    const { channel, probe } = await lives(2, 50);
    await probe(0, 3500);
    expect(kinds(channel)).toEqual(['fire', 'fire']);
    await probe(0, 900);
    expect(kinds(channel)).toEqual(['fire', 'fire', 'fire']);
    expect(new Set(channel.notices.map(({ id }) => id)).size).toBe(2);
    await probe(1, 30);
    expect(kinds(channel)).toEqual(['fire', 'fire', 'fire', 'resolve']);
  });

  it('twice are followed by nothing else within that hour, however often the alerter is started anew', async () => {
    const { channel, probe, restart } = await lives(2, 50);
    for (let life = 0; life < 8; life += 1) {
      await restart();
      await probe(0, 400);
    }
    expect(kinds(channel)).toEqual(['fire', 'fire']);
    await probe(0, 900);
    expect(kinds(channel)).toEqual(['fire', 'fire', 'fire']);
  });

  it('twice leave a message that may have been read: the end is told at once, and nothing after it', async () => {
    const { channel, probe } = await lives(2, 50);
    await probe(1, 30);
    expect(kinds(channel)).toEqual(['fire', 'fire', 'resolve']);
    await probe(1, 600);
    expect(kinds(channel)).toEqual(['fire', 'fire', 'resolve']);
  });

  it('within a millisecond of their sending, again and again, send no third copy either', async () => {
    const { copies, notice } = await lives(2, 0);
    expect(copies).toBe(2);
    expect(notice).toMatchObject({ state: 'unconfirmed' });
  });

  it('before they took it have sent nothing: it is sent until it arrives', async () => {
    const { engine, channel, clock, say, up, document, open } = createWorld();
    await engine.start();
    await say(up(0));
    await clock.pass(3000);
    await say(up(0));
    for (let life = 1; life <= 4; life += 1) {
      await clock.pass(100);
      clock.kill();
      expect(Object.values(document['notices'] as Record<string, OutboxNotice>)).toMatchObject([{ state: 'waiting' }]);
      await open().start();
    }
    await clock.pass(60_000);
    expect(kinds(channel)).toEqual(['fire']);
  });
});
