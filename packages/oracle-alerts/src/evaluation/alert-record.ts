import type { AlertPhase, HoldReason } from '../contract/index.js';

/** All that is remembered of one alert. Instants are ms of the evaluator's clock. */
export interface AlertRecord {
  readonly key: string;
  readonly rule: string;
  readonly service: string;
  /** Values of the rule's `by` labels. */
  readonly labels: Readonly<Record<string, string>>;
  readonly phase: AlertPhase;
  readonly badRun: number;
  readonly goodRun: number;
  /** When the present run of bad (or good) samples began. */
  readonly runSince: number;
  readonly value: number | null;
  readonly reason: string | null;
  readonly detail: string | null;
  /** When a sample last said something; null before the first since the start. */
  readonly judgedAt: number | null;
  /** Number of outages so far. */
  readonly incident: number;
  /** Beginning of the outage that is open; null when there is none. */
  readonly openedAt: number | null;
  /** When the open outage was announced; null while it is held. */
  readonly announcedAt: number | null;
  readonly hold: HoldReason | null;
  readonly lastFireAt: number | null;
  readonly remindedAt: number | null;
  readonly resolvedAt: number | null;
  /** Beginning of the last outage that ended, for the recovery's duration. */
  readonly lastOpenedAt: number | null;
  /** Instants of the latest beginnings and ends of outages, oldest first, at most 20. */
  readonly changes: readonly number[];
  /** Occurrences that were told or let go, with the instant they were last seen; at most 500. */
  readonly settledOccurrences: readonly (readonly [string, number])[];
  readonly acknowledgedBy: string | null;
  readonly acknowledgedAt: number | null;
  readonly acknowledgedUntil: number | null;
  /** Whether the absence of data was told. */
  readonly noDataTold: boolean;
}
