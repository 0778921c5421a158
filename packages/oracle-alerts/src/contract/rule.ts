import type { Severity } from './severity.js';

/** On which side of the threshold a value is bad; the threshold itself is always good. */
export type Comparison = 'above' | 'below';

/** How a rule's value is written in messages; `state` is a signal of 0 and 1. */
export type Unit = 'ratio' | 'seconds' | 'days' | 'usd' | 'count' | 'state';

/** When an alert becomes bad, when it becomes good, and what its message says. */
export interface Rule {
  /** Unique; `[a-z][a-z0-9_]*`. */
  readonly name: string;
  /** Signal that is judged. */
  readonly signal: string;
  /** Divides the signal by this one (errors over operations), sample by sample with equal labels. */
  readonly over?: string;
  /** A second signal that is bad under the same comparison, e.g. a quantile beside single readings. */
  readonly orSignal?: string;
  /** Only series that carry these labels with these values. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Labels whose values make alerts of their own (one per dependency, one per job). */
  readonly by?: readonly string[];
  /** Label that names one occurrence (a reading's id): each fires once, and only once. */
  readonly each?: string;
  /** Services the rule is for; all when absent. */
  readonly services?: readonly string[];
  /** Default `above`. */
  readonly comparison: Comparison;
  /** Strict: a value equal to it does not fire. */
  readonly threshold: number;
  /** Where a firing alert becomes good again (hysteresis); default the threshold. */
  readonly clearThreshold?: number;
  readonly unit: Unit;
  /** Bad samples in a row before it fires; default 1. */
  readonly confirmations?: number;
  /** Good samples in a row before it is over; default 1. */
  readonly recoverConfirmations?: number;
  /** Seconds it must be bad without a break; default 0. */
  readonly forSeconds?: number;
  /** Seconds it must be good without a break; default 0. */
  readonly recoverForSeconds?: number;
  /** With `over`: operations that make the ratio meaningful; default 0. */
  readonly minimumEvents?: number;
  /** With `over`: so many bad events are meaningful whatever the number of operations; default: never. */
  readonly minimumErrors?: number;
  /** A figure older than this says nothing; default 30 s. */
  readonly staleAfterSeconds?: number;
  readonly severity: Severity;
  /**
   * First line after the severity word. `{service}`, `{detail}`, `{value}`, `{threshold}` and `{label}` of `by` are
   * replaced once, as plain text.
   */
  readonly summary: string;
  /** First line of the recovery; absent: the recovery is shown on the dashboard but not sent. */
  readonly recoverySummary?: string;
  /** Seconds from one fire to the next of the same alert; default the engine's (300). */
  readonly cooldownSeconds?: number;
  /** Whether an alert that changes six times in an hour is told ever more rarely while it goes on; default true. */
  readonly flapDamping?: boolean;
  /** Reminds every so often while it fires; default never. */
  readonly repeatSeconds?: number;
  /** `source` alerts hide the warnings of their service and of all that depends on it; default `none`. */
  readonly inhibits?: 'source' | 'none';
  /** What the absence of the signal does while the source is known: `hold` (default) says nothing, `notify` sends one low notice. */
  readonly onNoData?: 'hold' | 'notify';
}
