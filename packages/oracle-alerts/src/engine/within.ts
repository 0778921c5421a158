import type { Clock, Timer } from '../clock.js';

/** What the work comes to, or what `late` says (or throws) when that takes longer than `limitMs`. The work goes on unwatched. */
export async function within<Result>(
  clock: Clock,
  limitMs: number,
  work: Promise<Result>,
  late: () => Result,
): Promise<Result> {
  let timer: Timer | null = null;
  const limit = new Promise<void>((resolve) => {
    timer = clock.setTimer(limitMs, resolve);
  });
  // A late failure of what is no longer waited for is not an unhandled rejection.
  work.catch(() => {});
  try {
    return await Promise.race([work, limit.then(late)]);
  } finally {
    if (timer !== null) clock.clearTimer(timer);
  }
}
