import type { LogsAroundReply, LogsReply } from '../contract/logs.js';
import type { LogFilter } from './log-lines.js';

/** Where log lines come from. The folder of rotated JSON files is one; a search engine would be another. */
export interface LogSource {
  /** The newest lines that pass, at most `limit`. Stops when the visitor goes away. */
  search(filter: LogFilter, limit: number, signal: AbortSignal): Promise<LogsReply>;
  /** The lines nearest to an instant that pass, at most `limit`, half on either side of it. */
  around(atMs: number, filter: LogFilter, limit: number, signal: AbortSignal): Promise<LogsAroundReply>;
}
