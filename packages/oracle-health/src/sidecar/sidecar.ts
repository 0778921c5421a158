import { expectRange } from '../check.js';
import { answer, type EndpointPath, endpointPaths, plainQuestion } from '../endpoints/answer.js';
import { withoutDetail } from '../endpoints/formats.js';
import type { Answer } from '../endpoints/reply.js';
import { expectHealth } from '../health.js';
import { type Front, startFront } from './front.js';
import { listen } from './listen.js';
import { createSidecarHandler, type SidecarContent } from './sidecar-handler.js';

/** Settings of {@link startSidecar}. */
export interface SidecarOptions extends SidecarContent {
  /** 0 takes a free one. */
  readonly port: number;
  /** Address to bind. Default `127.0.0.1`; `0.0.0.0` in a container. */
  readonly host?: string;
  /**
   * `worker` (default): a thread of its own answers, also while the main loop is blocked, and says so.
   * `main`: no thread, for environments that forbid them.
   */
  readonly thread?: 'worker' | 'main';
  /** Stand-still of the main loop that is reported as `event_loop_blocked`, in milliseconds. Default 1000. */
  readonly loopBlockedAfterMs?: number;
  /** Stand-still after which the service is `down` instead of `degraded`, in milliseconds. Default 5000. */
  readonly loopDownAfterMs?: number;
  /** Receives what goes wrong in the background. */
  readonly onError?: (error: unknown) => void;
}

/** A running sidecar. */
export interface Sidecar {
  readonly port: number;
  /** Closes the port. Idempotent. Stops the health too if the sidecar started it. */
  stop(): Promise<void>;
}

// The pages hold an uptime and a timestamp: they are made anew at least this often.
const publishMs = 1_000;

/**
 * Serves all of the monitoring port: `/health /healthz /livez /readyz /ready /metrics /metrics.json
 * /metrics/prometheus /jobs/status /jobs/stats/:name` and the given routes. Starts the health if it is idle.
 * @throws HealthError `LISTEN_FAILED`, `INVALID_OPTION`
 */
export async function startSidecar(options: SidecarOptions): Promise<Sidecar> {
  const { health, port, host = '127.0.0.1', thread = 'worker' } = options;
  expectHealth('startSidecar', health);
  expectRange('startSidecar', 'port', port, 0, 65_535);
  expectRange('startSidecar', 'loopBlockedAfterMs', options.loopBlockedAfterMs, 100, 600_000);
  expectRange('startSidecar', 'loopDownAfterMs', options.loopDownAfterMs, 100, 600_000);
  const isOurs = health.phase() === 'idle';
  const server =
    thread === 'main'
      ? await listen(createSidecarHandler(options), port, host)
      : await listenBehindFront(options, host);
  health.start();
  let stopped: Promise<void> | undefined;
  const stop = async () => {
    await server.close();
    if (isOurs) await health.stop();
  };
  return {
    port: server.port,
    stop() {
      stopped ??= stop();
      return stopped;
    },
  };
}

async function listenBehindFront(options: SidecarOptions, host: string) {
  const { port, loopBlockedAfterMs = 1_000, loopDownAfterMs = 5_000, onError = () => undefined } = options;
  const upstream = await listen(createSidecarHandler(options), 0, '127.0.0.1');
  try {
    const front = await startFront({
      port,
      host,
      upstreamPort: upstream.port,
      blockedAfterMs: loopBlockedAfterMs,
      downAfterMs: loopDownAfterMs,
      onError,
    });
    const unpublish = keepPublished(front, options, onError);
    const close = async () => {
      unpublish();
      await front.stop();
      await upstream.close();
    };
    return { port: front.port, close };
  } catch (error) {
    await upstream.close();
    throw error;
  }
}

/** Sends the front what it may answer by itself, now and whenever something changed; returns how to stop that. */
function keepPublished(front: Front, options: SidecarOptions, onError: (error: unknown) => void): () => void {
  const { health } = options;
  let isStopped = false;
  const publish = async () => {
    if (!health.isComplete()) return;
    const own = Object.keys(options.routes ?? {});
    const paths = endpointPaths.filter((path) => !own.includes(`GET ${path}`));
    const pages = await Promise.all(paths.map(async (path) => [path, await pageOf(path, options)] as const));
    if (!isStopped) front.publish(Object.fromEntries(pages), withoutDetail(health.report()));
  };
  const publishSafely = () => void publish().catch(onError);
  const unsubscribe = health.subscribe(publishSafely);
  const timer = setInterval(publishSafely, publishMs);
  timer.unref();
  publishSafely();
  return () => {
    isStopped = true;
    unsubscribe();
    clearInterval(timer);
  };
}

function pageOf(path: EndpointPath, options: SidecarOptions): Promise<Answer> {
  return answer(options.health, plainQuestion(path), options);
}
