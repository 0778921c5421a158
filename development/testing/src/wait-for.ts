import { setTimeout as delay } from 'node:timers/promises';

/**
 * Polls until `read` returns something truthy and returns it: a deadline instead of a fixed sleep.
 * @param timeoutMs default 30,000; the error then carries the last fault or value seen
 */
export async function waitFor<T>(
  read: () => T | Promise<T>,
  { timeoutMs = 30_000, everyMs = 20, what = 'the condition' } = {},
): Promise<Exclude<T, false | 0 | '' | null | undefined>> {
  const deadline = performance.now() + timeoutMs;
  let last: unknown;
  do {
    try {
      const value = await read();
      if (value) return value as Exclude<T, false | 0 | '' | null | undefined>;
      last = value;
    } catch (error) {
      last = error;
    }
    await delay(everyMs);
  } while (performance.now() < deadline);
  throw new Error(`Waited ${timeoutMs} ms for ${what}; last seen: ${String(last)}`);
}
