import { MetricsError } from '../errors.js';
import { ExponentialSketch } from '../sketch/sketch.js';
import type { Collector, Family, LabelledValue } from './family.js';
import { checkNames, labelValues, renderLabels, sampleHead } from './labels.js';

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
const MAX_SERIES = 100_000;

/** Counts what found no series of its own, by metric. */
export const overflowOptions = {
  name: 'metrics_label_overflow_total',
  help: 'Measurements whose labels found no series of their own.',
  labels: ['metric'],
} as const;
const NO_LABELS: Labels = {};

/** How many series a metric has, and who is told when one more is wanted. */
interface Room {
  readonly limit: number;
  readonly onOverflow: (metric: string) => void;
}

/** The series of one metric by their label values, at most the limit and the overflow. */
class SeriesSet<T> {
  readonly options: MetricOptions;
  readonly #byKey = new Map<string, { -readonly [K in keyof LabelledValue<T>]: LabelledValue<T>[K] }>();
  readonly #room: Room;
  readonly #zero: () => T;

  constructor(options: MetricOptions, room: Room, zero: () => T) {
    this.options = options;
    this.#room = room;
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
    if (this.#byKey.size >= this.#room.limit) {
      this.#room.onOverflow(this.options.name);
      const overflow = this.#names.map(() => OVERFLOW);
      return this.#byKey.get(overflow.join('\u0000')) ?? this.#insert(overflow);
    }
    return this.#insert(values);
  }

  #insert(values: readonly string[]): { value: T } {
    const names = this.#names;
    const labels = renderLabels(names, values);
    const series = { names, values, labels, head: sampleHead(this.options.name, labels), value: this.#zero() };
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
  if (!(Number.isInteger(maxSeries) && maxSeries >= 1 && maxSeries <= MAX_SERIES)) {
    throw new MetricsError(
      'INVALID_OPTION',
      `maxSeries must be a whole number from 1 to 100,000, got ${String(maxSeries)}.`,
    );
  }
  const metrics = new Map<string, Metric>();
  const collectors: Collector[] = [];
  const overflow = numberOf('counter', overflowOptions, { limit: MAX_SERIES, onOverflow: () => undefined });
  metrics.set(overflowOptions.name, overflow);
  const room = { limit: maxSeries, onOverflow: (metric: string) => (overflow.face as Counter).inc({ metric }) };

  function obtain(type: Metric['type'], options: MetricOptions): Metric {
    const known = metrics.get(options.name);
    if (known === undefined) {
      checkNames(options.name, options.labels ?? []);
      const metric = type === 'histogram' ? histogramOf(options, room) : numberOf(type, options, room);
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
      return [...[...metrics.values()].map(familyOf), ...collected];
    },
  };
}

function numberOf(type: 'counter' | 'gauge', options: MetricOptions, room: Room): Metric {
  const set = new SeriesSet(options, room, () => 0);
  const face = {
    inc(labels: Labels = NO_LABELS, by = 1) {
      if (typeof by === 'number' && by >= 0 && by < Number.POSITIVE_INFINITY) set.of(labels).value += by;
    },
    set(value: number, labels: Labels = NO_LABELS) {
      if (typeof value === 'number') set.of(labels).value = value;
    },
    add(by: number, labels: Labels = NO_LABELS) {
      if (typeof by === 'number') set.of(labels).value += by;
    },
  };
  return { type, set, face };
}

function histogramOf(options: MetricOptions, room: Room): Metric {
  const set = new SeriesSet(options, room, () => new ExponentialSketch());
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

/** A series written by hand, for collectors. */
export function labelled<T>(labels: Readonly<Record<string, string>>, value: T): LabelledValue<T> {
  const names = Object.keys(labels);
  const values = Object.values(labels);
  return { names, values, labels: renderLabels(names, values), value };
}
