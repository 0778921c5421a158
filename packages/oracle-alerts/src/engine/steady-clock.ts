import type { Clock } from '../clock.js';

/** Ms that begin at the wall clock's time and then never jump. */
export interface SteadyClock {
  now(): number;
  /** Ms to add to a steady instant to get wall time as it is today. */
  wallOffsetMs(): number;
}

/** Builds a steady clock that begins now. */
export function createSteadyClock(clock: Clock): SteadyClock {
  const baseMs = clock.wallMs() - clock.monotonicMs();
  const now = (): number => baseMs + clock.monotonicMs();
  return { now, wallOffsetMs: () => clock.wallMs() - now() };
}
