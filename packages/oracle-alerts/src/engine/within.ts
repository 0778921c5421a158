import type { Clock, Timer } from '../clock.js';

/** After a stall of this process its timers go first, and only then what has arrived meanwhile: that gets its turn. */
const GRACE_MS = 250;

/** What the work comes to, or what `late` says (or throws) when that takes more than 250 ms longer than `limitMs`. The work goes on unwatched. */
export async function within<Result>(
  clock: Clock,
  limitMs: number,
  work: Promise<Result>,
  late: () => Result,
): Promise<Result> {
  let timer: Timer | null = null;
  const limit = new Promise<void>((resolve) => {
    timer = clock.setTimer(limitMs, () => {
      timer = clock.setTimer(GRACE_MS, resolve);
    });
  });
  // A late failure of what is no longer waited for is not an unhandled rejection.
  work.catch(() => {});
  try {
    return await Promise.race([work, limit.then(late)]);
  } finally {
    if (timer !== null) clock.clearTimer(timer);
  }
}
