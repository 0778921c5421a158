import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { advance, type CheckState } from '../src/check-state.js';
import type { CheckStatus } from '../src/index.js';

const statuses = fc.constantFrom<CheckStatus>('ok', 'warning', 'error', 'skipped');

function replay(sequence: readonly CheckStatus[], changesAfter: number): CheckState[] {
  let state: CheckState | undefined;
  return sequence.map((status, at) => {
    state = advance(state, { outcome: { status }, latencyMs: 1, at }, changesAfter);
    return state;
  });
}

describe('advance', () => {
  it('believes the first sample at once and a single deviation never', () => {
    const states = replay(['ok', 'error', 'ok', 'error', 'error'], 2).map(({ sample }) => sample.outcome.status);
    expect(states).toEqual(['ok', 'ok', 'ok', 'ok', 'error']);
  });

  it('dates a change back to the first sample that showed it', () => {
    expect(replay(['ok', 'error', 'error'], 2).at(-1)).toMatchObject({ since: 1, lastOkAt: 0, checkedAt: 2 });
  });

  it('changes only to a status seen changesAfter times in a row, for any sequence', () => {
    fc.assert(
      fc.property(
        fc.array(statuses, { minLength: 1, maxLength: 40 }),
        fc.integer({ min: 1, max: 4 }),
        (sequence, n) => {
          const believed = replay(sequence, n).map(({ sample }) => sample.outcome.status);
          for (let i = 1; i < sequence.length; i += 1) {
            if (believed[i] === believed[i - 1]) continue;
            const recent = sequence.slice(Math.max(0, i - n + 1), i + 1);
            if (recent.length < n || recent.some((status) => status !== believed[i])) return false;
          }
          return believed[0] === sequence[0];
        },
      ),
    );
  });

  it('believes whatever stays long enough, for any history', () => {
    fc.assert(
      fc.property(
        fc.array(statuses, { maxLength: 20 }),
        statuses,
        fc.integer({ min: 1, max: 4 }),
        (before, final, n) => {
          const last = replay([...before, ...Array<CheckStatus>(n).fill(final)], n).at(-1);
          return last?.sample.outcome.status === final && last.doubt === undefined;
        },
      ),
    );
  });
});
