/** What the sidecar asks of the metrics, structurally: oracle-metrics' `OracleMetrics` fits. */
export interface MetricsSource {
  getMetrics(options?: { readonly minutesSince?: Date }): unknown;
  toPrometheus(): string;
}

/** What the sidecar asks of the job history, structurally: oracle-metrics' `JobMonitor` fits. */
export interface JobSource {
  status(query?: { readonly jobName?: string; readonly limit?: number }): Promise<unknown>;
  stats(jobName: string): Promise<unknown>;
}
