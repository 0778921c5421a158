import { describe, expect, it } from '@jest/globals';
import {
  createAlertEngine,
  createMemoryStore,
  createSystemClock,
  defaultRules,
  type Observation,
} from '../../src/index.js';
import { createFakeChannel, createWorld, settle } from './fake-world.js';

const kinds = (channel: { readonly notices: readonly { readonly kind: string }[] }): readonly string[] =>
  channel.notices.map(({ kind }) => kind);

/** One reading that still runs after 12 s. */
const reading = (id: string): Observation => ({
  service: 'oracle',
  signal: 'reading_seconds',
  labels: { id, state: 'running' },
  value: 12,
  at: 0,
});

describe('an engine', () => {
  it('tells an outage and its end once, and shows both', async () => {
    const { engine, channel, turn, roles } = createWorld();
    await engine.start();
    await turn(0);
    expect(kinds(channel)).toEqual(['fire']);
    expect(engine.alerts()[0]).toMatchObject({
      phase: 'firing',
      rule: 'down',
      service: 'oracle',
      announcedAt: expect.stringMatching(/Z$/),
    });
    expect(engine.status()).toMatchObject({ role: 'leader', firing: 1, store: 'ok', network: 'ok', outboxWaiting: 0 });
    await turn(1);
    expect(kinds(channel)).toEqual(['fire', 'resolve']);
    expect(channel.notices[1]?.endedAt).toBeGreaterThan(channel.notices[1]?.startedAt ?? 0);
    await engine.stop();
    await engine.stop();
    expect(roles).toEqual(['leader', 'standby']);
    expect(engine.status().channels[0]).toMatchObject({ delivered: 2, state: 'ok' });
    expect(engine.status().deliverySeconds).toHaveLength(2);
  });

  it('does nothing before its start and after its stop', async () => {
    const { engine, channel, turn } = createWorld();
    await turn(0);
    expect(kinds(channel)).toEqual([]);
    await engine.stop();
    await engine.start();
    await turn(0);
    expect(kinds(channel)).toEqual([]);
  });

  it('stores the present figures of what is open with every full comparison', async () => {
    const { engine, clock, say, document } = createWorld();
    await engine.start();
    const labels = { window: '300' };
    const rate = async (errors: number): Promise<void> =>
      say(
        { service: 'oracle', signal: 'operations', labels, value: 100, at: 0 },
        { service: 'oracle', signal: 'errors', labels, value: errors, at: 0 },
      );
    await rate(10);
    await rate(40);
    await clock.pass(11_000);
    expect(Object.values(document['alerts'] as object)).toMatchObject([{ rule: 'error_rate', value: 0.4 }]);
  });

  it('runs on the clock of the machine too, and leaves nothing behind', async () => {
    const channel = createFakeChannel();
    const engine = createAlertEngine(
      { services: [], rules: defaultRules(), groupWaitMs: 1 },
      {
        clock: createSystemClock(),
        store: createMemoryStore(),
        notifiers: { main: channel },
        onError: () => undefined,
      },
    );
    await engine.start();
    await engine.start();
    for (let count = 0; count < 2; count += 1)
      engine.observe([{ service: 'x', signal: 'up', labels: {}, value: 0, at: 0 }]);
    await engine.settled();
    while (channel.notices.length === 0) await settle();
    await engine.stop();
    expect(kinds(channel)).toEqual(['fire']);
  });

  it('waits at its stop for a message under way, but not for ever', async () => {
    const { engine, channel, turn, clock, document } = createWorld();
    await engine.start();
    channel.plan('hang');
    await turn(0);
    const stopped = engine.stop();
    await clock.pass(5000);
    await stopped;
    // Given up and not lost: the next one to lead sends it again, and does not take it for the work of a dead sender.
    expect(Object.values(document['notices'] as object)).toMatchObject([
      { state: 'waiting', failure: 'stopped before the answer', lostAttempts: 0 },
    ]);
  });

  it('reports what its outside does wrong and goes on', async () => {
    const { engine, channel, turn, clock, errors } = createWorld();
    await engine.start();
    channel.plan('throw');
    await turn(0);
    await clock.pass(5000);
    expect(errors.map(String)).toEqual(['Error: a bug of the notifier']);
    expect(kinds(channel)).toEqual(['fire', 'fire']);
    expect(channel.notices[1]?.id).toBe(channel.notices[0]?.id);
    expect(channel.notices.map(({ attempt }) => attempt)).toEqual([1, 2]);
  });
});

describe('people', () => {
  it('silence a service for a while, from this process or another', async () => {
    const { engine, channel, turn, clock, document } = createWorld();
    await engine.start();
    const silence = await engine.silence({ matcher: { service: 'oracle' }, durationMs: 60_000, createdBy: 'ann' });
    await turn(0);
    await turn(0, 'api');
    expect(channel.notices.map(({ services }) => services)).toEqual([['api']]);
    expect(Object.keys(document['silences'] as object)).toHaveLength(1);
    await engine.unsilence(silence.id);
    await clock.pass(3000);
    expect(channel.notices.map(({ services }) => services)).toEqual([['api'], ['oracle']]);
  });

  it('acknowledge an alert: reminders stop, the recovery comes', async () => {
    const { engine, channel, turn, clock, document } = createWorld({
      rules: defaultRules().map((rule) =>
        rule.name === 'down' ? Object.assign({}, rule, { repeatSeconds: 120 }) : rule,
      ),
    });
    await engine.start();
    await expect(engine.acknowledge({ key: 'nothing', by: 'ann' })).rejects.toMatchObject({ code: 'UNKNOWN_ALERT' });
    await turn(0);
    await clock.pass(130_000);
    expect(kinds(channel)).toEqual(['fire', 'reminder']);
    const [alert] = engine.alerts();
    await engine.acknowledge({ key: alert?.key ?? '', by: 'ann', durationMs: 300_000 });
    expect(engine.alerts()[0]).toMatchObject({ acknowledgedBy: 'ann' });
    await clock.pass(250_000);
    expect(kinds(channel)).toEqual(['fire', 'reminder']);
    await clock.pass(120_000);
    expect(kinds(channel)).toEqual(['fire', 'reminder', 'reminder']);
    await turn(1);
    expect(kinds(channel).at(-1)).toBe('resolve');
    expect(engine.alerts()[0]?.acknowledgedBy).toBeNull();
    const events = document['events'] as { kind: string; detail?: string }[];
    expect(events.find((event) => event.kind === 'acknowledged')).toMatchObject({ detail: 'ann' });
  });

  it('keep their silence while the store is away; it is stored afterwards', async () => {
    const { engine, channel, turn, clock, world, document } = createWorld();
    await engine.start();
    world.isStoreDown = true;
    await engine.silence({ id: 's', matcher: {}, durationMs: 600_000, createdBy: 'ann', comment: 'works' });
    await turn(0);
    world.isStoreDown = false;
    await clock.pass(10_000);
    expect(kinds(channel)).toEqual([]);
    expect(document['silences']).toMatchObject({ 'id:s': { comment: 'works' } });
  });

  it('drill every channel through the real outbox', async () => {
    const slow = createFakeChannel();
    const dead = createFakeChannel();
    const silent = createFakeChannel();
    const { engine, clock, channel } = createWorld({}, {});
    const drilled = createWorld({}, { notifiers: { main: channel, slow, dead, silent } });
    await engine.stop();
    await drilled.engine.start();
    slow.plan({ result: 'retry', reason: 'HTTP 500' });
    dead.plan({ result: 'rejected', reason: 'HTTP 401' });
    silent.plan('hang', 'hang', 'hang', 'hang');
    const drill = drilled.engine.drill(15_000);
    await drilled.clock.pass(20_000);
    const results = await drill;
    expect(results.map(({ channel: name, result, reason }) => ({ name, result, reason }))).toEqual([
      { name: 'main', result: 'delivered', reason: undefined },
      { name: 'slow', result: 'delivered', reason: undefined },
      { name: 'dead', result: 'failed', reason: 'HTTP 401' },
      { name: 'silent', result: 'failed', reason: 'no answer in time' },
    ]);
    expect(results[1]?.latencyMs).toBeGreaterThan(500);
    expect(results[0]?.messageId).toBe('1');
    expect(channel.notices[0]?.message.title).toBe('ℹ️ INFO: [TEST] This is a fire drill: alerts reach this channel');
    expect(clock.monotonicMs()).toBe(0);
  });
});

describe('a new configuration', () => {
  it('closes the alerts of services that are gone, which is not a recovery', async () => {
    const { engine, channel, turn, clock } = createWorld();
    await engine.start();
    await turn(0);
    await engine.reconfigure({ services: [{ name: 'api' }], rules: defaultRules() });
    await clock.pass(3000);
    expect(kinds(channel)).toEqual(['fire', 'closed']);
    expect(channel.notices[1]?.message.title).toBe('ℹ️ INFO: Oracle down closed: source gone');
    expect(engine.alerts()).toEqual([]);
  });

  it('closes the alerts of rules that are gone', async () => {
    const { engine, channel, turn, clock } = createWorld();
    await engine.start();
    await turn(0);
    await engine.reconfigure({
      services: [{ name: 'oracle' }],
      rules: [],
      routes: [{ channels: ['main'] }],
      maintenance: [],
    });
    await clock.pass(3000);
    expect(kinds(channel)).toEqual(['fire', 'closed']);
  });

  it('closes the alerts of rules that were taken out while it was away, in channels that keep state as well', async () => {
    const pager = createFakeChannel({ isStateful: true });
    const { channel, clock, open } = createWorld();
    const notifiers = { main: channel, pager };
    const first = open({}, { notifiers });
    await first.start();
    first.observe([{ service: 'oracle', signal: 'up', labels: { reason: 'refused' }, value: 0, at: 0 }]);
    await clock.pass(3000);
    first.observe([{ service: 'oracle', signal: 'up', labels: { reason: 'refused' }, value: 0, at: 0 }]);
    await clock.pass(3000);
    await first.stop();
    const next = open({ rules: defaultRules().filter(({ name }) => name !== 'down') }, { notifiers });
    await next.start();
    await clock.pass(3000);
    expect([kinds(channel), kinds(pager)]).toEqual([
      ['fire', 'closed'],
      ['fire', 'closed'],
    ]);
    const [fire, closed] = pager.notices;
    expect(closed?.message.title).toBe('ℹ️ INFO: Oracle down closed: source gone');
    expect([closed?.dedupKey, closed?.alertSeverity]).toEqual([fire?.dedupKey, fire?.alertSeverity]);
    expect(next.alerts()).toEqual([]);
    await next.stop();
  });

  it('finds the alerts of services that were removed while it was away', async () => {
    const { engine, channel, turn, clock, open } = createWorld();
    await engine.start();
    await turn(0);
    await engine.stop();
    const next = open({ services: [{ name: 'api' }] });
    await next.start();
    await clock.pass(3000);
    expect(kinds(channel)).toEqual(['fire', 'closed']);
    await next.stop();
  });

  it('does not tell of slow readings of long ago after a restart', async () => {
    const { engine, channel, say, clock, open } = createWorld();
    await engine.start();
    await say(reading('first'));
    await clock.pass(3000);
    await say(reading('first'), reading('held in the cooldown'));
    await clock.pass(60_000); // neither is seen any more
    await engine.stop();
    const fires = kinds(channel).length;
    await clock.pass(30 * 60_000);

    const next = open();
    await next.start();
    await say({ service: 'oracle', signal: 'up', labels: {}, value: 1, at: 0 });
    await clock.pass(60_000);
    expect(fires).toBe(1);
    expect(kinds(channel)).toHaveLength(fires);
    await next.stop();
  });

  it('says once that readings are held, however many come and go meanwhile', async () => {
    const { engine, channel, say, clock, document } = createWorld();
    await engine.start();
    for (let second = 0; second < 100; second += 5) {
      await say(reading(`r${second}`));
      await clock.pass(5000);
    }
    expect(kinds(channel)).toEqual(['fire']);
    const held = JSON.stringify(document).match(/"kind":"held"/g) ?? [];
    expect(held.length).toBeLessThanOrEqual(1);
    await engine.stop();
  });

  it('with other rules judges by those', async () => {
    const { engine, channel, clock, say } = createWorld();
    await engine.start();
    const disk = (value: number) => ({ service: 'oracle', signal: 'disk_used_ratio', labels: {}, value, at: 0 });
    await engine.reconfigure({
      services: [{ name: 'oracle', displayName: 'Seer' }],
      rules: defaultRules({ diskRatio: 0.5 }),
    });
    await say(disk(0.6));
    await say(disk(0.6));
    await clock.pass(3000);
    expect(channel.notices[0]?.message.title).toBe('⚠️ WARNING: Seer disk space low: 60% used (threshold: 50%)');
  });
});
