import { MetricsError } from '../errors.js';
import { ExponentialSketch } from '../sketch/sketch.js';
import type { Collector, Family, LabelledValue } from './family.js';
import { checkNames, labelValues, renderLabels } from './labels.js';

type Labels = Readonly<Record<string, unknown>>;

/** What every metric states. */
export interface MetricOptions<L extends string = string> {
  /** Letters, digits and `_`; base unit as suffix (`_seconds`, `_bytes`), `_total` for a counter. */
  readonly name: string;
  readonly help: string;
  readonly labels?: readonly L[];
}

/** A number that only grows. */
export interface Counter<L extends string = string> {
  /** Adds `by` (default 1; anything negative or not a number is ignored). */
  inc(labels?: Readonly<Record<L, unknown>>, by?: number): void;
}

/** A number that goes up and down. */
export interface Gauge<L extends string = string> {
  set(value: number, labels?: Readonly<Record<L, unknown>>): void;
  add(by: number, labels?: Readonly<Record<L, unknown>>): void;
}

/** How values are spread; quantiles within 1.083 %. */
export interface Histogram<L extends string = string> {
  /** Records a value in the base unit: seconds, not milliseconds. */
  observe(value: number, labels?: Readonly<Record<L, unknown>>): void;
}

export interface RegistryOptions {
  /** Series per metric; further label sets share one series labelled `overflow`. Default 1,000, range 1 … 100,000. */
  readonly maxSeries?: number;
}

/** The metrics of one process. Asking twice for the same metric gives the same one. */
export interface Registry {
  counter<L extends string>(options: MetricOptions<L>): Counter<L>;
  gauge<L extends string>(options: MetricOptions<L>): Gauge<L>;
  histogram<L extends string>(options: MetricOptions<L>): Histogram<L>;
  /**
   * Adds families that are worked out at each scrape, or gauges that are set then. A collector that throws is left out of
   * that scrape.
   */
  collect(collector: Collector): void;
  families(): readonly Family[];
}

const OVERFLOW = 'overflow';
const NO_LABELS: Labels = {};

/** The series of one metric by their label values, at most `limit` and the overflow. */
class SeriesSet<T> {
  readonly options: MetricOptions;
  readonly #byKey = new Map<string, { -readonly [K in keyof LabelledValue<T>]: LabelledValue<T>[K] }>();
  readonly #limit: number;
  readonly #zero: () => T;
  overflowed = 0;

  constructor(options: MetricOptions, limit: number, zero: () => T) {
    this.options = options;
    this.#limit = limit;
    this.#zero = zero;
    // A metric without labels is there from the start, so that its first increase can be seen.
    if (this.#names.length === 0) this.of(NO_LABELS);
  }

  get #names(): readonly string[] {
    return this.options.labels ?? [];
  }

  of(labels: Labels): { value: T } {
    const values = labelValues(this.#names, labels);
    return this.#byKey.get(values.join('\u0000')) ?? this.#add(values);
  }

  #add(values: readonly string[]): { value: T } {
    if (this.#byKey.size >= this.#limit) {
      this.overflowed++;
      const overflow = this.#names.map(() => OVERFLOW);
      return this.#byKey.get(overflow.join('\u0000')) ?? this.#insert(overflow);
    }
    return this.#insert(values);
  }

  #insert(values: readonly string[]): { value: T } {
    const names = this.#names;
    const series = { names, values, labels: renderLabels(names, values), value: this.#zero() };
    this.#byKey.set(values.join('\u0000'), series);
    return series;
  }

  series(): Iterable<LabelledValue<T>> {
    return this.#byKey.values();
  }
}

type Metric =
  | { readonly type: 'counter' | 'gauge'; readonly set: SeriesSet<number>; readonly face: Counter & Gauge }
  | { readonly type: 'histogram'; readonly set: SeriesSet<ExponentialSketch>; readonly face: Histogram };

/**
 * An empty registry.
 * @throws MetricsError `INVALID_OPTION`
 */
export function createRegistry({ maxSeries = 1000 }: RegistryOptions = {}): Registry {
  if (!(Number.isInteger(maxSeries) && maxSeries >= 1 && maxSeries <= 100_000)) {
    throw new MetricsError(
      'INVALID_OPTION',
      `maxSeries must be a whole number from 1 to 100,000, got ${String(maxSeries)}.`,
    );
  }
  const metrics = new Map<string, Metric>();
  const collectors: Collector[] = [];

  function obtain(type: Metric['type'], options: MetricOptions): Metric {
    const known = metrics.get(options.name);
    if (known === undefined) {
      checkNames(options.name, options.labels ?? []);
      const metric = type === 'histogram' ? histogramOf(options, maxSeries) : numberOf(type, options, maxSeries);
      metrics.set(options.name, metric);
      return metric;
    }
    const labels = String(known.set.options.labels ?? []);
    if (known.type === type && labels === String(options.labels ?? [])) return known;
    throw new MetricsError(
      'ALREADY_REGISTERED',
      `"${options.name}" is already a ${known.type} with labels [${labels}]; choose another name.`,
    );
  }

  return {
    counter: (options) => obtain('counter', options).face as Counter,
    gauge: (options) => obtain('gauge', options).face as Gauge,
    histogram: (options) => obtain('histogram', options).face as Histogram,
    collect: (collector) => void collectors.push(collector),
    families() {
      // Collectors first: some of them set gauges.
      const collected = collectors.flatMap(collectSafely);
      return [...[...metrics.values()].map(familyOf), ...collected, overflowFamily([...metrics.values()])];
    },
  };
}

function numberOf(type: 'counter' | 'gauge', options: MetricOptions, maxSeries: number): Metric {
  const set = new SeriesSet(options, maxSeries, () => 0);
  const face = {
    inc(labels: Labels = NO_LABELS, by = 1) {
      if (by >= 0 && by < Number.POSITIVE_INFINITY) set.of(labels).value += by;
    },
    set(value: number, labels: Labels = NO_LABELS) {
      set.of(labels).value = value;
    },
    add(by: number, labels: Labels = NO_LABELS) {
      set.of(labels).value += by;
    },
  };
  return { type, set, face };
}

function histogramOf(options: MetricOptions, maxSeries: number): Metric {
  const set = new SeriesSet(options, maxSeries, () => new ExponentialSketch());
  return {
    type: 'histogram',
    set,
    face: { observe: (value, labels = NO_LABELS) => set.of(labels).value.record(value) },
  };
}

function familyOf(metric: Metric): Family {
  const { name, help } = metric.set.options;
  return metric.type === 'histogram'
    ? { name, help, type: metric.type, series: metric.set.series() }
    : { name, help, type: metric.type, series: metric.set.series() };
}

function collectSafely(collector: Collector): readonly Family[] {
  try {
    return [...collector()];
  } catch {
    return [];
  }
}

function overflowFamily(metrics: readonly Metric[]): Family {
  const over = metrics.filter(({ set }) => set.overflowed > 0);
  return {
    name: 'metrics_label_overflow_total',
    help: 'Measurements whose labels found no series of their own.',
    type: 'counter',
    series: over.map(({ set }) => labelled({ metric: set.options.name }, set.overflowed)),
  };
}

/** A series written by hand, for collectors. */
export function labelled<T>(labels: Readonly<Record<string, string>>, value: T): LabelledValue<T> {
  const names = Object.keys(labels);
  const values = Object.values(labels);
  return { names, values, labels: renderLabels(names, values), value };
}
