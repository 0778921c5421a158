export interface HeartbeatOptions {
  readonly intervalMs: number;
  /** Prolongs the lease of these runs and marks those of dead processes as lost. */
  readonly beat: (ids: readonly string[]) => Promise<void>;
  readonly onError: (error: unknown) => void;
}

export interface Heartbeat {
  add(id: string): void;
  remove(id: string): void;
  start(): void;
  stop(): void;
}

/** A sign of life of the running jobs, at intervals; it never keeps the process alive and never overlaps itself. */
export function createHeartbeat({ intervalMs, beat, onError }: HeartbeatOptions): Heartbeat {
  const running = new Set<string>();
  let timer: NodeJS.Timeout | null = null;
  let beating: Promise<void> | null = null;

  function tick(): void {
    beating ??= beat([...running])
      .catch(onError)
      .finally(() => {
        beating = null;
      });
  }

  function start(): void {
    timer ??= setInterval(tick, intervalMs).unref();
  }

  return {
    add(id) {
      running.add(id);
      start();
    },
    remove: (id) => void running.delete(id),
    start,
    stop() {
      if (timer !== null) clearInterval(timer);
      timer = null;
      running.clear();
    },
  };
}
