import { describe, expect, it } from '@jest/globals';
import { createScenarioAlerter } from './adapter.js';
// @ts-expect-error The harness is plain JavaScript, as it was handed to us.
import * as untypedHarness from './fixtures/harness.mjs';
import type { Harness, Scenario } from './scenario-types.js';

const harness = untypedHarness as unknown as Harness;
const document = harness.load(new URL('./fixtures/scenarios.json', import.meta.url));
const RUNS = Number(process.env['TIMELINES'] ?? 40);
const FIRST_SEED = Number(process.env['TIMELINE_SEED'] ?? 1);

/** A small generator of its own (mulberry32): a failing seed can be run again. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Anything may fail until 900 s before the end; then the world is left in peace and the channel must end on the truth. */
function randomScenario(seed: number): Scenario {
  const random = randomFrom(seed);
  const between = (low: number, high: number): number => low + random() * (high - low);
  const one = <Value>(values: readonly Value[]): Value => values[Math.floor(random() * values.length)] as Value;
  const duration = 3000;
  const calmFrom = duration - 900;
  const targets = ['nps', 'billing', 'search'].slice(0, 1 + Math.floor(random() * 3));
  const truth = targets.flatMap((target) =>
    Array.from({ length: Math.floor(random() * 8) }, () => {
      const from = between(0, calmFrom);
      const to = random() < 0.15 ? 'end' : Math.min(calmFrom, from + between(1, 400));
      return {
        target,
        from,
        to: to === 'end' ? Number.POSITIVE_INFINITY : to,
        state: one(['down', 'refused', 'timeout', 'http500', 'dns', 'tls']),
      };
    }),
  );
  const sinks = {
    telegram: Array.from({ length: Math.floor(random() * 4) }, () => {
      const from = between(0, calmFrom);
      const fault = one([
        { reply: 'http', status: 503 },
        { reply: 'http', status: 429, retry_after: 20 },
        { reply: 'refused' },
        { reply: 'hang' },
        { reply: 'malformed_200' },
      ]);
      return { from, to: Math.min(calmFrom, from + between(5, 300)), ...fault };
    }),
  };
  const events = Array.from({ length: Math.floor(random() * 5) }, () => {
    const at = between(20, calmFrom - 120);
    return one<readonly object[]>([
      [
        { at, do: 'sigterm', replica: 0 },
        { at: at + 20, do: 'start', replica: 0 },
      ],
      [
        { at, do: 'network', state: 'down' },
        { at: at + between(5, 90), do: 'network', state: 'up' },
      ],
      [{ at, do: 'clock_jump', by: between(-7200, 7200) }],
      [
        { at, do: 'store', state: 'down' },
        { at: at + between(5, 100), do: 'store', state: 'up' },
      ],
      [
        { at, do: 'pause', replica: 'leader' },
        { at: at + between(5, 100), do: 'resume', replica: 'paused' },
      ],
    ]);
  }).flat();
  const everything = ['down', 'error_rate', 'slow_reading', 'monitor'].map((rule) => ({ rule, max: 1e9 }));
  return {
    id: `R${seed}`,
    group: 'random',
    title: `random timeline ${seed}`,
    duration,
    targets,
    truth,
    ops: [],
    readings: [],
    events,
    sinks,
    replicas: 1 + Math.floor(random() * 2),
    config: {},
    expect: { notifications: [], extra: everything, converges: true },
  };
}

describe('random timelines', () => {
  it(`of ${RUNS} worlds never break an invariant: the last word is the truth, one fire a cooldown, no recovery without a fire`, async () => {
    const broken: string[] = [];
    for (let seed = FIRST_SEED; seed < FIRST_SEED + RUNS; seed += 1) {
      const result = await harness.run(randomScenario(seed), document, createScenarioAlerter);
      if (!result.ok) broken.push(`seed ${seed}: ${result.problems.join('; ')}`);
    }
    expect(broken).toEqual([]);
  }, 600_000);
});
