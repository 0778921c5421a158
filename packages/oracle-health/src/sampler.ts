import { type Check, type CheckOptions, defineCheck } from './check.js';
import { type CheckRunner, createCheckRunner } from './check-runner.js';
import { advance, type CheckState, describe, type Sample } from './check-state.js';
import type { CheckReport } from './contract/index.js';
import { HealthError } from './errors.js';

/** Settings of {@link createSampler}, all in milliseconds but `changesAfter`. */
export interface SamplerOptions {
  readonly checks: readonly (Check | CheckOptions)[];
  /** Upper bound on every check's own timeout. */
  readonly limitMs: number;
  readonly intervalMs: number;
  readonly minIntervalMs: number;
  readonly changesAfter: number;
  /** Called after every run. */
  readonly onSample: (check: string, report: CheckReport) => void;
}

/** Keeps the state of every check fresh: in the background, or when asked. */
export interface Sampler {
  start(): void;
  stop(): void;
  /** Runs every check that has no recent result; resolves when all have one. */
  refresh(): Promise<void>;
  /** What is believed of each check that ran. */
  reports(): Record<string, CheckReport>;
  /** Whether every check ran at least once. */
  isComplete(): boolean;
}

interface Seat {
  readonly check: Check;
  readonly runner: CheckRunner;
  state?: CheckState;
  timer?: NodeJS.Timeout;
  /** Monotonic end of the last run. */
  endedAt?: number;
  unwatch?: () => void;
}

// A change is looked at again this soon instead of an interval later.
const confirmAfterMs = 500;

/** @throws HealthError `INVALID_OPTION` when a check is malformed or a name is used twice */
export function createSampler(options: SamplerOptions): Sampler {
  const seats = seatChecks(options.checks, options.limitMs);
  let running = false;
  let stops = 0;

  function accept(seat: Seat, sample: Sample, confirmations: number): void {
    seat.state = advance(seat.state, sample, confirmations);
    seat.endedAt = performance.now();
    options.onSample(seat.check.name, describe(seat.check, seat.state));
  }

  async function sampleOnce(seat: Seat): Promise<void> {
    const sample = await seat.runner.run();
    if (!running) return;
    accept(seat, sample, options.changesAfter);
    const intervalMs = seat.check.intervalMs ?? options.intervalMs;
    schedule(seat, seat.state?.doubt ? Math.min(confirmAfterMs, intervalMs) : intervalMs);
  }

  function schedule(seat: Seat, delayMs: number): void {
    seat.timer = setTimeout(() => void sampleOnce(seat), delayMs);
    seat.timer.unref();
  }

  async function refreshOne(seat: Seat): Promise<void> {
    const reuseMs = seat.check.minIntervalMs ?? options.minIntervalMs;
    if (seat.endedAt !== undefined && performance.now() - seat.endedAt < reuseMs) return;
    const stopsBefore = stops;
    const sample = await seat.runner.run();
    // A run that was broken off says nothing about its dependency.
    if (stops !== stopsBefore) return;
    // Asked for now, so what is found now is the answer: no second opinion.
    accept(seat, sample, 1);
  }

  return {
    start() {
      if (running) return;
      running = true;
      for (const seat of seats) {
        const unwatch = seat.check.watch?.();
        if (unwatch) seat.unwatch = unwatch;
        schedule(seat, 0);
      }
    },
    stop() {
      running = false;
      stops += 1;
      seats.forEach(vacate);
    },
    async refresh() {
      await Promise.all(seats.map(refreshOne));
    },
    reports: () => reportsOf(seats),
    isComplete: () => seats.every(({ state }) => state !== undefined),
  };
}

function vacate(seat: Seat): void {
  clearTimeout(seat.timer);
  seat.unwatch?.();
  delete seat.unwatch;
  seat.runner.abort();
}

function reportsOf(seats: readonly Seat[]): Record<string, CheckReport> {
  const ran = seats.flatMap(({ check, state }) => (state ? [[check.name, describe(check, state)] as const] : []));
  return Object.fromEntries(ran);
}

function seatChecks(checks: readonly (Check | CheckOptions)[], limitMs: number): Seat[] {
  const names = new Set<string>();
  return checks.map((options) => {
    const check = defineCheck(options);
    if (names.has(check.name)) {
      throw new HealthError('INVALID_OPTION', `Two checks are called ${check.name}; give one of them another name`);
    }
    names.add(check.name);
    return { check, runner: createCheckRunner(check, limitMs) };
  });
}
