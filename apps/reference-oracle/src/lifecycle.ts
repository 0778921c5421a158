import type { Server } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { Health } from '@nps/oracle-health';
import type { Sidecar } from '@nps/oracle-health/sidecar';
import type { JobMonitor } from '@nps/oracle-metrics';
import type { OracleConfig } from './config.js';
import type { DailyJob } from './daily-job.js';
import type { Faults } from './faults.js';
import type { GrpcServer } from './grpc/grpc-server.js';
import { closeServer, listen, listenFailed } from './listening.js';
import type { MigratedDatabase } from './store/database.js';

/** Ports the Oracle listens on. */
export interface OraclePorts {
  readonly grpc: number;
  readonly api: number;
  readonly sidecar: number;
}

/** Start and stop of the whole. */
export interface Lifecycle {
  /** Starts every server; the database may come later. @throws OracleError LISTEN_FAILED, with nothing left running */
  start(): Promise<OraclePorts>;
  /** Not ready, then no new request, then those in flight, then everything else. Idempotent; at most about 9 s. */
  stop(): Promise<void>;
}

/** What is started and stopped. */
export interface Parts {
  readonly health: Health;
  readonly database: MigratedDatabase;
  readonly faults: Faults;
  readonly api: Server;
  readonly grpc: GrpcServer;
  readonly job: DailyJob;
  readonly jobs: JobMonitor;
  openSidecar(config: OracleConfig): Promise<Sidecar>;
}

/** What the tables get to come up before requests are taken without them. */
const DATABASE_WAIT_MS = 2000;
/** What requests in flight get to finish once the servers close. */
const FINISH_MS = 6000;
/** What the job and the database get to say goodbye. */
const GOODBYE_MS = 1500;

/** The order of starting, and its reverse. */
export function createLifecycle(config: OracleConfig, parts: Parts): Lifecycle {
  const { health, database, faults, api, grpc, job, jobs } = parts;
  let sidecar: Sidecar | undefined;
  let stopped: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    // Callers see "not ready" a moment before the doors close.
    health.drain();
    if (sidecar !== undefined) await delay(config.drainMs);
    faults.stop();
    await Promise.all([closeServer(api, FINISH_MS), grpc.stop(FINISH_MS)]);
    await within(GOODBYE_MS, job.stop());
    await jobs.stop(GOODBYE_MS);
    await within(GOODBYE_MS, database.stop());
    await sidecar?.stop();
    await health.stop();
  };
  const lifecycle: Lifecycle = {
    start: async () => {
      try {
        health.start();
        database.start();
        sidecar = await openSidecar(config, parts);
        // With a database at hand the first reading is stored already; without one the doors open all the same.
        await within(DATABASE_WAIT_MS, database.ready);
        const ports = {
          sidecar: sidecar.port,
          api: await listen(api, config.host, config.apiPort, 'ORACLE_API_PORT'),
          grpc: await grpc.start(config.host, config.grpcPort),
        };
        // The job writes into tables, so it waits for them; they may come much later, or never.
        database.ready.then(job.start, () => undefined);
        return ports;
      } catch (error) {
        await lifecycle.stop();
        throw error;
      }
    },
    stop: () => {
      stopped ??= stop();
      return stopped;
    },
  };
  return lifecycle;
}

async function openSidecar(config: OracleConfig, parts: Parts): Promise<Sidecar> {
  try {
    return await parts.openSidecar(config);
  } catch (error) {
    const cause = (error as { readonly cause?: unknown }).cause ?? error;
    throw listenFailed(config.host, config.sidecarPort, 'ORACLE_HTTP_PORT', cause);
  }
}

/** Waits for the work, but not for ever: whatever still hangs then is left behind. */
async function within(limitMs: number, work: Promise<void>): Promise<void> {
  const done = new AbortController();
  const limit = delay(limitMs, undefined, { signal: done.signal }).catch(() => undefined);
  await Promise.race([work.catch(() => undefined), limit]);
  done.abort();
}
