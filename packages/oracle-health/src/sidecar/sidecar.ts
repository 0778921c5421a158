import { expectRange } from '../check.js';
import { listen } from './listen.js';
import { createSidecarHandler, type SidecarContent } from './sidecar-handler.js';

/** Settings of {@link startSidecar}. */
export interface SidecarOptions extends SidecarContent {
  /** 0 takes a free one. */
  readonly port: number;
  /** Address to bind. Default `127.0.0.1`; `0.0.0.0` in a container. */
  readonly host?: string;
}

/** A running sidecar. */
export interface Sidecar {
  readonly port: number;
  /** Closes the port. Idempotent. Stops the health too if the sidecar started it. */
  stop(): Promise<void>;
}

/**
 * Serves all of the monitoring port: `/health /healthz /livez /readyz /ready /metrics /metrics.json
 * /metrics/prometheus /jobs/status /jobs/stats/:name` and the given routes. Starts the health if it is idle.
 * @throws HealthError `LISTEN_FAILED`, `INVALID_OPTION`
 */
export async function startSidecar(options: SidecarOptions): Promise<Sidecar> {
  const { health, port, host = '127.0.0.1' } = options;
  expectRange('startSidecar', 'port', port, 0, 65_535);
  const listener = await listen(createSidecarHandler(options), port, host);
  const isOurs = health.phase() === 'idle';
  health.start();
  let stopped: Promise<void> | undefined;
  const stop = async () => {
    await listener.close();
    if (isOurs) await health.stop();
  };
  return {
    port: listener.port,
    stop() {
      stopped ??= stop();
      return stopped;
    },
  };
}
