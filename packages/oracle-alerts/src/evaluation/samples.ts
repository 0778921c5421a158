/** One report's figures against one rule: updates the alerts they concern. Pure but for the draft it is handed. */
import type { Observation, Rule } from '../contract/index.js';
import { digestOf } from '../pipeline/dedup-key.js';
import { type AlertRecord, alertKey, createAlertRecord } from './alert-record.js';
import type { Series } from './evaluation-state.js';
import { absorb, advance, type Step } from './lifecycle.js';
import { judgeOccurrences, noteOccurrences } from './occurrences.js';
import { isBeyond, judgeRatio, judgeValue, staleAfterMs, type Verdict } from './verdict.js';

/** A service's memory while one call of `evaluate` works on it. */
export interface Draft {
  readonly service: string;
  readonly series: Map<string, Series>;
  readonly alerts: Map<string, AlertRecord>;
  readonly onStep: (record: AlertRecord, rule: Rule, step: Step, at: number) => void;
}

type SeriesHolder = { readonly series: ReadonlyMap<string, Series> };

/** Series kept per service: a target cannot fill our memory. */
const SERIES_KEPT = 2000;
const ALERTS_KEPT = 1000;
const LABEL_UNITS = 200;

/** Remembers the figures that some rule divides or compares later. */
export function rememberSeries(draft: Draft, observations: readonly Observation[]): void {
  for (const { signal, labels, value, at } of observations) {
    const id = alertKey('', signal, labels);
    if (draft.series.size >= SERIES_KEPT && !draft.series.has(id)) continue;
    draft.series.set(id, { signal, labels, value, at });
  }
}

/** Judges the figures that one report (one service, one instant) has for one rule. */
export function applyRule(draft: Draft, rule: Rule, samples: readonly Observation[], at: number): void {
  if (rule.each !== undefined) return applyOccurrences(draft, rule, samples, at);
  if (rule.over !== undefined) return applyRatio(draft, rule, samples, at);
  for (const sample of samples) {
    const record = recordFor(draft, rule, sample.labels, at);
    if (record !== null) settle(draft, rule, record, judgeValue(rule, sample, isOpen(record)), at);
  }
}

function applyRatio(draft: Draft, rule: Rule, samples: readonly Observation[], at: number): void {
  const seen = new Set<string>();
  for (const { labels } of samples) {
    const id = alertKey('', '', labels);
    if (seen.has(id)) continue;
    seen.add(id);
    const part = draft.series.get(alertKey('', rule.signal, labels));
    const whole = draft.series.get(alertKey('', rule.over ?? '', labels));
    const record = recordFor(draft, rule, labels, at);
    if (record === null) continue;
    const verdict = judgeRatio(rule, part, whole, isOpen(record), at);
    if (verdict !== null) settle(draft, rule, record, verdict, at);
  }
}

function applyOccurrences(draft: Draft, rule: Rule, samples: readonly Observation[], at: number): void {
  const record = recordFor(draft, rule, {}, at);
  if (record === null) return;
  const noted = noteOccurrences(
    record,
    rule,
    samples.filter((sample) => sample.signal === rule.signal),
  );
  const verdict = judgeEach(draft, noted, rule, at);
  // Reports of quantiles alone come as often as others: both kinds drive the same alert.
  settle(draft, rule, noted, verdict, at);
}

/** What an `each` rule says at an instant: its occurrences first, then its second signal. */
export function judgeEach(draft: SeriesHolder, record: AlertRecord, rule: Rule, now: number): Verdict {
  const verdict = judgeOccurrences(record, rule, now);
  if (verdict.word === 'bad') return verdict;
  const worst = worstSecondSignal(draft, rule, isOpen(record), now);
  return worst === undefined ? verdict : { word: 'bad', value: worst.value, reason: null, detail: null };
}

function worstSecondSignal(draft: SeriesHolder, rule: Rule, isFiring: boolean, now: number): Series | undefined {
  if (rule.orSignal === undefined) return undefined;
  return [...draft.series.values()].find(
    (series) =>
      series.signal === rule.orSignal &&
      now - series.at <= staleAfterMs(rule) &&
      isBeyond(rule, series.value, isFiring),
  );
}

function recordFor(draft: Draft, rule: Rule, labels: Readonly<Record<string, string>>, at: number): AlertRecord | null {
  const own: Record<string, string> = {};
  for (const name of rule.by ?? []) own[name] = bounded(labels[name] ?? '');
  const key = alertKey(rule.name, draft.service, own);
  const known = draft.alerts.get(key);
  if (known !== undefined) return known;
  if (draft.alerts.size >= ALERTS_KEPT) return null;
  return createAlertRecord({ key, rule: rule.name, service: draft.service, labels: own }, at);
}

function settle(draft: Draft, rule: Rule, record: AlertRecord, verdict: Verdict, at: number): void {
  const advanced = advance(absorb(record, verdict, at), rule, at);
  draft.alerts.set(record.key, advanced.record);
  for (const step of advanced.steps) draft.onStep(step === 'ended' ? record : advanced.record, rule, step, at);
}

/** A label from outside is part of the alert's key, which a database must be able to index: a long one ends in its digest. */
function bounded(label: string): string {
  return label.length <= LABEL_UNITS ? label : `${label.slice(0, LABEL_UNITS)}…${digestOf(label)}`;
}

function isOpen(record: AlertRecord): boolean {
  return record.openedAt !== null;
}
