import type { Severity } from './severity.js';

/** Which alerts something applies to; an absent field matches everything. */
export interface AlertMatcher {
  readonly service?: string;
  readonly rule?: string;
  readonly severity?: Severity;
}

/** Holds the fires of what it matches until it ends; recoveries of announced fires are told all the same. */
export interface Silence {
  readonly id: string;
  readonly matcher: AlertMatcher;
  /** Wall clock in ms; dated anew when that clock jumps. */
  readonly startsAt: number;
  readonly endsAt: number;
  readonly createdBy: string;
  readonly comment: string;
}

/** Who knows about a firing alert; stops reminders and escalation, never the recovery. */
export interface Acknowledgement {
  readonly key: string;
  readonly incident: number;
  readonly by: string;
  /** Wall clock in ms. */
  readonly at: number;
  readonly until: number;
}
