import type { AlertPhase, HoldReason, Rule } from '../contract/index.js';

/** One occurrence of an `each` rule, such as one slow reading. */
export interface Occurrence {
  readonly id: string;
  readonly value: number;
  readonly state: 'running' | 'done';
  readonly seenAt: number;
  /** `told` and `dropped` are final: an occurrence is told at most once. */
  readonly fate: 'open' | 'told' | 'dropped';
}

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
  /** What its rule said at the last fire: it can be closed when the rule is gone. Absent before the first. */
  readonly toldAs?: Pick<Rule, 'severity' | 'unit' | 'threshold'>;
  readonly remindedAt: number | null;
  readonly resolvedAt: number | null;
  /** Beginning of the last outage that ended, for the recovery's duration. */
  readonly lastOpenedAt: number | null;
  /** Instants of the latest beginnings and ends of outages, oldest first, at most 20. */
  readonly changes: readonly number[];
  /** Occurrences of an `each` rule beyond the threshold, oldest first, at most 500. */
  readonly occurrences: readonly Occurrence[];
  /** Fires since it began to change too often; each doubles the cooldown. */
  readonly flapLevel: number;
  readonly acknowledgedBy: string | null;
  readonly acknowledgedAt: number | null;
  readonly acknowledgedUntil: number | null;
  /** Whether the absence of data was told. */
  readonly noDataTold: boolean;
}

/** A record about which nothing is known yet. */
export function createAlertRecord(
  identity: Pick<AlertRecord, 'key' | 'rule' | 'service' | 'labels'>,
  now: number,
): AlertRecord {
  return {
    ...identity,
    phase: 'ok',
    badRun: 0,
    goodRun: 0,
    runSince: now,
    value: null,
    reason: null,
    detail: null,
    judgedAt: null,
    incident: 0,
    openedAt: null,
    announcedAt: null,
    hold: null,
    lastFireAt: null,
    remindedAt: null,
    resolvedAt: null,
    lastOpenedAt: null,
    changes: [],
    occurrences: [],
    flapLevel: 0,
    acknowledgedBy: null,
    acknowledgedAt: null,
    acknowledgedUntil: null,
    noDataTold: false,
  };
}

/** Identity of an alert; unambiguous for any text. */
export function alertKey(rule: string, service: string, labels: Readonly<Record<string, string>>): string {
  const names = Object.keys(labels).sort();
  return JSON.stringify([rule, service, ...names.flatMap((name) => [name, labels[name]])]);
}

/** Whether a later process must know the alert. */
export function isWorthKeeping(record: AlertRecord): boolean {
  return record.incident > 0 || record.occurrences.length > 0;
}
