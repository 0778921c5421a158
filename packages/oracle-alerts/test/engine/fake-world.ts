import type {
  AlertStore,
  Clock,
  Delivery,
  EngineConfig,
  EngineDeps,
  Notice,
  Notifier,
  Observation,
} from '../../src/index.js';
import { createAlertEngine, createDocumentStore, defaultRules } from '../../src/index.js';

/** A clock that moves only when it is told to. Promises settle between any two timers. */
export interface FakeClock extends Clock {
  /** Moves on by so many ms, timer by timer. */
  pass(ms: number): Promise<void>;
  /** Forgets every timer: whoever waited for one is dead. */
  kill(): void;
  /** Moves the wall clock alone. */
  jump(ms: number): void;
}

export async function settle(): Promise<void> {
  for (let round = 0; round < 3; round += 1) {
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
}

export function createFakeClock(): FakeClock {
  let nowMs = 0;
  let jumpMs = 0;
  const timers = new Map<object, { readonly dueMs: number; readonly fn: () => void }>();
  const next = (untilMs: number): [object, { readonly dueMs: number; readonly fn: () => void }] | undefined =>
    [...timers].filter(([, timer]) => timer.dueMs <= untilMs).sort(([, a], [, b]) => a.dueMs - b.dueMs)[0];
  return {
    wallMs: () => 1_800_000_000_000 + nowMs + jumpMs,
    monotonicMs: () => nowMs,
    setTimer: (delayMs, fn) => {
      const timer = {};
      timers.set(timer, { dueMs: nowMs + delayMs, fn });
      return timer;
    },
    clearTimer: (timer) => void timers.delete(timer),
    kill: () => timers.clear(),
    jump: (ms) => {
      jumpMs += ms;
    },
    pass: async (ms) => {
      const untilMs = nowMs + ms;
      await settle();
      for (let found = next(untilMs); found !== undefined; found = next(untilMs)) {
        const [timer, { dueMs, fn }] = found;
        timers.delete(timer);
        nowMs = Math.max(nowMs, dueMs);
        fn();
        await settle();
      }
      nowMs = untilMs;
    },
  };
}

export interface FakeChannel extends Notifier {
  readonly notices: Notice[];
  /** What the next sends come to; then everything is delivered. */
  plan(...deliveries: (Delivery | Promise<Delivery> | 'hang' | 'throw')[]): void;
}

export function createFakeChannel(more: Partial<Notifier> = {}): FakeChannel {
  const notices: Notice[] = [];
  const planned: (Delivery | Promise<Delivery> | 'hang' | 'throw')[] = [];
  return {
    kind: 'fake',
    ...more,
    notices,
    plan: (...deliveries) => void planned.push(...deliveries),
    send: (notice) => {
      notices.push(notice);
      const delivery = planned.shift() ?? { result: 'delivered', messageId: String(notices.length) };
      if (delivery === 'throw') return Promise.reject(new Error('a bug of the notifier'));
      return delivery === 'hang' ? new Promise(() => undefined) : Promise.resolve(delivery);
    },
  };
}

export function createWorld(config: Partial<EngineConfig> = {}, deps: Partial<EngineDeps> = {}) {
  const clock = createFakeClock();
  const document: Record<string, unknown> = {};
  const world = { isStoreDown: false, isStoreHanging: false };
  const openStore = (): AlertStore =>
    createDocumentStore({
      transact: (fn) => {
        if (world.isStoreHanging) return new Promise(() => undefined);
        if (world.isStoreDown) throw new Error('the store is away');
        return fn(document);
      },
      monotonicMs: clock.monotonicMs,
    });
  const channel = createFakeChannel();
  const errors: unknown[] = [];
  const roles: string[] = [];
  const open = (ownConfig: Partial<EngineConfig> = {}, ownDeps: Partial<EngineDeps> = {}) =>
    createAlertEngine(
      { services: [{ name: 'oracle' }, { name: 'api' }], rules: defaultRules(), owner: 'one', ...config, ...ownConfig },
      {
        clock,
        store: openStore(),
        notifiers: { main: channel },
        onError: (error) => void errors.push(error),
        onRole: (role) => void roles.push(role),
        random: () => 0.5,
        ...deps,
        ...ownDeps,
      },
    );
  const engine = open();
  const up = (value: 0 | 1, service = 'oracle', reason = 'refused'): Observation => ({
    service,
    signal: 'up',
    labels: { reason },
    value,
    at: 0,
    detail: reason,
  });
  const say = async (...observations: readonly Observation[]): Promise<void> => {
    engine.observe(observations);
    await clock.pass(1);
  };
  /** Two failed (or good) probes, 3 s apart, and the group wait. */
  const turn = async (value: 0 | 1, service = 'oracle'): Promise<void> => {
    await say(up(value, service));
    await clock.pass(3000);
    await say(up(value, service));
    await clock.pass(2500);
  };
  return { clock, document, world, channel, errors, roles, engine, open, up, say, turn };
}
