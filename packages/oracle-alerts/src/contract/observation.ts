/** One figure about one service at one instant: the only thing rules judge. */
export interface Observation {
  /** Name of the target. Data from outside: may be any text. */
  readonly service: string;
  /** What was measured, e.g. `up`, `errors`, `disk_used_ratio`, or a Prometheus metric name. */
  readonly signal: string;
  readonly labels: Readonly<Record<string, string>>;
  /** In the signal's base unit (seconds, ratio 0–1, count). Values that are not finite are ignored. */
  readonly value: number;
  /** Wall clock in ms. The engine replaces it by its own steady clock on receipt. */
  readonly at: number;
  /** Hostile text from outside, such as an error message. */
  readonly detail?: string;
}
