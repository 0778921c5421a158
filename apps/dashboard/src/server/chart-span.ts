import { type Range, rangeMs, stepMs } from '../contract/history.js';

/** The time a chart covers. */
export interface ChartSpan {
  readonly range: Range;
  readonly generated_at: string;
  readonly from: string;
  readonly to: string;
  readonly step_seconds: number;
}

/** The span ends with the running step and its steps lie on whole steps, so that a refresh moves no point. Pure. */
export function chartSpan(range: Range, nowMs: number): ChartSpan {
  const step = stepMs[range];
  const toMs = Math.ceil(nowMs / step) * step;
  return {
    range,
    generated_at: new Date(nowMs).toISOString(),
    from: new Date(toMs - rangeMs[range]).toISOString(),
    to: new Date(toMs).toISOString(),
    step_seconds: step / 1000,
  };
}

/** How many points a span has at most. Pure. */
export function pointsOf({ from, to, step_seconds: seconds }: Pick<ChartSpan, 'from' | 'to' | 'step_seconds'>): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 1000 / seconds);
}
