import { type CheckOutcome, expectRange } from '../check.js';

/** Thresholds on a ratio 0–1. */
export interface RatioThresholds {
  /** Above it: `warning`. Default 0.9. */
  readonly warningRatio?: number;
  /** Above it: `error`. Default 0.98. */
  readonly errorRatio?: number;
}

/** @throws HealthError `INVALID_OPTION` when they are out of range or in the wrong order */
export function readThresholds(owner: string, { warningRatio = 0.9, errorRatio = 0.98 }: RatioThresholds) {
  expectRange(owner, 'warningRatio', warningRatio, 0, 1);
  expectRange(owner, 'errorRatio', errorRatio, warningRatio, 1);
  return { warningRatio, errorRatio };
}

/** The outcome for a share that is in use; exactly the threshold is still good. */
export function judgeRatio(ratio: number, thresholds: Required<RatioThresholds>, what: string): CheckOutcome {
  const measured = { value: Math.round(ratio * 10_000) / 10_000, unit: 'ratio' };
  const detail = `${what} ${(ratio * 100).toFixed(1)} % used`;
  if (ratio > thresholds.errorRatio) return { status: 'error', error: 'THRESHOLD', detail, ...measured };
  if (ratio > thresholds.warningRatio) return { status: 'warning', error: 'THRESHOLD', detail, ...measured };
  return { status: 'ok', ...measured };
}
