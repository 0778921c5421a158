import type { ExponentialSketch } from '../sketch/sketch.js';

/** One series of a family, as the writers of the formats want it. */
export interface LabelledValue<T> {
  readonly names: readonly string[];
  readonly values: readonly string[];
  /** `a="b",c="d"`: written once per series, not once per scrape. */
  readonly labels: string;
  /** `name{labels} `, for series that live longer than a scrape. */
  readonly head?: string;
  readonly value: T;
}

interface FamilyHead {
  /** With unit, and with `_total` for a counter. */
  readonly name: string;
  readonly help: string;
}

/** All series of one metric at the instant of a scrape. Histograms hold base units (seconds, bytes). */
export type Family = FamilyHead &
  (
    | { readonly type: 'counter' | 'gauge'; readonly series: Iterable<LabelledValue<number>> }
    | { readonly type: 'histogram'; readonly series: Iterable<LabelledValue<ExponentialSketch>> }
  );

/** Gives families that are worked out when somebody scrapes. */
export type Collector = () => Iterable<Family>;
