import type { Severity } from './severity.js';

/** Which alerts go to which channels. Every route that matches adds its channels. */
export interface Route {
  /** Only these severities; all when absent. */
  readonly severities?: readonly Severity[];
  /** Only these services; all when absent. */
  readonly services?: readonly string[];
  /** Only these rules; all when absent. */
  readonly rules?: readonly string[];
  /** Names of channels. */
  readonly channels: readonly string[];
  /** Told instead when a channel of this route refuses a notice or is silent for too long. */
  readonly fallback?: string;
}

/** A time of the week in which fires are held. */
export interface MaintenanceWindow {
  readonly matcher: { readonly service?: string; readonly rule?: string; readonly severity?: Severity };
  /** 0 Sunday … 6 Saturday; every day when absent. */
  readonly weekdays?: readonly number[];
  /** `HH:MM` in UTC. */
  readonly startsAtUtc: string;
  /** 1 … 1440. */
  readonly durationMinutes: number;
  readonly comment?: string;
}
