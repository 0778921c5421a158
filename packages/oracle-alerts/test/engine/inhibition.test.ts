import { describe, expect, it } from '@jest/globals';
import { defaultRules } from '../../src/index.js';
import { createWorld } from './fake-world.js';

/** `api` needs `oracle`. */
function createPair() {
  const services = [{ name: 'oracle' }, { name: 'api', dependsOn: ['oracle'] }];
  const world = createWorld({ services });
  const titles = (): readonly string[] => world.channel.notices.map(({ message }) => message.title);
  return { ...world, titles };
}

describe('an outage and what depends on it', () => {
  it.each([
    ['the cause fails first', ['oracle', 'api']],
    ['what depends on it fails in the same second', ['api', 'oracle']],
  ])('are told as one when %s', async (_what, [first = '', second = '']) => {
    const { engine, clock, up, say, titles } = createPair();
    await engine.start();
    for (let probe = 0; probe < 2; probe += 1) {
      await say(up(0, first), up(0, second));
      await clock.pass(3000);
    }
    await clock.pass(60_000);
    expect(titles()).toEqual(['🚨 CRITICAL: Oracle service is DOWN! Error: refused']);
    await engine.stop();
  });

  it('does not blame what depends on it for the seconds between its own recovery and theirs', async () => {
    const { engine, clock, up, say, turn, titles } = createPair();
    await engine.start();
    await turn(0, 'oracle');
    await turn(0, 'api');
    await turn(1, 'oracle');
    await clock.pass(4000);
    await turn(1, 'api');
    await clock.pass(30_000);
    expect(titles()).toEqual([
      '🚨 CRITICAL: Oracle service is DOWN! Error: refused',
      'ℹ️ INFO: Oracle service recovered',
    ]);
    await say(up(1, 'api'));
    await engine.stop();
  });

  it('tells what outlives its cause at its next failure', async () => {
    const { engine, up, say, clock, turn, titles } = createPair();
    await engine.start();
    await turn(0, 'oracle');
    await turn(0, 'api');
    await turn(1, 'oracle');
    await say(up(0, 'api'));
    await clock.pass(3000);
    expect(titles().at(-1)).toBe('🚨 CRITICAL: api service is DOWN! Error: refused');
    await engine.stop();
  });

  it('is told even where services name each other as their dependency', async () => {
    const services = [
      { name: 'oracle', dependsOn: ['api'] },
      { name: 'api', dependsOn: ['oracle'] },
    ];
    const { engine, channel, turn } = createWorld({ services });
    await engine.start();
    await turn(0, 'oracle');
    await turn(0, 'api');
    expect(channel.notices.map(({ services: [name] }) => name)).toEqual(['oracle', 'api']);
    await engine.stop();
  });
});

describe('figures that stay away', () => {
  const figures = (service: string) =>
    ['operations', 'errors'].map((signal) => ({ service, signal, labels: { window: '300' }, value: 0, at: 0 }));
  const MINUTES_15 = 900_000;

  it('are told once, after two windows', async () => {
    const { engine, clock, channel, up, say } = createWorld();
    await engine.start();
    await say(up(1), ...figures('oracle'));
    for (let passedMs = 0; passedMs < MINUTES_15; passedMs += 30_000) {
      await clock.pass(30_000);
      await say(up(1));
    }
    expect(channel.notices.map(({ message }) => message.title)).toEqual([
      'ℹ️ INFO: Oracle sends no data for error rate',
    ]);
    await engine.stop();
  });

  it('are nothing to tell while the service is down, cut off or silenced', async () => {
    let isConnected = true;
    const { engine, clock, channel, up, say, turn } = createWorld(
      {},
      { connectivity: () => Promise.resolve(isConnected) },
    );
    await engine.start();
    await engine.silence({ matcher: { service: 'api' }, durationMs: MINUTES_15 * 3, createdBy: 'ann' });
    await say(up(1), ...figures('oracle'), up(1, 'api'), ...figures('api'));
    await turn(0);
    await clock.pass(MINUTES_15);
    expect(channel.notices.map(({ kind }) => kind)).toEqual(['fire']);
    await turn(1);
    await say(...figures('oracle'));
    isConnected = false;
    for (let passedMs = 0; passedMs < MINUTES_15; passedMs += 30_000) {
      await say(up(0, 'oracle', 'timeout'));
      await clock.pass(30_000);
    }
    expect(channel.notices.map(({ kind, rule }) => `${kind} ${rule}`)).toEqual([
      'fire down',
      'resolve down',
      'fire monitor',
    ]);
    await engine.stop();
  });
});

describe('a source that is taken away and comes back', () => {
  it('is told anew when it fails again', async () => {
    const { engine, channel, turn, clock } = createWorld();
    const rules = defaultRules();
    await engine.start();
    await turn(0);
    await engine.reconfigure({ services: [{ name: 'api' }], rules });
    await clock.pass(3000);
    await engine.reconfigure({ services: [{ name: 'oracle' }, { name: 'api' }], rules });
    await clock.pass(600_000);
    await turn(0);
    await turn(1);
    expect(channel.notices.map(({ kind }) => kind)).toEqual(['fire', 'closed', 'fire', 'resolve']);
    expect(new Set(channel.notices.map(({ id }) => id)).size).toBe(4);
    await engine.stop();
  });

  it('is not known to somebody who knew of its outage before', async () => {
    const { engine, turn, clock } = createWorld();
    const rules = defaultRules();
    await engine.start();
    await turn(0);
    const [alert] = engine.alerts();
    await engine.acknowledge({ key: alert?.key ?? '', by: 'ann' });
    await engine.reconfigure({ services: [{ name: 'api' }], rules });
    await engine.reconfigure({ services: [{ name: 'oracle' }, { name: 'api' }], rules });
    await clock.pass(600_000);
    await turn(0);
    await engine.tick();
    expect(engine.alerts().find(({ rule }) => rule === 'down')).toMatchObject({
      phase: 'firing',
      acknowledgedBy: null,
    });
    await engine.stop();
  });

  it('that is a rule is closed under its old name and judged under its new one', async () => {
    const { engine, channel, turn } = createWorld();
    await engine.start();
    await turn(0);
    const renamed = defaultRules().map((rule) => (rule.name === 'down' ? { ...rule, name: 'unreachable' } : rule));
    await engine.reconfigure({ services: [{ name: 'oracle' }], rules: renamed });
    await turn(0);
    expect(channel.notices.map(({ kind, rule }) => `${kind} ${rule}`)).toEqual([
      'fire down',
      'closed down',
      'fire unreachable',
    ]);
    await engine.stop();
  });

  it('takes a new threshold up at its next figure', async () => {
    const disk = (value: number) => ({ service: 'oracle', signal: 'disk_used_ratio', labels: {}, value, at: 0 });
    const { engine, channel, say, clock } = createWorld();
    await engine.start();
    const fill = async (value: number): Promise<void> => {
      for (let times = 0; times < 2; times += 1) {
        await say(disk(value));
        await clock.pass(3000);
      }
    };
    await fill(0.85);
    expect(channel.notices).toEqual([]);
    await engine.reconfigure({ services: [{ name: 'oracle' }], rules: defaultRules({ diskRatio: 0.8 }) });
    await fill(0.85);
    expect(channel.notices.map(({ rule }) => rule)).toEqual(['disk']);
    await engine.reconfigure({ services: [{ name: 'oracle' }], rules: defaultRules() });
    await fill(0.85);
    expect(engine.alerts().find(({ rule }) => rule === 'disk')?.phase).toBe('ok');
    await engine.stop();
  });
});
