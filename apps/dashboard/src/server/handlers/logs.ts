import { DashboardError } from '../errors.js';
import { type Handler, ok } from '../handler.js';
import type { LogFiles } from '../log-files.js';

/** At most this many searches read files at the same time: each may read 64 MB. */
const AT_ONCE = 4;

/** Searches the log files. */
export function createLogsHandler(files: LogFiles): Handler<'logs'> {
  let running = 0;
  return async ({ input, signal }) => {
    if (running >= AT_ONCE)
      throw new DashboardError('TOO_MANY', 'Other searches are running; try again in a moment.', {
        headers: { 'retry-after': '2' },
      });
    running += 1;
    try {
      const { limit, from, to, ...filter } = input;
      const fromMs = from === undefined ? Number.NEGATIVE_INFINITY : Date.parse(from);
      const toMs = to === undefined ? Number.POSITIVE_INFINITY : Date.parse(to);
      return ok(await files.search({ ...filter, fromMs, toMs }, limit, signal));
    } finally {
      running -= 1;
    }
  };
}
