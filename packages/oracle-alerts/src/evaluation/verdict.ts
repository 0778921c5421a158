/** Whether the figures of one report speak for or against a rule. Pure. */
import type { Observation, Rule } from '../contract/index.js';
import type { Series } from './evaluation-state.js';

/** What one report says about one alert. */
export interface Verdict {
  readonly word: 'bad' | 'good';
  readonly value: number;
  readonly reason: string | null;
  readonly detail: string | null;
}

/** Figures older than this say nothing (ALERTING 6). */
const STALE_AFTER_SECONDS = 30;

/** How long a figure of the rule counts, in ms. */
export function staleAfterMs(rule: Rule): number {
  return (rule.staleAfterSeconds ?? STALE_AFTER_SECONDS) * 1000;
}

/** Whether a value is strictly on the bad side. A firing alert is judged by its clear threshold. */
export function isBeyond(rule: Rule, value: number, isFiring: boolean): boolean {
  const threshold = isFiring ? (rule.clearThreshold ?? rule.threshold) : rule.threshold;
  return rule.comparison === 'above' ? value > threshold : value < threshold;
}

/** Whether an observation of a rule's signal is about what the rule judges. */
export function concerns(rule: Rule, { service, labels }: Observation): boolean {
  if (rule.services !== undefined && !rule.services.includes(service)) return false;
  if (rule.labels === undefined) return true;
  return Object.entries(rule.labels).every(([name, value]) => labels[name] === value);
}

/** Judges one figure. */
export function judgeValue(rule: Rule, sample: Observation, isFiring: boolean): Verdict {
  return {
    word: isBeyond(rule, sample.value, isFiring) ? 'bad' : 'good',
    value: sample.value,
    reason: sample.labels['reason'] ?? null,
    detail: sample.detail ?? null,
  };
}

/**
 * Judges errors over operations: bad only while beyond the threshold and meant by enough events (ALERTING 6). Negative or
 * missing figures say nothing; none of none is good.
 * Compared as `errors > threshold × operations`, so that exactly 5 % of any number is not above 5 %.
 */
export function judgeRatio(
  rule: Rule,
  part: Series | undefined,
  whole: Series | undefined,
  isFiring: boolean,
  now: number,
): Verdict | null {
  if (part === undefined || whole === undefined) return null;
  if (now - Math.min(part.at, whole.at) > staleAfterMs(rule)) return null;
  if (part.value < 0 || whole.value < 0) return null;
  const verdict = (word: Verdict['word'], value: number): Verdict => ({ word, value, reason: null, detail: null });
  if (whole.value === 0) return part.value === 0 ? verdict('good', 0) : null;
  // A bare error counts without an operation; the rate never exceeds 1.
  const ratio = Math.min(1, part.value / whole.value);
  const isEnough =
    whole.value >= (rule.minimumEvents ?? 0) || part.value >= (rule.minimumErrors ?? Number.POSITIVE_INFINITY);
  return verdict(isEnough && isBeyondRatio(rule, part.value, whole.value, isFiring) ? 'bad' : 'good', ratio);
}

function isBeyondRatio(rule: Rule, part: number, whole: number, isFiring: boolean): boolean {
  const threshold = isFiring ? (rule.clearThreshold ?? rule.threshold) : rule.threshold;
  // 0.05 × 1,000,000 is 50,000 in floating point, but 0.07 × 100 is 7.000000000000001: compare up to rounding.
  const limit = threshold * whole;
  const isEqual = Math.abs(part - limit) <= limit * 1e-12;
  if (isEqual) return false;
  return rule.comparison === 'above' ? part > limit : part < limit;
}
