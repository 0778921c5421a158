/** Something done again and again, never twice at once. */
export interface Loop {
  /** Resolves after the first turn. */
  start(): Promise<void>;
  /** Aborts the turn under way and resolves when it ended. Idempotent. */
  stop(): Promise<void>;
}

export interface LoopOptions {
  /** Pause between the end of a turn and the next, in milliseconds. */
  readonly pauseMs: number;
  turn(signal: AbortSignal): Promise<void>;
  /** Told what a turn threw; the loop goes on. */
  onError(error: unknown): void;
}

/** Runs `turn`, waits, runs it again, until stopped. */
export function createLoop(options: LoopOptions): Loop {
  const stopping = new AbortController();
  let running: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  const run = async (): Promise<void> => {
    try {
      await options.turn(stopping.signal);
    } catch (error) {
      if (!stopping.signal.aborted) options.onError(error);
    }
    if (stopping.signal.aborted) return;
    timer = setTimeout(() => {
      running = run();
    }, options.pauseMs);
  };
  return {
    start() {
      running = run();
      return running;
    },
    async stop() {
      stopping.abort();
      clearTimeout(timer);
      await running;
    },
  };
}
