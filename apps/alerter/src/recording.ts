import type { Clock } from '@nps/oracle-alerts';
import { pruneAlerts } from '@nps/oracle-alerts/postgres';
import { createHealthHistory } from '@nps/oracle-health/postgres';
import { createMetricsHistory } from '@nps/oracle-metrics/postgres';
import type { Database } from './database.js';
import { createRecorder, type Recorder } from './record.js';
import { createRepeat } from './repeat.js';
import type { TroubleLog } from './trouble-log.js';

/** History on its way into the database: written in the background, trimmed every hour. */
export interface Recording {
  readonly recorder: Recorder;
  start(): void;
  /** Writes what waits, once more, and ends. Idempotent. */
  stop(): Promise<void>;
}

/** What the recording works with. */
export interface RecordingDeps {
  readonly clock: Clock;
  readonly trouble: TroubleLog;
}

const FLUSH_EVERY_MS = 1000;
const PRUNE_EVERY_MS = 3_600_000;

/** How long visits are kept: as long as the hourly metrics (M9), in ms. */
const KEEP_VISITS_MS = 30 * 86_400_000;

/** Builds the recording; nothing is written before `start()`. */
export function createRecording(database: Database, { clock, trouble }: RecordingDeps): Recording {
  const health = createHealthHistory({ pool: database.historyPool });
  const metrics = createMetricsHistory({ pool: database.historyPool });
  const recorder = createRecorder({ health, metrics });
  let prunedAtMs = Number.NEGATIVE_INFINITY;
  const flush = async (): Promise<void> => {
    if (database.state() === 'ready') await recorder.flush();
  };
  const prune = async (): Promise<void> => {
    if (clock.monotonicMs() - prunedAtMs < PRUNE_EVERY_MS) return;
    await metrics.prune(new Date(clock.wallMs()));
    await pruneAlerts(database.historyPool);
    await health.prune(new Date(clock.wallMs() - KEEP_VISITS_MS).toISOString());
    prunedAtMs = clock.monotonicMs();
  };
  const onError = (error: unknown): void => trouble('history', error);
  const writing = createRepeat({
    clock,
    everyMs: FLUSH_EVERY_MS,
    onError,
    run: async () => {
      if (database.state() !== 'ready') return;
      // First, because it prepares the partitions that what follows is written to.
      await prune();
      await flush();
    },
  });
  return {
    recorder,
    start: writing.start,
    stop: async () => {
      await writing.stop();
      await flush().catch(onError);
    },
  };
}
