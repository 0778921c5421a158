import { describe, expect, it } from '@jest/globals';
import type { Delivery, OutboxNotice, Silence } from '../../src/index.js';
import { createFakeChannel, createWorld } from './fake-world.js';

const kinds = (channel: { readonly notices: readonly { readonly kind: string }[] }): readonly string[] =>
  channel.notices.map(({ kind }) => kind);

describe('the low notice that data stay away', () => {
  it('comes once, after two windows, and resolves nothing', async () => {
    const { engine, channel, clock, say } = createWorld();
    await engine.start();
    const labels = { window: '300' };
    await say(
      { service: 'oracle', signal: 'operations', labels, value: 100, at: 0 },
      { service: 'oracle', signal: 'errors', labels, value: 50, at: 0 },
    );
    await clock.pass(900_000);
    expect(kinds(channel)).toEqual(['fire', 'no_data']);
    expect(channel.notices[1]).toMatchObject({ severity: 'info' });
    expect(engine.alerts()[0]).toMatchObject({ phase: 'no_data', resolvedAt: null });
  });
});

describe('the alerter’s own network', () => {
  it('is asked before a timeout is believed, and its loss is told once when it lasts', async () => {
    let isGood = false;
    let asked = 0;
    const { engine, channel, clock, say, up } = createWorld(
      {},
      {
        connectivity: () => {
          asked += 1;
          return Promise.resolve(isGood);
        },
      },
    );
    await engine.start();
    for (let round = 0; round < 12; round += 1) {
      await say(up(0, 'oracle', 'timeout'), up(0, 'api', 'dns'));
      await clock.pass(10_000);
    }
    expect(engine.status().network).toBe('isolated');
    expect(channel.notices.map(({ rule }) => rule)).toEqual(['monitor']);
    isGood = true;
    await say(up(0, 'oracle', 'timeout'));
    await clock.pass(3000);
    await say(up(0, 'oracle', 'timeout'));
    await clock.pass(3000);
    expect(engine.status().network).toBe('ok');
    expect(channel.notices.map(({ rule }) => rule)).toEqual(['monitor', 'down']);
    expect(asked).toBeGreaterThan(10);
  });

  it('is not doubted when a check throws or hangs, and a refusal needs no check', async () => {
    const { engine, channel, clock, turn, say, up, errors } = createWorld(
      {},
      { connectivity: () => Promise.reject(new Error('no check')) },
    );
    await engine.start();
    await turn(0, 'api');
    await say(up(0, 'oracle', 'timeout'));
    await clock.pass(3000);
    await say(up(0, 'oracle', 'timeout'));
    await clock.pass(3000);
    expect(channel.notices.map(({ services }) => services)).toEqual([['api'], ['oracle']]);
    expect(errors.length).toBeGreaterThan(0);
    const hanging = createWorld({}, { connectivity: () => new Promise(() => undefined) });
    await hanging.engine.start();
    hanging.engine.observe([hanging.up(0, 'oracle', 'timeout')]);
    await hanging.clock.pass(6000);
    hanging.engine.observe([hanging.up(0, 'oracle', 'timeout')]);
    await hanging.clock.pass(9000);
    expect(kinds(hanging.channel)).toEqual(['fire']);
  });
});

describe('a store that is away', () => {
  it('delays no alert however long it hangs: looks for it do not pile up', async () => {
    const { engine, channel, clock, world, say, up } = createWorld();
    await engine.start();
    world.isStoreHanging = true;
    await clock.pass(600_000);
    let seconds = 0;
    for (; channel.notices.length === 0 && seconds < 120; seconds += 3) {
      await say(up(0));
      await clock.pass(2999);
    }
    expect(seconds).toBeLessThanOrEqual(24);
  });

  it('stops no alert, and learns afterwards what was told, without a second page', async () => {
    const { engine, channel, turn, clock, world, errors, open, document } = createWorld();
    await engine.start();
    world.isStoreHanging = true;
    await turn(0);
    await clock.pass(10_000);
    expect(kinds(channel)).toEqual(['fire']);
    expect(engine.status().store).toBe('memory');
    expect(errors.map(String)).toEqual(['AlertsError: expected an answer of the store within 6000 ms, got none']);
    world.isStoreHanging = false;
    await clock.pass(10_000);
    expect(engine.status().store).toBe('ok');
    expect((document['events'] as { kind: string }[]).map(({ kind }) => kind)).toEqual(['fired']);
    await engine.stop();
    const next = open();
    await next.start();
    for (let round = 0; round < 4; round += 1) {
      next.observe([{ service: 'oracle', signal: 'up', labels: { reason: 'refused' }, value: 0, at: 0 }]);
      await clock.pass(10_000);
    }
    expect(kinds(channel)).toEqual(['fire']);
    await next.stop();
  });

  it('that went away between a message and the record of it causes no second copy on its return', async () => {
    const { engine, channel, turn, clock, world, document } = createWorld();
    await engine.start();
    let accept: (delivery: Delivery) => void = () => undefined;
    channel.plan(new Promise<Delivery>((resolve) => (accept = resolve)));
    await turn(0);
    await clock.pass(100);
    expect(Object.values(document['notices'] as Record<string, OutboxNotice>)).toMatchObject([{ state: 'sending' }]);
    world.isStoreDown = true;
    accept({ result: 'delivered' });
    await clock.pass(5000);
    world.isStoreDown = false;
    await clock.pass(20_000);
    expect(engine.status().store).toBe('ok');
    expect(kinds(channel)).toEqual(['fire']);
    expect(Object.values(document['notices'] as Record<string, OutboxNotice>)).toMatchObject([{ state: 'delivered' }]);
    await engine.stop();
  });

  it('at the start is waited for, then alerting begins without it', async () => {
    const { engine, turn, clock, world, channel, roles } = createWorld();
    world.isStoreDown = true;
    await engine.start();
    expect(engine.status().role).toBe('standby');
    await clock.pass(11_000);
    expect(roles).toEqual([]);
    await clock.pass(2000);
    expect(roles).toEqual(['leader']);
    await turn(0);
    expect(kinds(channel)).toEqual(['fire']);
    world.isStoreDown = false;
    await clock.pass(10_000);
    expect(engine.status()).toMatchObject({ store: 'ok', role: 'leader', epoch: 1 });
    await engine.stop();
  });

  it.each(['isStoreDown', 'isStoreHanging'] as const)(
    'at the start of both leaves time to tell an outage within 30 s (%s)',
    async (fault) => {
      const { engine, up, clock, world, channel } = createWorld();
      world[fault] = true;
      void engine.start();
      for (let second = 0; second < 30; second += 3) {
        engine.observe([up(0)]);
        await clock.pass(3000);
      }
      expect(kinds(channel)).toEqual(['fire']);
    },
  );

  it('leaves a standby quiet for as long as the leader may be trusted, then it tells what is new', async () => {
    const { engine, channel, clock, world, open, up } = createWorld();
    const other = createFakeChannel();
    const standby = open({ owner: 'two' }, { notifiers: { main: other } });
    await engine.start();
    await standby.start();
    expect(standby.status().role).toBe('standby');
    world.isStoreDown = true;
    await engine.stop();
    await clock.pass(70_000);
    expect(standby.status().role).toBe('leader');
    const down = async (service: string): Promise<void> => {
      for (let round = 0; round < 3; round += 1) {
        standby.observe([up(0, service)]);
        await clock.pass(3000);
      }
    };
    await down('oracle');
    expect(kinds(other)).toEqual([]);
    await clock.pass(30_000);
    await down('api');
    expect(other.notices.map(({ services }) => services)).toEqual([['api']]);
    expect(kinds(channel)).toEqual([]);
    await standby.stop();
  });
});

describe('two replicas', () => {
  it('have one voice: the one that lost the lead says nothing more', async () => {
    const { engine, channel, clock, turn, open, document, roles } = createWorld();
    const other = open({ owner: 'two' }, { onRole: () => undefined });
    await engine.start();
    await other.start();
    // Somebody else took the lead while this one stood still.
    document['leader'] = { owner: 'two', epoch: 7, beat: 0 };
    await turn(0);
    expect(kinds(channel)).toEqual([]);
    expect(engine.status()).toMatchObject({ role: 'standby', epoch: null });
    expect(roles).toEqual(['leader', 'standby']);
    await clock.pass(1000);
    await other.stop();
    await engine.stop();
  });
});

describe('a clock that jumps', () => {
  it('moves neither cooldowns nor silences, and what is stored is dated anew', async () => {
    const { engine, channel, clock, turn, document } = createWorld();
    await engine.start();
    await turn(0);
    clock.jump(-3_600_000);
    await clock.pass(2000);
    const [record] = Object.values(document['alerts'] as Record<string, { lastFireAt: number }>);
    expect(Math.abs((record?.lastFireAt ?? 0) - clock.wallMs())).toBeLessThan(60_000);
    await turn(1);
    await turn(0);
    expect(kinds(channel)).toEqual(['fire', 'resolve']);
    await clock.pass(290_000);
    await turn(0);
    await clock.pass(20_000);
    expect(kinds(channel)).toEqual(['fire', 'resolve', 'fire']);
  });

  it.each([
    ['forward, noticed in time', 86_400_000, 6000],
    ['back, noticed in time', -86_400_000, 6000],
    ['back, just before the end', -86_400_000, 0],
  ])('does not end a silence over a restart: %s', async (_what, jumpMs, livesOnMs) => {
    const { engine, channel, clock, open, document, up } = createWorld();
    await engine.start();
    await engine.silence({ id: 's', matcher: {}, durationMs: 300_000, createdBy: 'ann' });
    await clock.pass(20_000);
    clock.jump(jumpMs);
    await clock.pass(livesOnMs);
    clock.kill();
    const next = open();
    await next.start();
    next.observe([up(0)]);
    await clock.pass(3000);
    next.observe([up(0)]);
    await clock.pass(150_000);
    expect(kinds(channel)).toEqual([]);
    const { startsAt, endsAt } = (document['silences'] as Record<string, Silence>)['id:s'] as Silence;
    expect(startsAt).toBeLessThanOrEqual(clock.wallMs());
    expect(endsAt - startsAt).toBe(300_000);
    await clock.pass(200_000);
    expect(kinds(channel)).toEqual(['fire']);
  });
});

describe('delivery', () => {
  it('by a channel that refuses goes to the fallback at once, and is tried again rarely', async () => {
    const main = createFakeChannel();
    const backup = createFakeChannel();
    const refusal = { result: 'rejected', reason: 'HTTP 401' } as const;
    const { engine, clock, turn } = createWorld(
      { routes: [{ channels: ['main'], fallback: 'backup' }] },
      { notifiers: { main, backup } },
    );
    main.plan(refusal, refusal, refusal);
    await engine.start();
    await turn(0);
    await clock.pass(2000);
    expect(kinds(backup)).toEqual(['fire']);
    expect(engine.status().channels[0]).toMatchObject({ state: 'failing', rejected: 1, lastFailure: 'HTTP 401' });
    await clock.pass(600_000);
    expect(kinds(main)).toEqual(['fire', 'fire', 'fire', 'fire']);
    await turn(1);
    expect(kinds(backup)).toEqual(['fire', 'resolve']);
    expect(kinds(main).at(-1)).toBe('resolve');
  });

  it('of a recovery that is refused is tried again, so that the last word is the truth', async () => {
    const { engine, clock, turn, channel } = createWorld();
    await engine.start();
    await turn(0);
    channel.plan({ result: 'rejected', reason: 'HTTP 400' });
    await turn(1);
    await clock.pass(90_000);
    expect(kinds(channel)).toEqual(['fire', 'resolve', 'resolve']);
  });

  it('makes a digest of what is more than the minute allows, and keeps the order of each alert', async () => {
    const main = createFakeChannel({ pace: { perMinute: 3, gapMs: 100 } });
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
    const { engine, clock } = createWorld({ services: [], groupThreshold: 100 }, { notifiers: { main } });
    await engine.start();
    for (let round = 0; round < 2; round += 1) {
      engine.observe(
        names.map((service) => ({ service, signal: 'up', labels: { reason: 'refused' }, value: 0, at: 0 })),
      );
      await clock.pass(1000);
    }
    await clock.pass(70_000);
    expect(main.notices.flatMap(({ services }) => services).sort()).toEqual(names);
    expect(main.notices.length).toBeLessThanOrEqual(4);
  });

  it('keeps a message for each alert where a channel cannot merge', async () => {
    const main = createFakeChannel({ grouping: 'single' });
    const names = Array.from({ length: 8 }, (_, index) => `s${index}`);
    const { engine, clock } = createWorld({ services: [] }, { notifiers: { main } });
    await engine.start();
    for (let round = 0; round < 2; round += 1) {
      engine.observe(names.map((service) => ({ service, signal: 'up', labels: {}, value: 0, at: 0 })));
      await clock.pass(3000);
    }
    expect(main.notices).toHaveLength(8);
    expect(new Set(main.notices.map(({ dedupKey }) => dedupKey)).size).toBe(8);
  });

  it('goes where the routes say', async () => {
    const [main, quiet] = [createFakeChannel(), createFakeChannel()];
    const routes = [
      { severities: ['critical' as const], services: ['api'], channels: ['main', 'missing'] },
      { rules: ['disk'], channels: ['quiet'] },
    ];
    const { engine, turn } = createWorld({ routes }, { notifiers: { main, quiet } });
    await engine.start();
    await turn(0, 'oracle');
    await turn(0, 'api');
    expect(main.notices.map(({ services }) => services)).toEqual([['api']]);
    expect(quiet.notices).toEqual([]);
  });
});
