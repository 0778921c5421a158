import type { Comparison, Unit } from '@nps/oracle-alerts/contract';
import type { ShownStatus } from './status.js';

/** The figure a rule judges, around the moment it crossed the threshold. */
export interface SignalSeries {
  /** The rule's signal, `errors ÷ operations` for a ratio. */
  readonly signal: string;
  readonly unit: Unit;
  readonly comparison: Comparison;
  readonly threshold: number;
  readonly clear_threshold: number | null;
  readonly from: string;
  readonly to: string;
  /** Oldest first; a stretch of which nothing is known has no point. Ratios are 0–1, states 0 or 1. */
  readonly points: readonly { readonly at: string; readonly value: number }[];
  /** `history`: as recorded minute by minute. `steps`: not kept in history, so only the values the alert was judged by. */
  readonly source: 'history' | 'steps';
}

/** What another service was like when the alert began. */
export interface ServiceMoment {
  readonly name: string;
  readonly display_name: string;
  readonly status: ShownStatus;
}

export interface AlertContextReply {
  /** When the alert began; the span is drawn around it. `null` when the alert is not known. */
  readonly since: string | null;
  /** `null` when the rule is not in force any more. */
  readonly series: SignalSeries | null;
  /** Worst first, without the alert's own service. */
  readonly others: readonly ServiceMoment[];
  readonly recorded: boolean;
}
