import { isMissingTable } from './recorded.js';

/** Reads from the database, and remembers: while it is away the last good reading answers. */
export interface LastGood<T> {
  /**
   * @param key what is read, for example a service and a range
   * @param load reads it; not called while the database is known to be away
   * @returns the value, and whether it is fresh; `null` when nothing was ever read
   */
  read(key: string, load: () => Promise<T>): Promise<{ readonly value: T | null; readonly recorded: boolean }>;
}

export interface LastGoodDeps {
  isDatabaseUp(): boolean;
  onError(error: unknown): void;
}

const MOST_KEYS = 200;

/** Remembers at most 200 readings; the one not read for longest goes first. */
export function createLastGood<T>({ isDatabaseUp, onError }: LastGoodDeps): LastGood<T> {
  const readings = new Map<string, T>();
  const remembered = (key: string) => ({ value: readings.get(key) ?? null, recorded: false });
  return {
    async read(key, load) {
      if (!isDatabaseUp()) return remembered(key);
      try {
        const value = await load();
        readings.delete(key);
        readings.set(key, value);
        if (readings.size > MOST_KEYS) readings.delete(readings.keys().next().value ?? '');
        return { value, recorded: true };
      } catch (error) {
        // A table that is not there is no fault: the alerter has not run on this database yet.
        if (!isMissingTable(error)) onError(error);
        return remembered(key);
      }
    },
  };
}
