import type { Clock, Timer } from '@nps/oracle-alerts';

/** A clock that stands still until told to go on; timers due on the way fire in order, promises settle in between. */
export interface FakeClock extends Clock {
  advance(ms: number): Promise<void>;
  /** The process stands still: time passes, nothing runs, what was due runs afterwards. */
  freeze(ms: number): Promise<void>;
}

interface Pending {
  readonly dueMs: number;
  readonly run: () => void;
}

export function createFakeClock(startMs = Date.UTC(2026, 1, 8, 14, 30)): FakeClock {
  let nowMs = 0;
  const pending = new Map<symbol, Pending>();
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 30; turn += 1) await Promise.resolve();
  };
  const fireDue = async (untilMs: number): Promise<void> => {
    for (;;) {
      const next = [...pending].filter(([, { dueMs }]) => dueMs <= untilMs).sort((a, b) => a[1].dueMs - b[1].dueMs)[0];
      if (next === undefined) break;
      pending.delete(next[0]);
      nowMs = Math.max(nowMs, next[1].dueMs);
      next[1].run();
      await settle();
    }
    nowMs = Math.max(nowMs, untilMs);
  };
  return {
    wallMs: () => startMs + nowMs,
    monotonicMs: () => nowMs,
    setTimer: (ms, run) => {
      const id = Symbol('timer');
      pending.set(id, { dueMs: nowMs + ms, run });
      return id as unknown as Timer;
    },
    clearTimer: (timer) => void pending.delete(timer as unknown as symbol),
    advance: async (ms) => {
      await settle();
      await fireDue(nowMs + ms);
    },
    freeze: async (ms) => {
      nowMs += ms;
      await fireDue(nowMs);
    },
  };
}
