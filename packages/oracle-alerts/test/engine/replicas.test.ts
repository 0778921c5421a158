import { describe, expect, it } from '@jest/globals';
import { mustYield, snapshotOf, wordOfOthers } from '../../src/engine/other-replicas.js';
import {
  type AlertEngine,
  type Clock,
  createAlertEngine,
  createDocumentStore,
  defaultRules,
  type ReplicaAnswer,
} from '../../src/index.js';
import { createFakeChannel, createFakeClock, type FakeChannel } from './fake-world.js';

interface Replica {
  readonly name: string;
  readonly engine: AlertEngine;
  state: 'alive' | 'frozen' | 'dead';
  /** Whether the others get a refusal from where it was, or nothing at all. */
  isHostAlive: boolean;
  canReachStore: boolean;
  /** What it gets of a store that it cannot reach. */
  lost: 'refusal' | 'nothing';
  readonly deferred: (() => void)[];
}

/** Two replicas, a store that both, one or none can reach, and a service that both look at every 5 s while they lead. */
async function createPair() {
  const clock = createFakeClock();
  const document: Record<string, unknown> = {};
  const channel: FakeChannel = createFakeChannel();
  const world = { value: 1 as 0 | 1, isStoreUp: true, answerAfterMs: 0 };
  const replicas: Replica[] = [];
  /** Arrives at once; the answer may take its time. */
  const sendSlowly: FakeChannel['send'] = async (notice, signal) => {
    const delivery = await channel.send(notice, signal);
    if (world.answerAfterMs > 0)
      await new Promise<void>((resolve) => {
        clock.setTimer(world.answerAfterMs, resolve);
      });
    return delivery;
  };
  const open = (name: string): Replica => {
    const own: Clock = {
      ...clock,
      setTimer: (delayMs, fn) =>
        clock.setTimer(delayMs, () => {
          if (replica.state === 'alive') fn();
          if (replica.state === 'frozen') replica.deferred.push(fn);
        }),
    };
    const store = createDocumentStore({
      transact: async (fn) => {
        const isReached = world.isStoreUp && replica.canReachStore;
        if (!isReached && replica.lost === 'nothing') await new Promise(() => undefined);
        if (!isReached) throw new Error('the store is away');
        return fn(document);
      },
      monotonicMs: clock.monotonicMs,
    });
    const engine = createAlertEngine(
      { services: [{ name: 'oracle' }], rules: defaultRules(), owner: name },
      {
        clock: own,
        store,
        notifiers: { main: { ...channel, send: sendSlowly } },
        onError: () => undefined,
        askReplicas: (takingOver) => ask(name, takingOver),
        random: () => 0.5,
      },
    );
    const replica: Replica = {
      name,
      engine,
      state: 'alive',
      isHostAlive: true,
      canReachStore: true,
      lost: 'refusal',
      deferred: [],
    };
    replicas.push(replica);
    return replica;
  };
  const ask = async (asking: string, takingOver?: number): Promise<readonly ReplicaAnswer[]> =>
    Promise.all(
      replicas
        .filter(({ name }) => name !== asking)
        .map(async ({ name, engine, state, isHostAlive }): Promise<ReplicaAnswer> => {
          if (state !== 'alive' || !isHostAlive)
            return { name, word: state === 'dead' && isHostAlive ? 'gone' : 'silent' };
          const answer = takingOver === undefined ? engine.replica() : await engine.yieldTo(takingOver);
          return { name, word: 'answered', state: structuredClone(answer) };
        }),
    );
  const pass = async (seconds: number): Promise<void> => {
    for (let second = 0; second < seconds; second += 1) {
      for (const { engine, state } of second % 3 === 0 ? replicas : [])
        if (state === 'alive')
          engine.observe([
            { service: 'oracle', signal: 'up', labels: { reason: 'refused' }, value: world.value, at: 0 },
          ]);
      await clock.pass(1000);
    }
  };
  const [first, second] = [open('a'), open('b')];
  await first.engine.start();
  await second.engine.start();
  await pass(20);
  const told = (): readonly string[] => channel.notices.map(({ kind }) => kind);
  const roles = (): readonly string[] => replicas.map(({ engine }) => engine.status().role);
  expect(roles()).toEqual(['leader', 'standby']);
  return { world, first, second, pass, told, roles };
}

describe('two replicas without their store', () => {
  it('speak with one voice for as long as both live, and go on so when the store is back', async () => {
    const { world, pass, told, roles } = await createPair();
    world.isStoreUp = false;
    await pass(120);
    world.value = 0;
    await pass(400);
    world.value = 1;
    await pass(100);
    expect(told()).toEqual(['fire', 'resolve']);
    expect(roles()).toEqual(['leader', 'standby']);
    world.isStoreUp = true;
    await pass(60);
    expect(told()).toEqual(['fire', 'resolve']);
    expect(roles()).toEqual(['leader', 'standby']);
  });

  it('pass on what was told when the one that speaks is killed: no second fire, and the recovery is told', async () => {
    const { world, first, pass, told, roles } = await createPair();
    world.isStoreUp = false;
    await pass(60);
    world.value = 0;
    await pass(60);
    expect(told()).toEqual(['fire']);
    first.state = 'dead';
    await pass(15);
    expect(roles()[1]).toBe('leader');
    await pass(400);
    expect(told()).toEqual(['fire']);
    world.value = 1;
    await pass(20);
    expect(told()).toEqual(['fire', 'resolve']);
    world.isStoreUp = true;
    await pass(60);
    expect(told()).toEqual(['fire', 'resolve']);
  });

  it('tell an outage that begins with the death of the one that spoke, within 30 s', async () => {
    const { world, first, pass, told } = await createPair();
    world.isStoreUp = false;
    await pass(90);
    first.state = 'dead';
    world.value = 0;
    await pass(30);
    expect(told()).toEqual(['fire']);
  });

  it('tell within 30 s what goes down with the machine of both leader and store, and recover what was told before', async () => {
    const { world, first, pass, told } = await createPair();
    first.state = 'dead';
    first.isHostAlive = false;
    world.isStoreUp = false;
    world.value = 0;
    await pass(30);
    expect(told()).toEqual(['fire']);
    const again = await createPair();
    again.world.value = 0;
    await again.pass(30);
    again.first.state = 'dead';
    again.first.isHostAlive = false;
    again.world.isStoreUp = false;
    again.world.value = 1;
    await again.pass(60);
    expect(again.told()).toEqual(['fire', 'resolve']);
  });

  it('keep quiet one after the other: who wakes up leaves the word to who spoke meanwhile', async () => {
    const { world, first, pass, told, roles } = await createPair();
    world.isStoreUp = false;
    await pass(60);
    first.state = 'frozen';
    world.value = 0;
    await pass(60);
    expect(told()).toEqual(['fire']);
    first.state = 'alive';
    for (const fn of first.deferred.splice(0)) fn();
    await pass(60);
    expect(roles()).toEqual(['standby', 'leader']);
    world.value = 1;
    await pass(60);
    world.isStoreUp = true;
    await pass(60);
    expect(told()).toEqual(['fire', 'resolve']);
    expect(roles()).toEqual(['standby', 'leader']);
  });

  it('leave the word to the one that has the store, which knows what the other told without it', async () => {
    const { world, first, pass, told, roles } = await createPair();
    first.canReachStore = false;
    world.value = 0;
    await pass(60);
    expect(roles()).toEqual(['standby', 'leader']);
    await pass(300);
    world.value = 1;
    await pass(60);
    expect(told()).toEqual(['fire', 'resolve']);
    first.canReachStore = true;
    await pass(60);
    expect(roles()).toEqual(['standby', 'leader']);
  });

  it.each([
    ['refusal', 0],
    ['nothing', 0],
    ['nothing', 1200],
  ] as const)(
    'tell an outage once at whatever moment it begins, when the leader gets a %s from its store and its channel answers in %d ms',
    async (lost, answerAfterMs) => {
      for (let second = 0; second < 30; second += 1) {
        const { world, first, pass, told, roles } = await createPair();
        world.answerAfterMs = answerAfterMs;
        first.lost = lost;
        first.canReachStore = false;
        await pass(second);
        world.value = 0;
        await pass(60);
        expect([second, ...told(), ...roles()]).toEqual([second, 'fire', 'standby', 'leader']);
        world.value = 1;
        await pass(60);
        first.canReachStore = true;
        await pass(60);
        expect([second, ...told()]).toEqual([second, 'fire', 'resolve']);
      }
    },
  );

  it('do not wait for a standby that is cut off from the store alone', async () => {
    const { world, second, pass, told, roles } = await createPair();
    second.canReachStore = false;
    await pass(120);
    world.value = 0;
    await pass(60);
    expect(roles()).toEqual(['leader', 'standby']);
    expect(told()).toEqual(['fire']);
  });
});

const snapshot = { alerts: [], notices: [], tellings: [] };
const leads = (
  name: string,
  more: Partial<Extract<ReplicaAnswer, { state: object }>['state']> = {},
): ReplicaAnswer => ({
  name,
  word: 'answered',
  state: { role: 'leader', epoch: 1, store: 'memory', isEvaluating: true, snapshot, ...more },
});

describe('the answers of others', () => {
  it('mean that somebody speaks, that nobody does, or that nobody knows', () => {
    expect(wordOfOthers([])).toBe('unknown');
    expect(wordOfOthers([{ name: 'b', word: 'silent' }, leads('c')])).toBe('led');
    expect(wordOfOthers([{ name: 'b', word: 'gone' }, leads('c', { role: 'standby', snapshot: null })])).toBe('free');
    expect(
      wordOfOthers([
        { name: 'b', word: 'gone' },
        { name: 'c', word: 'silent' },
      ]),
    ).toBe('unknown');
    expect(wordOfOthers([leads('b', { isEvaluating: false })])).toBe('free');
    expect(snapshotOf([{ name: 'b', word: 'gone' }, leads('c')])).toBe(snapshot);
    expect(snapshotOf([])).toBeNull();
  });

  it('let exactly one of two that speak go on', () => {
    const claim = (name: string, epoch: number | null, stoodStill = false) => ({ name, epoch, stoodStill });
    expect(mustYield([leads('b', { store: 'ok', epoch: 1 })], claim('a', 9))).toBe(true);
    expect(mustYield([leads('b', { epoch: 3 })], claim('a', 2))).toBe(true);
    expect(mustYield([leads('b', { epoch: null })], claim('a', 2))).toBe(false);
    expect(mustYield([leads('b', { epoch: null })], claim('a', null))).toBe(false);
    expect(mustYield([leads('a', { epoch: null })], claim('b', null))).toBe(true);
    expect(mustYield([leads('b', { epoch: null })], claim('a', 2, true))).toBe(true);
    expect(mustYield([{ name: 'b', word: 'silent' }], claim('a', null, true))).toBe(false);
  });
});
