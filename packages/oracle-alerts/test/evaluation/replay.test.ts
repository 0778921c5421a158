import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type AlertEvent, allAlerts, type EvaluationState, evaluate, type Observation } from '../../src/index.js';
import { BASE, fresh } from './timeline.js';

/** A recorded run: what was observed together, and when it was judged. */
interface Recorded {
  readonly at: number;
  readonly observations: readonly Observation[];
}

const services = ['oracle', 'api', '__proto__'];
const observation = (at: number): fc.Arbitrary<Observation> =>
  fc.oneof(
    fc.record({
      service: fc.constantFrom(...services),
      signal: fc.constant('up'),
      labels: fc.constant({ reason: 'refused' }),
      value: fc.constantFrom(0, 0, 1),
      at: fc.constant(at),
    }),
    fc.record({
      service: fc.constantFrom(...services),
      signal: fc.constantFrom('errors', 'operations'),
      labels: fc.constant({ window: '300' }),
      value: fc.constantFrom(0, 3, 20, 100),
      at: fc.constant(at),
    }),
    fc.record({
      service: fc.constantFrom(...services),
      signal: fc.constant('reading_seconds'),
      labels: fc.record({ id: fc.constantFrom('a', 'b', 'c'), state: fc.constantFrom('running', 'done') }),
      value: fc.constantFrom(5, 10, 11, 60),
      at: fc.constant(at),
    }),
    fc.record({
      service: fc.constantFrom(...services),
      signal: fc.constantFrom('disk_used_ratio', 'degraded', 'reading_p95_seconds'),
      labels: fc.constant({}),
      value: fc.constantFrom(0, 0.91, 1, 12, Number.NaN),
      at: fc.constant(at),
    }),
  );
const recording: fc.Arbitrary<readonly Recorded[]> = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 200 }), fc.array(fc.constant(null), { maxLength: 4 })), {
    minLength: 5,
    maxLength: 60,
  })
  .chain((steps) => {
    let at = BASE;
    const ats = steps.map(([seconds, slots]) => {
      at += seconds * 1000;
      return { at, count: slots.length };
    });
    return fc.tuple(
      ...ats.map((step) =>
        fc.record({
          at: fc.constant(step.at),
          observations: fc.array(observation(step.at), { maxLength: step.count, minLength: step.count }),
        }),
      ),
    );
  });

function run(
  state: EvaluationState,
  recorded: readonly Recorded[],
): { readonly state: EvaluationState; readonly events: readonly AlertEvent[] } {
  const events: AlertEvent[] = [];
  let current = state;
  for (const { at, observations } of recorded) {
    const evaluated = evaluate(current, observations, at);
    current = evaluated.state;
    events.push(...evaluated.events);
  }
  return { state: current, events };
}

describe('replaying a recorded run', () => {
  it('is the same when services at rest are looked at in every call and when they are passed over', () => {
    const lookedAt = (state: EvaluationState): EvaluationState => ({
      ...state,
      memory: new Map([...state.memory].map(([name, { series, alerts }]) => [name, { series, alerts }])),
    });
    fc.assert(
      fc.property(recording, (recorded) => {
        let [quick, thorough] = [fresh(), fresh()];
        for (const { at, observations } of recorded.flatMap((step) => [
          step,
          { at: step.at + 500, observations: [] },
        ])) {
          const [one, other] = [evaluate(quick, observations, at), evaluate(lookedAt(thorough), observations, at)];
          expect(one.events).toEqual(other.events);
          expect(allAlerts(one.state)).toEqual(allAlerts(other.state));
          [quick, thorough] = [one.state, other.state];
        }
      }),
      { numRuns: 300 },
    );
  });

  it('gives the identical events and state, also from a copy of the state in the middle', () => {
    fc.assert(
      fc.property(recording, fc.nat(60), (recorded, cut) => {
        const live = run(fresh(), recorded);
        expect(run(fresh(), structuredClone([...recorded]))).toEqual(live);
        const first = run(fresh(), recorded.slice(0, cut));
        const second = run(structuredClone(first.state), recorded.slice(cut));
        expect([...first.events, ...second.events]).toEqual(live.events);
      }),
      { numRuns: 500, seed: 6 },
    );
  });

  it('never fires one alert twice within a cooldown, never resolves what was not told, and never while it is silenced', () => {
    fc.assert(
      fc.property(recording, (recorded) => {
        const { events, state } = run(fresh(), recorded);
        const lastFire = new Map<string, number>();
        const isOpen = new Map<string, boolean>();
        for (const event of events) {
          if (event.kind === 'fired') {
            expect(event.at - (lastFire.get(event.key) ?? Number.NEGATIVE_INFINITY)).toBeGreaterThanOrEqual(300_000);
            lastFire.set(event.key, event.at);
            isOpen.set(event.key, true);
          }
          if (event.kind === 'resolved') {
            expect(isOpen.get(event.key)).toBe(true);
            isOpen.set(event.key, false);
          }
        }
        for (const record of allAlerts(state))
          expect(record.announcedAt !== null).toBe(isOpen.get(record.key) ?? false);
        const muted = run(fresh({ mutes: [{ matcher: {}, from: 0, until: BASE * 2 }] }), recorded);
        expect(muted.events.filter(({ kind }) => kind === 'fired' || kind === 'resolved')).toEqual([]);
      }),
      { numRuns: 500, seed: 7 },
    );
  });
});
