import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { JobRun, JobStats } from '../contract/job.js';
import { MetricsError } from '../errors.js';
import type { Registry } from '../registry/registry.js';
import { createHeartbeat } from './heartbeat.js';
import { createJobMetrics } from './job-metrics.js';
import { createJobStore } from './job-store.js';
import type { QueryablePool } from './queryable-pool.js';
import { createWriteQueue } from './write-queue.js';

type Metadata = Readonly<Record<string, unknown>>;

export interface JobOptions {
  /** Stored with the run as JSON, at most 16,384 characters. */
  readonly metadata?: Metadata;
}

/** Watches jobs: each run is a row of `job_runs`. */
export interface JobMonitor {
  /** Runs `fn`, records how it ended, and lets its result or error through unchanged. The database never fails a job. */
  monitorJob<T>(name: string, options: JobOptions, fn: () => T | Promise<T>): Promise<T>;
  /** The newest runs first. `limit` default 20, range 1 … 500. */
  status(query?: { readonly jobName?: string; readonly limit?: number }): Promise<readonly JobRun[]>;
  stats(jobName: string): Promise<JobStats>;
  /** Starts to watch for runs whose process died. The first `monitorJob` does it too. */
  start(): void;
  /** Waits for what is still to be written, at most `timeoutMs` (default 5,000), and stops all timers. */
  stop(timeoutMs?: number): Promise<void>;
}

export interface JobMonitorOptions {
  readonly pool: QueryablePool;
  /** Adds the `scheduler_…` metrics. */
  readonly metrics?: { readonly registry: Registry };
  /** A run without a sign of life for this long is `lost`. Default 90,000, range 1,000 … 86,400,000. */
  readonly leaseMs?: number;
  /** Told when the database could not be written; the write is tried again. Default: nobody. */
  readonly onError?: (error: unknown) => void;
}

/** Writes that wait for the database; older ones are dropped and told to `onError`. */
const WAITING_LIMIT = 1000;

/** Characters kept of an error's message and of metadata as JSON; longer metadata are replaced by a note. */
const MESSAGE_LIMIT = 2000;
const METADATA_LIMIT = 16_384;

/**
 * A monitor of the jobs of this process. It needs the tables of `migrations` in `@nps/oracle-metrics/postgres`.
 * @throws MetricsError `INVALID_OPTION`
 */
export function createJobMonitor(options: JobMonitorOptions): JobMonitor {
  const { pool, metrics, leaseMs = 90_000, onError = () => undefined } = options;
  if (!(leaseMs >= 1000 && leaseMs <= 86_400_000)) {
    throw new MetricsError('INVALID_OPTION', `leaseMs must be from 1,000 to 86,400,000, got ${String(leaseMs)}.`);
  }
  const store = createJobStore(pool);
  const counts = createJobMetrics(metrics?.registry);
  const writes = createWriteQueue({ limit: WAITING_LIMIT, onError });
  const heartbeat = createHeartbeat({ intervalMs: leaseMs / 3, beat: (ids) => store.beat(ids, leaseMs), onError });
  const worker = `${hostname()}:${process.pid}`;

  return {
    async monitorJob(name, { metadata = {} }, fn) {
      const id = randomUUID();
      counts.started(name);
      heartbeat.add(id);
      const run = { id, name, worker, leaseMs, startedAt: new Date(), metadata: metadataText(metadata) };
      // Known before the work begins, so that a run that kills its process is found.
      await writes.push(() => store.begin(run));
      const startedMs = performance.now();
      const end = async (status: 'success' | 'failed', errorMessage: string | null): Promise<void> => {
        const durationSeconds = Math.round((performance.now() - startedMs) * 1000) / 1e6;
        const finishedAt = new Date();
        heartbeat.remove(id);
        counts.ended(name, status, durationSeconds);
        await writes.push(() => store.end(run, { status, finishedAt, durationSeconds, errorMessage }));
      };
      return settle(fn, end);
    },
    status: ({ jobName, limit = 20 } = {}) => store.status(jobName, checkLimit(limit)),
    stats: (jobName) => store.stats(jobName),
    start: () => heartbeat.start(),
    async stop(timeoutMs = 5000) {
      heartbeat.stop();
      await writes.stop(timeoutMs);
    },
  };
}

async function settle<T>(
  fn: () => T | Promise<T>,
  end: (status: 'success' | 'failed', errorMessage: string | null) => Promise<void>,
): Promise<T> {
  let result: T;
  try {
    result = await fn();
  } catch (error) {
    await end('failed', messageOf(error));
    throw error;
  }
  await end('success', null);
  return result;
}

/** A getter of a hostile error must not take the place of the error. */
function messageOf(error: unknown): string {
  try {
    return String(error instanceof Error ? error.message : error).slice(0, MESSAGE_LIMIT);
  } catch {
    return 'unknown error';
  }
}

/** A cycle or a BigInt in the metadata must not fail the job. */
function metadataText(metadata: Metadata): string {
  try {
    const text = JSON.stringify(metadata) ?? '{}';
    return text.length <= METADATA_LIMIT ? text : '{"truncated":true}';
  } catch {
    return '{"unreadable":true}';
  }
}

function checkLimit(limit: number): number {
  if (Number.isInteger(limit) && limit >= 1 && limit <= 500) return limit;
  throw new MetricsError('INVALID_OPTION', `limit must be a whole number from 1 to 500, got ${String(limit)}.`);
}
