import { isMissingTable } from './recorded.js';

/** Reads from the database, and remembers: while it is away the last good reading answers. */
export interface LastGood<T> {
  /**
   * @param key what is read, for example a service and a range
   * @param load reads it; not called while the database is known to be away, nor twice at once for the same key
   * @returns the value, and whether it is fresh; `null` when nothing was ever read
   */
  read(key: string, load: () => Promise<T>): Promise<{ readonly value: T | null; readonly recorded: boolean }>;
}

export interface LastGoodDeps {
  isDatabaseUp(): boolean;
  readonly nowMs: () => number;
  onError(error: unknown): void;
}

const MOST_KEYS = 200;

interface Reading<T> {
  readonly value: T;
  readonly atMs: number;
}

/**
 * Remembers at most 200 readings; the one not read for longest goes first.
 * @param freshMs a reading this young answers without another; default 0
 */
export function createLastGood<T>({ isDatabaseUp, nowMs, onError }: LastGoodDeps, freshMs = 0): LastGood<T> {
  const readings = new Map<string, Reading<T>>();
  const underWay = new Map<string, Promise<T>>();
  const remember = (key: string, value: T): void => {
    readings.delete(key);
    readings.set(key, { value, atMs: nowMs() });
    if (readings.size > MOST_KEYS) readings.delete(readings.keys().next().value ?? '');
  };
  const loadOnce = (key: string, load: () => Promise<T>): Promise<T> => {
    const running = underWay.get(key);
    if (running !== undefined) return running;
    const loading = load().finally(() => underWay.delete(key));
    underWay.set(key, loading);
    return loading;
  };
  return {
    async read(key, load) {
      const known = readings.get(key);
      const last = { value: known?.value ?? null, recorded: false };
      if (!isDatabaseUp()) return last;
      if (known !== undefined && nowMs() - known.atMs < freshMs) return { value: known.value, recorded: true };
      try {
        const value = await loadOnce(key, load);
        remember(key, value);
        return { value, recorded: true };
      } catch (error) {
        // A table that is not there is no fault: the alerter has not run on this database yet.
        if (!isMissingTable(error)) onError(error);
        return last;
      }
    },
  };
}
