/** One sample of a Prometheus exposition. Histograms arrive as their `_bucket`, `_sum` and `_count` samples. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}
