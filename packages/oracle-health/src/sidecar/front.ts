import { Worker } from 'node:worker_threads';

import type { HealthReport } from '../contract/index.js';
import type { EndpointPath } from '../endpoints/answer.js';
import type { Answer } from '../endpoints/reply.js';
import { HealthError } from '../errors.js';
import { frontSource } from './front-source.js';
import { closeGraceMs, listenFailed, timeouts } from './listen.js';

/** What the front answers by itself. */
export type Pages = Readonly<Partial<Record<EndpointPath, Answer>>>;

/** The server that clients see, on a thread of its own. */
export interface Front {
  readonly port: number;
  /** Replaces what it answers by itself; `report` is what it falls back to while the main thread stands still. */
  publish(pages: Pages, report: HealthReport): void;
  stop(): Promise<void>;
}

/** Where it listens and when it speaks for the main thread. */
export interface FrontOptions {
  readonly port: number;
  readonly host: string;
  /** Port of the main thread's own server on the loopback. */
  readonly upstreamPort: number;
  /** Stand-still after which the main thread counts as blocked, in milliseconds. */
  readonly blockedAfterMs: number;
  /** Stand-still after which the service counts as down, in milliseconds. */
  readonly downAfterMs: number;
  /** Told when the thread died; it is started again up to three times. */
  readonly onError: (error: unknown) => void;
}

type FrontMessage =
  | { readonly kind: 'listening'; readonly port: number }
  | { readonly kind: 'failed'; readonly code?: string };

const beatMs = 100;
const maxRestarts = 3;
// A thread that lived this long did not die of its start.
const forgivenAfterMs = 600_000;
// Far more than the last report and a few hundred connections need.
const resourceLimits = { maxOldGenerationSizeMb: 48, maxYoungGenerationSizeMb: 2 };

/** @throws HealthError `LISTEN_FAILED` when the port is taken or may not be used */
export async function startFront(options: FrontOptions): Promise<Front> {
  const beats = new BigInt64Array(new SharedArrayBuffer(8));
  const beat = () => Atomics.store(beats, 0, process.hrtime.bigint());
  let last: object | undefined;
  let restarts = 0;
  let launchedAt = performance.now();
  let isStopping = false;
  beat();
  const timer = setInterval(beat, beatMs);
  timer.unref();
  const first = await launch(options, beats, options.port).catch((error: unknown) => {
    clearInterval(timer);
    throw error;
  });
  let { worker } = first;
  supervise();

  function supervise(): void {
    worker.on('error', options.onError);
    worker.once('exit', () => {
      if (isStopping) return;
      restarts = performance.now() - launchedAt > forgivenAfterMs ? 1 : restarts + 1;
      launchedAt = performance.now();
      if (restarts <= maxRestarts) void relaunch();
      else
        options.onError(
          new HealthError('LISTEN_FAILED', `The sidecar's thread died ${restarts} times; it is not started again`),
        );
    });
  }

  async function relaunch(): Promise<void> {
    try {
      ({ worker } = await launch(options, beats, first.port));
      supervise();
      if (last) worker.postMessage(last, []);
    } catch (error) {
      options.onError(error);
    }
  }

  return {
    port: first.port,
    publish(pages, report) {
      last = { kind: 'pages', pages, report };
      worker.postMessage(last, []);
    },
    async stop() {
      isStopping = true;
      clearInterval(timer);
      beat();
      await end(worker);
    },
  };
}

async function launch(
  options: FrontOptions,
  beats: BigInt64Array,
  port: number,
): Promise<{ worker: Worker; port: number }> {
  const { host, upstreamPort, blockedAfterMs, downAfterMs } = options;
  const workerData = {
    port,
    host,
    upstreamPort,
    blockedAfterMs,
    downAfterMs,
    beats: beats.buffer,
    beatMs,
    timeouts,
    closeGraceMs,
  };
  const name = 'nps-oracle-health';
  const worker = new Worker(frontSource, { eval: true, workerData, resourceLimits, env: {}, execArgv: [], name });
  return new Promise((resolve, reject) => {
    worker.once('error', reject);
    worker.once('message', (message: FrontMessage) => {
      worker.off('error', reject);
      if (message.kind === 'listening') resolve({ worker, port: message.port });
      else reject(listenFailed(port, host, message));
    });
  });
}

async function end(worker: Worker): Promise<void> {
  // A thread that has ended has no number any more, and no further `exit`.
  if (worker.threadId === -1) return;
  const exited = new Promise((resolve) => worker.once('exit', resolve));
  worker.postMessage({ kind: 'stop' }, []);
  const timer = setTimeout(() => void worker.terminate(), closeGraceMs * 2);
  await exited;
  clearTimeout(timer);
}
