import { DashboardError } from '../errors.js';
import { type Handlers, ok } from '../handler.js';
import type { LogSource } from '../log-source.js';

/** At most this many searches run at the same time: each may read 64 MB. Others wait for their turn. */
const AT_ONCE = 4;
const MOST_WAITING = 32;
const MINUTE_MS = 60_000;

/** Searches the logs. */
export function createLogHandlers(logs: LogSource): Pick<Handlers, 'logs' | 'logsAround'> {
  let running = 0;
  const waiting: (() => void)[] = [];
  const inTurn = async <T>(search: () => Promise<T>): Promise<T> => {
    if (waiting.length >= MOST_WAITING)
      throw new DashboardError('TOO_MANY', 'Other searches are running; try again in a moment.', {
        headers: { 'retry-after': '2' },
      });
    if (running < AT_ONCE) running += 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await search();
    } finally {
      // The place is handed to whoever waits longest.
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
  return {
    async logs({ input: { limit, from, to, ...filter }, signal }) {
      const fromMs = from === undefined ? Number.NEGATIVE_INFINITY : Date.parse(from);
      const toMs = to === undefined ? Number.POSITIVE_INFINITY : Date.parse(to);
      return ok(await inTurn(() => logs.search({ ...filter, fromMs, toMs }, limit, signal)));
    },
    async logsAround({ input: { at, minutes, service, level, limit }, signal }) {
      const atMs = Date.parse(at);
      const span = { fromMs: atMs - minutes * MINUTE_MS, toMs: atMs + minutes * MINUTE_MS };
      const filter = { service, level, text: undefined, user: undefined, action: undefined, ...span };
      return ok(await inTurn(() => logs.around(atMs, filter, limit, signal)));
    },
  };
}
