export interface WriteQueueOptions {
  /** Writes that may wait; beyond it the oldest is dropped. */
  readonly limit: number;
  readonly onError: (error: unknown) => void;
}

type Write = () => Promise<unknown>;

export interface WriteQueue {
  /** Resolves when the write was tried once, well or not, or after a second: the caller never hangs on the database. */
  push(write: Write): Promise<void>;
  stop(timeoutMs: number): Promise<void>;
}

interface Waiting {
  readonly write: Write;
  readonly tried: () => void;
}

const CALLER_WAITS_MS = 1000;
const RETRY_FROM_MS = 100;
const RETRY_TO_MS = 5000;

/** SQLSTATE classes "data exception" and "integrity constraint violation": no later try will do better. */
const HOPELESS = /^2[23]/;

/** Writes one after the other, in order, and tries again while the database is away. */
export function createWriteQueue({ limit, onError }: WriteQueueOptions): WriteQueue {
  const waiting: Waiting[] = [];
  let draining: Promise<void> | null = null;
  let wake: (() => void) | null = null;
  let stopped = false;

  async function drain(): Promise<void> {
    for (let head = waiting[0], delayMs = RETRY_FROM_MS; head !== undefined; head = waiting[0]) {
      const done = await attempt(head);
      if (done) {
        if (waiting[0] === head) waiting.shift();
        delayMs = RETRY_FROM_MS;
        continue;
      }
      if (stopped) return;
      await pause(delayMs);
      delayMs = Math.min(delayMs * 2, RETRY_TO_MS);
    }
  }

  async function attempt({ write, tried }: Waiting): Promise<boolean> {
    try {
      await write();
      return true;
    } catch (error) {
      onError(error);
      return HOPELESS.test(sqlState(error));
    } finally {
      tried();
    }
  }

  function pause(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, delayMs).unref();
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  function run(): void {
    draining ??= drain().finally(() => {
      draining = null;
    });
  }

  return {
    push(write) {
      const tried = withResolvers();
      const timer = setTimeout(tried.resolve, CALLER_WAITS_MS).unref();
      waiting.push({ write, tried: tried.resolve });
      if (waiting.length > limit) {
        waiting.shift()?.tried();
        onError(new Error(`${limit} job records wait for the database; the oldest was dropped.`));
      }
      run();
      return tried.promise.finally(() => clearTimeout(timer));
    },
    async stop(timeoutMs) {
      stopped = true;
      wake?.();
      if (draining === null) return;
      const limitReached = withResolvers();
      const timer = setTimeout(limitReached.resolve, timeoutMs);
      await Promise.race([draining, limitReached.promise]);
      clearTimeout(timer);
    },
  };
}

function withResolvers(): { promise: Promise<void>; resolve: () => void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

function sqlState(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}
