import { Worker } from 'node:worker_threads';
import type { DrainEvent } from './drain.js';
import type { Layout, SharedRing } from './layout.js';
import type { OutputSetup } from './output.js';
import { lastWord, threadSource } from './thread-source.js';

/** What the thread is started with. */
export interface ThreadSetup extends SharedRing {
  readonly layout: Layout;
  readonly outputs: readonly OutputSetup[];
}

/** What the thread's owner wants to hear. */
export interface ThreadListener {
  readonly onEvent: (event: DrainEvent) => void;
  /** The thread ended without being told to. */
  readonly onDeath: (cause: string) => void;
}

/** A running writer thread; it does not keep the process alive. */
export interface WriterThread {
  /**
   * Waits until the thread has done its work and let go of the files; it is told to stop where it stands after
   * `timeoutMs`.
   * @returns false when it did not even then: it is inside a call to the file system that does not come back
   */
  end(timeoutMs: number): Promise<boolean>;
}

/** How a thread is started; null where there can be none. */
export type StartThread = (setup: ThreadSetup, listener: ThreadListener) => WriterThread | null;

/** How long a thread that was told to stop where it stands may take to do so, in milliseconds. */
const stopMs = 100;

/** Starts the thread, or returns null where the process may have none (resource limits, permissions). */
export function startThread(setup: ThreadSetup, listener: ThreadListener): WriterThread | null {
  let worker: Worker;
  try {
    // No flags and no environment of the process: loaders would only slow it down, and secrets have no business there.
    worker = new Worker(threadSource(), { eval: true, workerData: setup, execArgv: [], env: {}, name: 'log writer' });
  } catch {
    return null;
  }
  let cause = 'it ended by itself';
  let ending = false;
  const ended = new Promise<true>((resolve) => {
    worker.once('exit', () => {
      resolve(true);
      if (!ending) listener.onDeath(cause);
    });
    // What is left after its last word is the engine's, and takes milliseconds.
    worker.on('message', (message: DrainEvent | typeof lastWord) => {
      if (message === lastWord) resolve(true);
      else listener.onEvent(message);
    });
  });
  worker.on('error', (error) => {
    cause = String(error);
  });
  worker.unref();
  return {
    end: async (timeoutMs) => {
      ending = true;
      worker.ref();
      let hasEnded = await within(ended, timeoutMs);
      if (!hasEnded) {
        void worker.terminate();
        hasEnded = await within(ended, stopMs);
      }
      worker.unref();
      return hasEnded;
    },
  };
}

async function within(ended: Promise<true>, timeoutMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, timeoutMs, false);
  });
  const hasEnded = await Promise.race([ended, deadline]);
  clearTimeout(timer);
  return hasEnded;
}
