import type { Clock } from '@nps/oracle-alerts';
import { pruneAlerts } from '@nps/oracle-alerts/postgres';
import { createHealthHistory } from '@nps/oracle-health/postgres';
import { createMetricsHistory } from '@nps/oracle-metrics/postgres';
import { createRemoteWrite } from '@nps/oracle-metrics/prometheus-history';
import type { RemoteWriteConfig } from './config.js';
import type { Database } from './database.js';
import { createRecorder, type Recorder, type RecordStatus, type SeenByCollector } from './record.js';
import { createRemoteRecorder, teeRecorder } from './remote-recorder.js';
import { createRepeat } from './repeat.js';
import type { TroubleLog } from './trouble-log.js';

/** History on its way into the database, an engine, or both: written in the background. */
export interface Recording {
  /** What the collector hands its visits to. */
  readonly recorder: SeenByCollector;
  start(): void;
  /** Writes what waits, once more, and ends. Idempotent. */
  stop(): Promise<void>;
  /** Null where nothing is written to. */
  status(): { readonly database: RecordStatus | null; readonly remote: RecordStatus | null };
}

/** What the recording works with. */
export interface RecordingDeps {
  readonly clock: Clock;
  readonly trouble: TroubleLog;
}

/** A recorder and what empties it. */
interface Writing {
  readonly recorder: Recorder;
  start(): void;
  stop(): Promise<void>;
}

const FLUSH_EVERY_MS = 1000;
/** Minutes are sealed once a minute, so an engine need not be asked every second. */
const SEND_EVERY_MS = 5000;
const PRUNE_EVERY_MS = 3_600_000;

/** How long visits are kept: as long as the hourly metrics (M9), in ms. */
const KEEP_VISITS_MS = 30 * 86_400_000;

/** Builds the recording; nothing is written before `start()`. Null when there is neither a database nor an engine. */
export function createRecording(
  database: Database | null,
  remote: RemoteWriteConfig | null,
  deps: RecordingDeps,
): Recording | null {
  const stored = database === null ? null : recordInDatabase(database, deps);
  const sent = remote === null ? null : recordRemotely(remote, deps);
  const first = stored ?? sent;
  if (first === null) return null;
  const both = stored !== null && sent !== null;
  return {
    recorder: both ? teeRecorder(stored.recorder, sent.recorder) : first.recorder,
    start() {
      stored?.start();
      sent?.start();
    },
    async stop() {
      await Promise.all([stored?.stop(), sent?.stop()]);
    },
    status: () => ({ database: stored?.recorder.status() ?? null, remote: sent?.recorder.status() ?? null }),
  };
}

/** Trimmed every hour. */
function recordInDatabase(database: Database, { clock, trouble }: RecordingDeps): Writing {
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

function recordRemotely({ url, token }: RemoteWriteConfig, { clock, trouble }: RecordingDeps): Writing {
  const onError = (error: unknown): void => trouble('remote_write', error);
  const remote = createRemoteWrite({ url, ...(token === null ? {} : { token }) });
  const recorder = createRemoteRecorder(remote, onError);
  const writing = createRepeat({ clock, everyMs: SEND_EVERY_MS, run: () => recorder.flush(), onError });
  return {
    recorder,
    start: writing.start,
    stop: async () => {
      await writing.stop();
      await recorder.flush().catch(onError);
    },
  };
}
