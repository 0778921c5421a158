import { isMissingTable } from './recorded.js';

/** What was read, and whether that is how it is now or how it was when the database last answered. */
export type Reading<T> = T & { readonly recorded: boolean };

/** Reads from the database, and remembers: while it is away the last good reading answers. */
export interface LastGood<T> {
  /**
   * @param key what is read, for example a service and a range
   * @param empty what there is when nothing was ever read
   * @param load reads it; not called while the database is known to be away, nor twice at once for the same key
   * @returns the same object until something new is read, so that it is serialised once
   */
  read(key: string, empty: T, load: () => Promise<T>): Promise<Reading<T>>;
}

export interface LastGoodDeps {
  isDatabaseUp(): boolean;
  /** How many changes were made through this server: what was read before a change is not shown after it. */
  changes(): number;
  readonly nowMs: () => number;
  onError(error: unknown): void;
}

/** For what pages ask every few seconds: younger than their rhythm, so that each page sees every change. */
export const PAGE_FRESH_MS = 2000;

const MOST_KEYS = 100;

/**
 * Remembers at most 100 readings; the one not read for longest goes first.
 * @param freshMs a reading this young answers without another; 0 reads every time
 */
export function createLastGood<T extends object>(deps: LastGoodDeps, freshMs: number): LastGood<T> {
  const { isDatabaseUp, nowMs, onError } = deps;
  const readings = new Map<string, { readonly reading: Reading<T>; readonly atMs: number; readonly changes: number }>();
  const underWay = new Map<string, Promise<Reading<T>>>();
  const readNow = async (key: string, changes: number, load: () => Promise<T>): Promise<Reading<T>> => {
    const reading = { ...(await load()), recorded: true };
    readings.delete(key);
    readings.set(key, { reading, changes, atMs: nowMs() });
    if (readings.size > MOST_KEYS) readings.delete(readings.keys().next().value ?? '');
    return reading;
  };
  const readOnce = (key: string, changes: number, load: () => Promise<T>): Promise<Reading<T>> => {
    const turn = `${changes} ${key}`;
    const running = underWay.get(turn) ?? readNow(key, changes, load).finally(() => underWay.delete(turn));
    underWay.set(turn, running);
    return running;
  };
  return {
    async read(key, empty, load) {
      const changes = deps.changes();
      const known = readings.get(key);
      const last = { ...(known?.reading ?? empty), recorded: false };
      if (!isDatabaseUp()) return last;
      if (known?.changes === changes && nowMs() - known.atMs < freshMs) return known.reading;
      try {
        return await (freshMs === 0 ? readNow(key, changes, load) : readOnce(key, changes, load));
      } catch (error) {
        // A table that is not there is no fault: the alerter has not run on this database yet.
        if (!isMissingTable(error)) onError(error);
        return last;
      }
    },
  };
}
