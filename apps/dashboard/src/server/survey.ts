import type { Target } from '@nps/oracle-health/contract';
import type { AlertSummary } from '../contract/alerts.js';
import type {
  AlerterState,
  ConfigurationState,
  DatabaseState,
  Delivery,
  Recording,
  StatusReply,
} from '../contract/status.js';
import type { AlertBook } from './alert-book.js';
import { alerterAway } from './alerter-watch.js';
import { composeStatus } from './compose-status.js';
import { type Database, measures } from './database.js';
import type { LiveLook } from './live.js';
import { createLoop, type Loop } from './loop.js';
import type { QuietTimes } from './quiet-times.js';
import { isMissingTable, type Recorded } from './recorded.js';
import { lastSeenMs, newest, nothingSeen, onlyTargets, type Seen } from './seen.js';
import type { SeriesSource } from './series-source.js';
import { dueTrends, type KnownTrend, loadTrend, mainOperation } from './trends.js';

/** What the survey looks at. `database`, `recorded` and `alerts` are absent together: no DATABASE_URL. */
export interface SurveySources {
  /** Those of the configuration file in use. */
  targets(): readonly Target[];
  configuration(): ConfigurationState;
  readonly stored: {
    readonly database: Database;
    readonly recorded: Recorded;
    readonly series: SeriesSource;
    readonly alerts: AlertBook;
  } | null;
  readonly live: LiveLook;
  readonly alerter: { look(signal: AbortSignal): Promise<AlerterState> };
  readonly collectIntervalMs: number;
  readonly nowMs: () => number;
  onError(error: unknown): void;
}

/** Looks around in the background, so that a request never waits for anything. */
export interface Survey extends Loop {
  /** The last complete look; `null` before the first. */
  latest(): StatusReply | null;
  /** The raw reports behind it. */
  seen(): Seen;
  /** Whether reads from the database can be expected to work. */
  isDatabaseUp(): boolean;
}

/** Half the page's rhythm, so that what the page gets is at most this old. */
const PAUSE_MS = 2500;
/** After a trend could not be read. */
const TRENDS_REST_MS = 20_000;
/** One probe's deadline: a target that times out must not make the whole recording look stale. */
const PROBE_MS = 2000;

/** Everything remembered from one turn to the next. */
interface Memory {
  recorded: Seen;
  live: Seen;
  alerts: readonly AlertSummary[];
  quiet: QuietTimes;
  readonly trends: Map<string, KnownTrend>;
  trendsRestUntilMs: number;
  changes: ReadonlyMap<string, { readonly status: string; readonly at: string | null }>;
  database: DatabaseState;
  alerter: AlerterState;
  lastDelivery: Delivery | null;
}

export function createSurvey(sources: SurveySources): Survey {
  const memory = emptyMemory(sources);
  let latest: StatusReply | null = null;
  let lastSeen: Seen = nothingSeen;
  const compose = (targets: readonly Target[], recording: Recording): void => {
    const { configuration, nowMs } = sources;
    latest = composeStatus({
      ...memory,
      targets,
      seen: lastSeen,
      recording,
      configuration: configuration(),
      nowMs: nowMs(),
    });
  };
  const turn = async (signal: AbortSignal): Promise<void> => {
    const targets = sources.targets();
    const [, alerter] = await Promise.all([readStored(sources, memory), sources.alerter.look(signal)]);
    // Whether anybody would be told is a matter of its configuration, which it took with it.
    memory.alerter = alerter.state === 'away' ? { ...alerter, channels: memory.alerter.channels } : alerter;
    const recording = judgeRecording(sources, memory);
    // Many dead targets take their time to be looked at: what is known is said before.
    if (latest === null) compose(targets, recording);
    if (recording.state !== 'current') memory.live = await sources.live.look(targets, signal);
    lastSeen = onlyTargets(
      recording.state === 'current' ? memory.recorded : newest(memory.recorded, memory.live),
      targets,
    );
    noteChanges(memory, lastSeen);
    await readTrends(sources, memory, lastSeen, signal);
    compose(targets, recording);
  };
  const loop = createLoop({ pauseMs: PAUSE_MS, turn, onError: (error) => sources.onError(error) });
  return {
    ...loop,
    latest: () => latest,
    seen: () => lastSeen,
    isDatabaseUp: () => memory.database.state === 'connected',
  };
}

function emptyMemory({ stored }: SurveySources): Memory {
  const unknown = { connections: null, max_connections: null, since: null };
  return {
    recorded: nothingSeen,
    live: nothingSeen,
    alerts: [],
    quiet: { silences: [], weekly: [] },
    trends: new Map(),
    trendsRestUntilMs: Number.NEGATIVE_INFINITY,
    changes: new Map(),
    database: { ...unknown, ...measures(null, null), state: stored === null ? 'not_configured' : 'away' },
    alerter: alerterAway,
    lastDelivery: null,
  };
}

/** Reads what the alerter wrote. While the database is away the last good reading stays. */
async function readStored({ stored, nowMs, onError }: SurveySources, memory: Memory): Promise<void> {
  if (stored === null) return;
  try {
    const measured = await stored.database.measure();
    memory.database = { state: 'connected', ...measured, since: null };
  } catch (error) {
    if (memory.database.since === null) onError(error);
    const since = memory.database.since ?? new Date(nowMs()).toISOString();
    memory.database = {
      ...memory.database,
      state: 'away',
      connections: null,
      ...measures(memory.database.size_bytes, null),
      since,
    };
    return;
  }
  await Promise.all([
    keepOnFailure(stored.recorded.load(), onError, (seen) => {
      memory.recorded = seen;
    }),
    keepOnFailure(stored.alerts.open(), onError, ({ alerts, quiet }) => {
      memory.alerts = alerts;
      memory.quiet = quiet;
    }),
    keepOnFailure(stored.alerts.lastDelivery(), onError, (delivery) => {
      memory.lastDelivery = delivery;
    }),
  ]);
}

/**
 * Tables that are not there yet are no error: the alerter has not run on this database.
 * @returns whether there was something to keep
 */
async function keepOnFailure<T>(
  reading: Promise<T>,
  onError: (error: unknown) => void,
  keep: (value: T) => void,
): Promise<boolean> {
  try {
    keep(await reading);
    return true;
  } catch (error) {
    if (!isMissingTable(error)) onError(error);
    return false;
  }
}

function judgeRecording({ collectIntervalMs, nowMs }: SurveySources, { recorded }: Memory): Recording {
  const lastMs = lastSeenMs(recorded);
  if (lastMs === null) return { state: 'absent', last_at: null };
  const isCurrent = nowMs() - lastMs <= 2 * collectIntervalMs + PROBE_MS;
  return { state: isCurrent ? 'current' : 'stale', last_at: new Date(lastMs).toISOString() };
}

function noteChanges(memory: Memory, seen: Seen): void {
  const changes = new Map<string, { readonly status: string; readonly at: string | null }>();
  for (const [name, visit] of seen.visits) {
    const known = memory.changes.get(name);
    const isNew = known?.status !== visit.status;
    changes.set(name, isNew ? { status: visit.status, at: known === undefined ? null : visit.at } : known);
    const trend = memory.trends.get(name);
    if (isNew && trend !== undefined) memory.trends.set(name, { ...trend, atMs: null });
  }
  memory.changes = changes;
  for (const name of memory.trends.keys()) if (!seen.visits.has(name)) memory.trends.delete(name);
}

async function readTrends(
  { stored, nowMs, onError }: SurveySources,
  memory: Memory,
  seen: Seen,
  signal: AbortSignal,
): Promise<void> {
  if (stored === null || memory.database.state !== 'connected' || nowMs() < memory.trendsRestUntilMs) return;
  const services = [...seen.visits.keys()].map((name) => ({
    name,
    operation: mainOperation(seen.measured.get(name)?.report?.windows['60m'].by_operation ?? {}),
  }));
  for (const service of dueTrends(services, memory.trends, { nowMs: nowMs(), turnMs: PAUSE_MS })) {
    if (signal.aborted) return;
    const atMs = nowMs();
    const isRead = await keepOnFailure(loadTrend(stored.recorded, stored.series, service, atMs), onError, (trend) => {
      memory.trends.set(service.name, { trend, atMs });
    });
    if (!isRead) {
      memory.trendsRestUntilMs = nowMs() + TRENDS_REST_MS;
      return;
    }
  }
}
