import { describe, expect, it } from '@jest/globals';
import type { ProbeResult, Target } from '@nps/oracle-health/contract';
import type { ScrapeResult } from '@nps/oracle-metrics/client';
import { type Collector, createCollector } from '../src/collect.js';
import { createFakeClock, type FakeClock } from './fake-clock.js';

const ORACLE: Target = { name: 'oracle', kind: 'service', url: 'http://oracle.test' };
const SCANNER: Target = { name: 'scanner', kind: 'service', url: 'http://scanner.test' };

type State = 'healthy' | 'degraded' | 'down' | 'refused';

interface World {
  readonly clock: FakeClock;
  readonly collector: Collector;
  /** Seconds at which a target was probed. */
  readonly probed: Record<string, number[]>;
  readonly scraped: Record<string, number[]>;
  readonly seen: string[];
  readonly errors: unknown[];
  state: State;
  probeMs: number;
  scrapeMs: number;
  scrapeResult: ScrapeResult;
}

function createWorld(targets: readonly Target[] = [ORACLE]): World {
  const clock = createFakeClock();
  const after = <T>(ms: number, signal: AbortSignal, value: () => T): Promise<T> =>
    new Promise((resolve) => {
      clock.setTimer(ms, () => resolve(value()));
      signal.addEventListener('abort', () => resolve(value()));
    });
  const note = (where: Record<string, number[]>, target: Target): void => {
    (where[target.name] ??= []).push(clock.monotonicMs() / 1000);
  };
  const collector = createCollector(
    { targets, intervalMs: 5000, reprobeMs: 3000 },
    {
      clock,
      probe: (target, signal) => {
        note(world.probed, target);
        const { state } = world;
        return after(world.probeMs, signal, () => answer(state));
      },
      scrape: (target, signal) => {
        note(world.scraped, target);
        return after(world.scrapeMs, signal, () => world.scrapeResult);
      },
      onProbe: (target, result) =>
        world.seen.push(`${target.name} ${result.outcome === 'report' ? result.status : result.reason}`),
      onScrape: (target, result) => world.seen.push(`${target.name} ${result.outcome}`),
      onError: (error) => world.errors.push(error),
    },
  );
  const world: World = {
    clock,
    collector,
    probed: {},
    scraped: {},
    seen: [],
    errors: [],
    state: 'healthy',
    probeMs: 0,
    scrapeMs: 0,
    scrapeResult: SAMPLES,
  };
  return world;
}

const SAMPLES: ScrapeResult = { outcome: 'samples', samples: [], at: '2026-02-08T14:30:00.000Z' };

function answer(state: State): ProbeResult {
  const at = '2026-02-08T14:30:00.000Z';
  return state === 'refused'
    ? { outcome: 'failure', reason: 'refused', message: 'connection refused', latencyMs: 1, at }
    : { outcome: 'report', status: state, health: null, latencyMs: 1, at };
}

describe('the collector', () => {
  it('takes a Prometheus page that was read for an answer, and asks once more only when it was not', async () => {
    const page: Target = { name: 'page', kind: 'prometheus', url: 'http://page.test/metrics' };
    const world = createWorld([page]);
    world.scrapeMs = 40;
    world.collector.start();
    await world.clock.advance(6000);
    expect(world.seen).toEqual(['page samples', 'page healthy', 'page samples', 'page healthy']);
    expect(world.probed).toEqual({});
    world.scraped['page'] = [];
    world.state = 'refused';
    world.scrapeResult = { outcome: 'failure', reason: 'refused', message: 'Connection refused' };
    await world.clock.advance(8000);
    expect(world.seen.slice(4)).toEqual(['page failure', 'page refused', 'page refused']);
    expect(world.probed['page']).toHaveLength(2);
    await world.collector.stop();
  });

  it('visits a healthy target every five seconds, whatever a visit takes', async () => {
    const world = createWorld();
    world.probeMs = 1900;
    world.collector.start();
    await world.clock.advance(20_000);
    expect(world.probed['oracle']).toEqual([0, 5, 10, 15, 20]);
    await world.collector.stop();
  });

  it('looks again three seconds after an answer that differs, and keeps to its interval from there', async () => {
    const world = createWorld();
    world.collector.start();
    await world.clock.advance(7000);
    world.state = 'refused';
    await world.clock.advance(18_000);
    expect(world.probed['oracle']).toEqual([0, 5, 10, 13, 18, 23]);
    expect(world.scraped['oracle']).toEqual([0, 5, 10, 18, 23]);
    world.state = 'healthy';
    await world.clock.advance(6500);
    expect(world.probed['oracle']?.slice(-2)).toEqual([28, 31]);
    await world.collector.stop();
  });

  it('confirms an outage that was there at the very first visit', async () => {
    const world = createWorld();
    world.state = 'down';
    world.collector.start();
    await world.clock.advance(4000);
    expect(world.seen.filter((line) => line === 'oracle down')).toHaveLength(2);
    await world.collector.stop();
  });

  it('does not take degraded for a change', async () => {
    const world = createWorld();
    world.collector.start();
    await world.clock.advance(1000);
    world.state = 'degraded';
    await world.clock.advance(9000);
    expect(world.probed['oracle']).toEqual([0, 5, 10]);
    await world.collector.stop();
  });

  it('has one visit of a target under way at most, and a slow target holds no other', async () => {
    const world = createWorld([ORACLE, SCANNER]);
    world.probeMs = 12_000;
    world.collector.start();
    await world.clock.advance(0);
    world.probeMs = 10;
    void world.collector.visitAll();
    await world.clock.advance(13_000);
    expect(world.probed).toEqual({ oracle: [0, 12], scanner: [0, 12] });
    await world.collector.stop();
  });

  it('does not let slow metrics delay the confirmation', async () => {
    const world = createWorld();
    world.state = 'refused';
    world.scrapeMs = 2900;
    world.collector.start();
    await world.clock.advance(3500);
    expect(world.probed['oracle']).toEqual([0, 3]);
    await world.collector.stop();
  });

  it('throws away what was under way while the alerter itself stood still, and looks at once', async () => {
    const world = createWorld();
    world.collector.start();
    await world.clock.advance(4900);
    world.state = 'refused';
    world.probeMs = 500;
    await world.clock.advance(200);
    world.state = 'healthy';
    await world.clock.freeze(60_000);
    expect(world.collector.status().discarded).toBe(1);
    await world.clock.advance(5000);
    expect(world.probed['oracle']?.slice(0, 3)).toEqual([0, 5, 65.1]);
    expect(world.seen).not.toContain('oracle refused');
    await world.collector.stop();
  });

  it('reports a client that throws, says nothing about the target, and goes on', async () => {
    const world = createWorld();
    const broken = createCollector(
      { targets: [ORACLE], intervalMs: 5000, reprobeMs: 3000 },
      {
        clock: world.clock,
        probe: () => Promise.reject(new Error('bug')),
        scrape: () => null,
        onProbe: () => world.seen.push('told'),
        onScrape: () => undefined,
        onError: (error) => world.errors.push(error),
      },
    );
    broken.start();
    await world.clock.advance(11_000);
    expect(world.errors).toHaveLength(3);
    expect(world.seen).toEqual([]);
    await broken.stop();
  });

  it('spreads the first visits of many targets over one interval', async () => {
    const many = Array.from({ length: 100 }, (_, index) => ({ ...ORACLE, name: `t${index}` }));
    const world = createWorld(many);
    world.collector.start();
    await world.clock.advance(2499);
    expect(Object.keys(world.probed)).toHaveLength(50);
    await world.clock.advance(2500);
    expect(Object.keys(world.probed)).toHaveLength(100);
    await world.collector.stop();
  });

  it('wakes once for several of many targets, and never drifts from its interval by that', async () => {
    const many = Array.from({ length: 200 }, (_, index) => ({ ...ORACLE, name: `t${index}` }));
    const world = createWorld(many);
    world.probeMs = 7;
    world.collector.start();
    await world.clock.advance(14_999);
    // 100 marks in an interval, so two targets a mark.
    expect(new Set(Object.values(world.probed).flat()).size).toBe(300);
    for (const [first = 0, second = 0, third = 15] of Object.values(world.probed))
      expect([second - first, third - second].map((seconds) => Math.round(seconds * 1000))).toEqual([5000, 5000]);
    await world.collector.stop();
  });

  it('keeps the rhythm of unchanged targets when it gets new ones, and lets removed ones go', async () => {
    const world = createWorld([ORACLE, SCANNER]);
    world.collector.start();
    await world.clock.advance(6000);
    await world.collector.retarget([ORACLE, { ...ORACLE, name: 'api' }]);
    await world.clock.advance(5000);
    expect(world.probed).toEqual({ oracle: [0, 5, 10], scanner: [0, 5], api: [6, 11] });
    await world.collector.stop();
  });

  it('begins anew when it is started again', async () => {
    const world = createWorld();
    world.collector.start();
    await world.clock.advance(1000);
    await world.collector.stop();
    await world.clock.advance(60_000);
    world.collector.start();
    await world.clock.advance(5000);
    expect(world.probed['oracle']).toEqual([0, 61, 66]);
    await world.collector.stop();
  });

  it('visits nothing after stop, however often it is called', async () => {
    const world = createWorld();
    world.collector.start();
    await world.clock.advance(1000);
    await world.collector.stop();
    await world.collector.stop();
    await world.clock.advance(60_000);
    expect(world.probed['oracle']).toEqual([0]);
  });
});
