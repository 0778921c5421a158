import { type Check, type CheckOptions, expectRange } from './check.js';
import type { CheckReport, HealthReport } from './contract/index.js';
import { HealthError } from './errors.js';
import { createLagWatch } from './lag-watch.js';
import { createSampler, type Sampler } from './sampler.js';
import { createSingleFlight } from './single-flight.js';
import { createSubscribers, guarded } from './subscribers.js';
import { verdict } from './verdict.js';

/** Settings of {@link createHealth}. */
export interface HealthOptions {
  /** Name of the service in its report. */
  readonly service: string;
  /** Its version in the report. */
  readonly version: string;
  readonly checks: readonly (Check | CheckOptions)[];
  /** No answer takes longer than this, in milliseconds. Default 2000, range 100–60000. */
  readonly deadlineMs?: number;
  /** Time between background runs of a check, in milliseconds. Default 5000, range 10–86400000. */
  readonly intervalMs?: number;
  /** `check()` uses a result again that is younger than this, in milliseconds. Default 1000, 0 to always run. */
  readonly minIntervalMs?: number;
  /** Background runs in a row that must agree before a changed status is believed. Default 2, range 1–10. */
  readonly changesAfter?: number;
  /**
   * After the start, failures make the service at most `degraded` for this long, in milliseconds, so that services
   * that start together page nobody. Default 0.
   */
  readonly startupGraceMs?: number;
  /** Called after every run of a check, for metrics and logs. */
  readonly onSample?: (check: string, report: CheckReport) => void;
  /** Receives what `onSample` or a subscriber throws. */
  readonly onError?: (error: unknown) => void;
}

/** Where a service stands in its life. */
export type Phase = 'idle' | 'running' | 'draining' | 'stopped';

/** The health of one service. */
export interface Health {
  readonly service: string;
  readonly version: string;
  /** Begins background runs. Idempotent. */
  start(): void;
  /** Ends them and aborts what is in flight. Idempotent; resolves when nothing runs any more. */
  stop(): Promise<void>;
  /** What is believed now, from the last runs; never waits. `degraded` before there was one. */
  report(): HealthReport;
  /** Runs what has no recent result, all side by side, and reports within `deadlineMs`. Concurrent callers share one run. */
  check(): Promise<HealthReport>;
  /** The background's view once there is one, else `check()`: what the endpoints answer with. */
  current(): Promise<HealthReport>;
  /** From now on the service is not ready; call it first on SIGTERM. Idempotent. */
  drain(): void;
  phase(): Phase;
  /** Whether every check ran at least once. */
  isComplete(): boolean;
  /** Longest stand-still of the event loop in the last ten seconds, in milliseconds; 0 before `start()`. */
  worstLagMs(): number;
  /** Calls back whenever a check was run or the phase changed; returns how to stop that. */
  subscribe(listener: () => void): () => void;
}

// The rest of the deadline is for putting the answer together, on a busy loop too.
const runShare = 0.75;

/**
 * Builds the health of a service; nothing runs before `start()` or `check()`.
 * @throws HealthError `INVALID_OPTION`
 */
export function createHealth(options: HealthOptions): Health {
  const settings = readSettings(options);
  const { tell, subscribe } = createSubscribers(options.onError);
  const sampler = createSampler({
    ...settings,
    checks: options.checks,
    limitMs: settings.deadlineMs * runShare,
    onSample(check, report) {
      guarded(() => options.onSample?.(check, report), options.onError);
      tell();
    },
  });
  const lag = createLagWatch();
  const report = createReporter(options, sampler, () => performance.now() < graceEndsAt);
  let graceEndsAt = 0;
  let phase: Phase = 'idle';
  const flight = createSingleFlight(() => sampler.refresh().then(report));

  function enter(next: Phase): void {
    phase = next;
    tell();
  }

  return {
    service: options.service,
    version: options.version,
    start() {
      if (phase !== 'idle') return;
      graceEndsAt = performance.now() + settings.startupGraceMs;
      lag.start();
      sampler.start();
      enter('running');
    },
    async stop() {
      if (phase !== 'stopped') enter('stopped');
      lag.stop();
      sampler.stop();
      await flight.landed();
    },
    report,
    check: () => flight.run(),
    current: async () => (phase !== 'idle' && sampler.isComplete() ? report() : flight.run()),
    drain() {
      if (phase === 'idle' || phase === 'running') enter('draining');
    },
    phase: () => phase,
    isComplete: () => sampler.isComplete(),
    worstLagMs: () => lag.worstMs(),
    subscribe,
  };
}

/** @throws HealthError `INVALID_OPTION` unless it is a health */
export function expectHealth(owner: string, health: Partial<Health> | undefined): void {
  if (typeof health?.current === 'function') return;
  throw new HealthError('INVALID_OPTION', `${owner}: expected a health made by createHealth`);
}

/** @param isGrace whether failures are still forgiven to a service that has just started */
function createReporter(
  { service, version }: HealthOptions,
  sampler: Sampler,
  isGrace: () => boolean,
): () => HealthReport {
  const createdAt = performance.now();
  return () => {
    const checks = sampler.reports();
    const isBlank = Object.keys(checks).length === 0 && !sampler.isComplete();
    const judged = verdict(Object.values(checks));
    const status = isBlank || (judged === 'down' && isGrace()) ? 'degraded' : judged;
    const uptimeSeconds = Math.round((performance.now() - createdAt) / 100) / 10;
    return { status, timestamp: new Date().toISOString(), service, version, uptime_seconds: uptimeSeconds, checks };
  };
}

function readSettings(options: HealthOptions) {
  const {
    deadlineMs = 2_000,
    intervalMs = 5_000,
    minIntervalMs = 1_000,
    changesAfter = 2,
    startupGraceMs = 0,
  } = options;
  expectWord('service', options.service);
  expectWord('version', options.version);
  if (!Array.isArray(options.checks))
    throw new HealthError('INVALID_OPTION', 'createHealth: expected a list in checks');
  expectRange('createHealth', 'deadlineMs', deadlineMs, 100, 60_000);
  expectRange('createHealth', 'intervalMs', intervalMs, 10, 86_400_000);
  expectRange('createHealth', 'minIntervalMs', minIntervalMs, 0, 86_400_000);
  expectRange('createHealth', 'changesAfter', changesAfter, 1, 10);
  expectRange('createHealth', 'startupGraceMs', startupGraceMs, 0, 3_600_000);
  return { deadlineMs, intervalMs, minIntervalMs, changesAfter, startupGraceMs };
}

// Shown in plain text too, where a line break would be a line of its own.
function expectWord(option: string, value: unknown): void {
  if (typeof value === 'string' && /^[^\p{C}]{1,100}$/u.test(value)) return;
  throw new HealthError('INVALID_OPTION', `createHealth: expected ${option} of 1 to 100 printable characters`);
}
