/** How a sink does. */
export interface SinkStats {
  /** Bytes accepted and not yet written, about. */
  readonly heldBytes: number;
  /** Lines dropped since the start: `log_records_dropped_total`. */
  readonly dropped: number;
}

/** Where finished lines go: our own writer, or files by date. Nothing here throws. */
export interface LineSink {
  /** Accepts one line, its line end included, for the outputs of `lineTargets` (bits of `targets`). */
  write(line: string, lineTargets: number): void;
  stats(): SinkStats;
  /** The process ends: writes what can be written, blocking; false when `timeoutMs` was not enough. */
  exit(timeoutMs: number): boolean;
  /** Whether it has been inside one call to the file system, without coming back, for `timeoutMs`. */
  isHung(timeoutMs: number): boolean;
  /** Resolves when every accepted line is written, or after `timeoutMs`. Lines that come later are dropped. */
  close(timeoutMs: number): Promise<void>;
}
