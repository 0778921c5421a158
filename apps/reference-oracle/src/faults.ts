import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { OracleError } from './errors.js';

/**
 * What can be switched on, to see the monitoring at work:
 * - `slow` every operation takes `delay_ms` longer
 * - `errors` a share of the operations fails
 * - `flapping` down and up in turns of `period_ms`
 * - `down` /health says down, every operation is refused
 * - `blocked` the event loop stands still once for `duration_ms`
 */
export const FAULT_NAMES = ['none', 'slow', 'errors', 'flapping', 'down', 'blocked'] as const;
export type FaultName = (typeof FAULT_NAMES)[number];

/** A fault with its measures; the defaults cross the alerter's default thresholds. */
export type Fault =
  | { readonly fault: 'none' | 'down' }
  | { readonly fault: 'slow'; readonly delay_ms: number }
  | { readonly fault: 'errors'; readonly ratio: number }
  | { readonly fault: 'flapping'; readonly period_ms: number }
  | { readonly fault: 'blocked'; readonly duration_ms: number };

/** The measure of a fault: its field, default and range, both ends included. */
interface Measure {
  readonly field: string;
  readonly fallback: number;
  readonly min: number;
  readonly max: number;
}

const MEASURES: Readonly<Partial<Record<FaultName, Measure>>> = {
  // The default slow-response alert fires above 10 s.
  slow: { field: 'delay_ms', fallback: 12_000, min: 1, max: 120_000 },
  errors: { field: 'ratio', fallback: 0.2, min: 0.01, max: 1 },
  // No multiple of the usual poll intervals, which would see one phase only.
  flapping: { field: 'period_ms', fallback: 7000, min: 100, max: 600_000 },
  blocked: { field: 'duration_ms', fallback: 8000, min: 10, max: 60_000 },
};

/**
 * Reads the body of `POST /faults`: `{"fault": "slow", "delay_ms": 12000}`.
 * @throws OracleError INVALID_REQUEST
 */
export function parseFault(body: unknown): Fault {
  const { fault, ...rest } = (typeof body === 'object' && body !== null ? body : {}) as Readonly<
    Record<string, unknown>
  >;
  const name = FAULT_NAMES.find((candidate) => candidate === fault);
  if (name === undefined)
    throw refuse('fault', `expected one of ${FAULT_NAMES.join(', ')}, got ${JSON.stringify(fault) ?? 'nothing'}`);
  const measure = MEASURES[name];
  const strange = Object.keys(rest).find((field) => field !== measure?.field);
  if (strange !== undefined)
    throw refuse(
      strange,
      `expected ${measure === undefined ? 'no field' : `only ${measure.field}`} beside fault "${name}"`,
    );
  if (measure === undefined) return { fault: name } as Fault;
  const value = rest[measure.field] ?? measure.fallback;
  if (typeof value !== 'number' || !(value >= measure.min && value <= measure.max)) {
    throw refuse(
      measure.field,
      `expected a number from ${measure.min} to ${measure.max} (default ${measure.fallback})`,
    );
  }
  return { fault: name, [measure.field]: value } as Fault;
}

/** The switch, and the two places where it is felt. */
export interface Faults {
  current(): Fault;
  switchTo(fault: Fault): void;
  /** True while the service plays dead. */
  isDown(): boolean;
  /**
   * Called inside every operation before its work: waits, fails or does nothing, as switched.
   * @throws OracleError FAULT_INJECTED
   */
  meet(): Promise<void>;
  /** Switches off for good and lets whatever waits go on: nothing may hold up a stop. */
  stop(): void;
}

export interface FaultDeps {
  /** Milliseconds since 1970. */
  now(): number;
  /** 0 … 1 */
  random(): number;
  /** Holds the event loop for that long. */
  block(durationMs: number): void;
}

/** Nothing is switched on to begin with. */
export function createFaults({ now, random, block }: FaultDeps): Faults {
  let current: Fault = { fault: 'none' };
  let sinceMs = now();
  let waits = createWaits();
  const switchTo = (fault: Fault): void => {
    current = fault;
    sinceMs = now();
    // Calls that wait for the former fault go on at once.
    waits.abort();
    waits = createWaits();
    // A moment later, so that the answer to the switch itself still goes out.
    if (fault.fault === 'blocked') setTimeout(() => blockOnce(fault.duration_ms), 50).unref();
  };
  const blockOnce = (durationMs: number): void => {
    block(durationMs);
    if (current.fault === 'blocked') current = { fault: 'none' };
  };
  return {
    current: () => current,
    switchTo,
    isDown: () => {
      if (current.fault === 'flapping') return Math.floor((now() - sinceMs) / current.period_ms) % 2 === 0;
      return current.fault === 'down';
    },
    meet: async () => {
      if (current.fault === 'slow')
        await delay(current.delay_ms, undefined, { signal: waits.signal }).catch(() => undefined);
      if (current.fault === 'errors' && random() < current.ratio) {
        throw new OracleError('FAULT_INJECTED', 'this failure was switched on by POST /faults');
      }
    },
    stop: () => switchTo({ fault: 'none' }),
  };
}

/** Ends any number of waiting calls at once; a listener each is no leak. */
function createWaits(): AbortController {
  const waits = new AbortController();
  setMaxListeners(0, waits.signal);
  return waits;
}

/** Stands still without using the processor, as a synchronous call that hangs would. */
export function blockEventLoop(durationMs: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, durationMs);
}

function refuse(field: string, message: string): OracleError {
  return new OracleError('INVALID_REQUEST', `${field}: ${message}`, { faults: [{ field, message }] });
}
