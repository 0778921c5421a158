import type { Clock, Timer } from '@nps/oracle-alerts';

/** Waits for work, but no longer than `limitMs`; then `onLate` is told and the work goes on unwatched. Rejects as the work does. */
export async function within(clock: Clock, limitMs: number, work: Promise<void>, onLate: () => void): Promise<void> {
  let timer: Timer | null = null;
  const limit = new Promise<void>((resolve) => {
    timer = clock.setTimer(limitMs, () => {
      onLate();
      resolve();
    });
  });
  try {
    await Promise.race([work, limit]);
  } finally {
    if (timer !== null) clock.clearTimer(timer);
  }
}
