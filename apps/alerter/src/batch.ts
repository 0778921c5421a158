import type { Clock, Timer } from '@nps/oracle-alerts';

/** Gathers what comes one by one and hands it on together. */
export interface Batch<Item> {
  add(items: readonly Item[]): void;
  /** Forgets what was gathered. */
  clear(): void;
}

/**
 * Builds a batch.
 * @param delayMs from the first thing gathered to handing on
 */
export function createBatch<Item>(clock: Clock, delayMs: number, take: (items: readonly Item[]) => void): Batch<Item> {
  let gathered: Item[] = [];
  let timer: Timer | null = null;
  const handOn = (): void => {
    timer = null;
    const items = gathered;
    gathered = [];
    take(items);
  };
  return {
    add: (items) => {
      if (items.length === 0) return;
      gathered.push(...items);
      timer ??= clock.setTimer(delayMs, handOn);
    },
    clear: () => {
      gathered = [];
      if (timer !== null) clock.clearTimer(timer);
      timer = null;
    },
  };
}
