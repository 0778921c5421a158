import type { CheckStatus, ErrorClass } from './contract/index.js';
import { HealthError } from './errors.js';

/** What one run of a check found. */
export interface CheckOutcome {
  readonly status: CheckStatus;
  readonly error?: ErrorClass;
  /** What was measured, in `unit`. */
  readonly value?: number;
  readonly unit?: string;
  /** Exact cause, for the log and for answers behind the token. */
  readonly detail?: string;
}

/** What every check can be told, whatever it looks at. */
export interface CheckSettings {
  /** Key in the report; letters, digits, `_`, `-`, `.`, at most 64. */
  readonly name?: string;
  /** Whether the service cannot work without it: `down` needs every critical check to fail. */
  readonly critical?: boolean;
  /** Whether its failure alone makes the service `down`. Default false. */
  readonly fatal?: boolean;
  /** Longest a run may take, in milliseconds. Default 1000, range 10–60000; cut to three quarters of the health's deadline. */
  readonly timeoutMs?: number;
  /** Time between background runs, in milliseconds. Default: the health's `intervalMs`. */
  readonly intervalMs?: number;
  /** A result younger than this is used again, in milliseconds. Default: the health's `minIntervalMs`. */
  readonly minIntervalMs?: number;
  /** A good run slower than this is a `warning` (THRESHOLD), in milliseconds. Default: never. */
  readonly warnAfterMs?: number;
}

/** A check to be defined. */
export interface CheckOptions extends CheckSettings {
  readonly name: string;
  /**
   * Looks once. Returning nothing means `ok`; throwing means `error`, with the class of the error's code. Any other
   * value that is no outcome means `ok` too, but `false` means `error`.
   * The signal aborts when the run's time is over; a run that ignores it is reported as TIMEOUT all the same.
   */
  run(signal: AbortSignal): Promise<CheckOutcome | void> | CheckOutcome | void;
  /** Begins what must run between samples; returns how to end it. Called by `health.start()`. */
  watch?(): () => void;
}

/** A check with its defaults filled in. */
export interface Check extends CheckOptions {
  readonly critical: boolean;
  readonly fatal: boolean;
  readonly timeoutMs: number;
}

const defaultTimeoutMs = 1_000;

/**
 * Declares a check. It is critical unless it says otherwise.
 * @throws HealthError `INVALID_OPTION`
 */
export function defineCheck(options: CheckOptions): Check {
  if (typeof options !== 'object' || options === null) {
    throw new HealthError('INVALID_OPTION', `Expected a check with a name and run(signal), got ${String(options)}`);
  }
  const { name, timeoutMs = defaultTimeoutMs, critical = true, fatal = false } = options;
  if (typeof name !== 'string' || !/^[A-Za-z][\w.-]{0,63}$/.test(name)) {
    throw new HealthError(
      'INVALID_OPTION',
      `A check's name begins with a letter and has at most 64 of A–Z a–z 0–9 _ - . (got ${JSON.stringify(name)})`,
    );
  }
  if (typeof options.run !== 'function') {
    throw new HealthError('INVALID_OPTION', `The check ${name} needs a function run(signal)`);
  }
  expectRange(name, 'timeoutMs', timeoutMs, 10, 60_000);
  expectRange(name, 'intervalMs', options.intervalMs, 10, 86_400_000);
  expectRange(name, 'minIntervalMs', options.minIntervalMs, 0, 86_400_000);
  expectRange(name, 'warnAfterMs', options.warnAfterMs, 1, 60_000);
  return Object.freeze({ ...options, name, critical, fatal, timeoutMs });
}

/** @throws HealthError `INVALID_OPTION` unless the value is absent or within the range */
export function expectRange(owner: string, option: string, value: number | undefined, min: number, max: number): void {
  if (value === undefined || (Number.isFinite(value) && value >= min && value <= max)) return;
  throw new HealthError('INVALID_OPTION', `${owner}: expected ${option} from ${min} to ${max}, got ${String(value)}`);
}
