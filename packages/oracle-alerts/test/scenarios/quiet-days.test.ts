import { describe, expect, it } from '@jest/globals';
import { createScenarioAlerter } from './adapter.js';
// @ts-expect-error The harness is plain JavaScript, as it was handed to us.
import * as untypedHarness from './fixtures/harness.mjs';
import type { Harness } from './scenario-types.js';

const harness = untypedHarness as unknown as Harness;
const document = harness.load(new URL('./fixtures/scenarios.json', import.meta.url));
/** `QUIET_DAYS=20` shows as many as the reliability figures ask for. */
const DAYS = Number(process.env['QUIET_DAYS'] ?? 1);
const DAY_SECONDS = 86_400;

describe('a day like any other', () => {
  it(`sends nothing: 1 % errors, readings up to 10 s and blips of under three seconds, ${DAYS} × 24 hours`, async () => {
    for (let seed = 1; seed <= DAYS; seed += 1) {
      // Blips begin at moments that wander through the rhythm of the probes.
      const truth = Array.from({ length: 200 }, (_, index) => {
        const from = 100 + index * 421 + ((index * 7 + seed * 3) % 100) / 10;
        return { target: 'nps', from, to: from + 2.5, state: ['refused', 'timeout', 'http500'][index % 3] };
      });
      const readings = Array.from({ length: 300 }, (_, index) => ({
        target: 'nps',
        id: `r${index}`,
        start: index * 280,
        duration: (index * seed) % 11,
      }));
      const result = await harness.run(
        {
          id: `Q${seed}`,
          group: 'quiet',
          title: 'a quiet day',
          duration: DAY_SECONDS,
          targets: ['nps'],
          truth,
          ops: [{ target: 'nps', from: 0, to: DAY_SECONDS, every: 60, ok: 99, error: 1 }],
          readings: readings.filter(({ duration }) => duration <= 10),
          events: [],
          sinks: {},
          replicas: 1,
          config: {},
          expect: { notifications: [], extra: [], converges: true },
        },
        document,
        createScenarioAlerter,
      );
      expect(result.problems).toEqual([]);
      expect(result.accepted).toEqual([]);
    }
  }, 1_200_000);
});
