/** Notices when the event loop stood still. */
export interface LagWatch {
  start(): void;
  stop(): void;
  /** Longest stand-still of the last ten seconds, in milliseconds, one that still lasts included; 0 when not started. */
  worstMs(): number;
}

const beatMs = 250;
const memoryMs = 10_000;

/** A timer that should fire every 250 ms and remembers how late it was. */
export function createLagWatch(): LagWatch {
  let timer: NodeJS.Timeout | undefined;
  let beatAt = 0;
  let worst: { readonly lagMs: number; readonly at: number } = { lagMs: 0, at: 0 };

  const overdueMs = () => Math.max(0, performance.now() - beatAt - beatMs);
  const remembered = () => (performance.now() - worst.at < memoryMs ? worst.lagMs : 0);

  function beat(): void {
    const lagMs = overdueMs();
    const at = performance.now();
    if (lagMs >= remembered()) worst = { lagMs, at };
    beatAt = at;
  }

  return {
    start() {
      if (timer) return;
      beatAt = performance.now();
      worst = { lagMs: 0, at: beatAt };
      timer = setInterval(beat, beatMs);
      timer.unref();
    },
    stop() {
      clearInterval(timer);
      timer = undefined;
    },
    worstMs: () => (timer ? Math.max(overdueMs(), remembered()) : 0),
  };
}
