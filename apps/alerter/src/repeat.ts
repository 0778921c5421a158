import type { Clock, Timer } from '@nps/oracle-alerts';

/** A background task that runs again and again, one run at a time. */
export interface Repeat {
  start(): void;
  /** Lets a run under way finish; none follows. Idempotent. */
  stop(): Promise<void>;
}

/** What is repeated. */
export interface RepeatOptions {
  readonly clock: Clock;
  /** From the end of one run to the start of the next, in ms. */
  readonly everyMs: number;
  readonly run: () => Promise<void> | void;
  /** A run that fails is reported and followed by the next. */
  readonly onError: (error: unknown) => void;
}

/** Builds the task; the first run comes one interval after `start()`. */
export function createRepeat({ clock, everyMs, run, onError }: RepeatOptions): Repeat {
  let timer: Timer | null = null;
  let running: Promise<void> = Promise.resolve();
  let phase: 'idle' | 'running' | 'stopped' = 'idle';

  const turn = async (): Promise<void> => {
    try {
      await run();
    } catch (error) {
      onError(error);
    }
    schedule();
  };
  const schedule = (): void => {
    if (phase !== 'running') return;
    timer = clock.setTimer(everyMs, () => {
      running = turn();
    });
  };
  return {
    start: () => {
      if (phase !== 'idle') return;
      phase = 'running';
      schedule();
    },
    stop: async () => {
      phase = 'stopped';
      if (timer !== null) clock.clearTimer(timer);
      await running;
    },
  };
}
