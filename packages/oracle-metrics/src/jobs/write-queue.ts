import { MetricsError } from '../errors.js';

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
export function createWriteQueue(options: WriteQueueOptions): WriteQueue {
  return new RetryingQueue(options);
}

class RetryingQueue implements WriteQueue {
  readonly #options: WriteQueueOptions;
  readonly #waiting: Waiting[] = [];
  #draining: Promise<void> | null = null;
  #wake: () => void = () => undefined;
  #stopped = false;

  constructor(options: WriteQueueOptions) {
    this.#options = options;
  }

  async push(write: Write): Promise<void> {
    const { limit, onError } = this.#options;
    const tried = withResolvers();
    const timer = setTimeout(tried.resolve, CALLER_WAITS_MS);
    this.#waiting.push({ write, tried: tried.resolve });
    if (this.#waiting.length > limit) {
      this.#waiting.shift()?.tried();
      onError(
        new MetricsError('DATABASE', `More than ${limit} job records wait for the database; the oldest was dropped.`),
      );
    }
    this.#draining ??= this.#drain().finally(() => {
      this.#draining = null;
    });
    await tried.promise;
    clearTimeout(timer);
  }

  async stop(timeoutMs: number): Promise<void> {
    this.#stopped = true;
    this.#wake();
    if (this.#draining === null) return;
    const late = withResolvers();
    const timer = setTimeout(late.resolve, timeoutMs);
    await Promise.race([this.#draining, late.promise]);
    clearTimeout(timer);
  }

  async #drain(): Promise<void> {
    let delayMs = RETRY_FROM_MS;
    for (let head = this.#waiting[0]; head !== undefined; head = this.#waiting[0]) {
      if (await this.#attempt(head)) {
        if (this.#waiting[0] === head) this.#waiting.shift();
        delayMs = RETRY_FROM_MS;
        continue;
      }
      if (this.#stopped) return;
      await this.#pause(delayMs);
      delayMs = Math.min(delayMs * 2, RETRY_TO_MS);
    }
  }

  async #attempt({ write, tried }: Waiting): Promise<boolean> {
    try {
      await write();
      return true;
    } catch (error) {
      this.#options.onError(error);
      return HOPELESS.test(sqlState(error));
    } finally {
      tried();
    }
  }

  #pause(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, delayMs).unref();
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
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
