import { createHealth, type Health } from '@nps/oracle-health';
import { type Sidecar, type SidecarOptions, startSidecar } from '@nps/oracle-health/sidecar';
import type { OracleMetrics } from '@nps/oracle-metrics';
import type { AlerterConfig } from './config.js';
import { AlerterError, messageOf } from './errors.js';
import { type OwnState, ownChecks } from './own-health.js';
import { type AlerterFigures, renderFigures } from './state-metrics.js';

/** The alerter's own port: /health /ready /metrics. */
export interface Serving {
  readonly health: Health;
  /** @throws AlerterError LISTEN_FAILED */
  start(): Promise<{ readonly port: number }>;
  /** Not ready from here on; the port still answers. */
  drain(): void;
  stop(): Promise<void>;
}

/** What is shown on the port. */
export interface ServingDeps {
  readonly own: OwnState;
  readonly metrics: OracleMetrics;
  readonly figures: () => AlerterFigures;
  readonly redact: (text: string) => string;
  readonly version: string;
  readonly routes: NonNullable<SidecarOptions['routes']>;
  readonly onError: (error: unknown) => void;
}

/** Builds the port's content; nothing listens before `start()`. */
export function createServing(config: AlerterConfig, deps: ServingDeps): Serving {
  const health = createHealth({
    service: 'alerter',
    version: deps.version,
    checks: ownChecks(deps.own),
    onError: deps.onError,
  });
  let sidecar: Sidecar | null = null;
  return {
    health,
    start: async () => {
      const { host, port } = config;
      try {
        sidecar = await startSidecar({
          health,
          host,
          port,
          redact: deps.redact,
          routes: deps.routes,
          ...(config.healthToken === null ? {} : { token: config.healthToken }),
          metrics: {
            getMetrics: (options) => deps.metrics.getMetrics(options),
            toPrometheus: () => deps.metrics.toPrometheus() + renderFigures(deps.figures()),
          },
        });
      } catch (error) {
        throw new AlerterError(
          'LISTEN_FAILED',
          `cannot listen on ${host}:${port}: ${messageOf(error)}; set ALERTER_PORT to a free port`,
          { cause: error },
        );
      }
      return { port: sidecar.port };
    },
    drain: () => health.drain(),
    stop: async () => {
      await sidecar?.stop();
    },
  };
}
