export const logLevels = ['DEBUG', 'INFO', 'WARN', 'ERROR', 'CRITICAL'] as const;
export type LogLevel = (typeof logLevels)[number];

/** One line of a log file. */
export interface LogLine {
  /** Stable for this line: file, its inode, and the offset in it. */
  readonly id: string;
  readonly at: string | null;
  readonly level: LogLevel | null;
  readonly service: string;
  readonly message: string;
  readonly user_id: string | null;
  readonly action: string | null;
  readonly duration_ms: number | null;
  /** Everything else the line carries, as compact JSON; empty when there is nothing. */
  readonly rest: string;
}

export interface LogsReply {
  /** Newest first. */
  readonly lines: readonly LogLine[];
  /** Which services have files here. */
  readonly services: readonly string[];
  /** False when older lines exist that were not looked at: the search stops after 64 MB or 3 s. */
  readonly complete: boolean;
  readonly scanned_bytes: number;
  /** `unreadable` when the folder is not there or may not be read. */
  readonly folder: 'readable' | 'unreadable';
}

/** The lines nearest to an instant, on both sides of it. */
export interface LogsAroundReply extends Omit<LogsReply, 'lines'> {
  readonly at: string;
  /** Oldest first; the last one is the nearest before the instant, or at it. */
  readonly before: readonly LogLine[];
  /** Oldest first; the first one is the nearest after the instant. */
  readonly after: readonly LogLine[];
}
