import type { ProbeResult, Target } from '@nps/oracle-health/contract';
import type { HealthHistory, HealthRow } from '@nps/oracle-health/postgres';
import type { ScrapeResult } from '@nps/oracle-metrics/client';
import type { MetricsReport, MinuteReport, Sample } from '@nps/oracle-metrics/contract';
import type { MetricsHistory, MinuteRow } from '@nps/oracle-metrics/postgres';

/** Where history goes. */
export interface RecordDeps {
  readonly health: HealthHistory;
  readonly metrics: MetricsHistory;
}

/** How the recorder is doing. */
export interface RecordStatus {
  /** Visits that wait for the database. */
  readonly waiting: number;
  /** Visits given up because the database stayed away for too long. */
  readonly dropped: number;
}

/** Keeps what was seen until the database has it. Minutes need no keeping: the target is asked for them again. */
export interface Recorder {
  addProbe(target: Target, result: ProbeResult): void;
  addScrape(target: Target, result: ScrapeResult): void;
  /** The instant up to which the target's minutes are stored, ISO 8601; undefined asks for all it still has. */
  minutesSince(target: Target): string | undefined;
  /** Writes everything that waits. On a failure all of it waits on, and the error is passed to the caller. */
  flush(): Promise<void>;
  /** Forgets what waits: a standby's leader has recorded it. */
  discard(): void;
  status(): RecordStatus;
}

/** Some 10 MB of reports, 40 minutes of twenty targets; then the oldest visits go first. */
const MAX_WAITING_VISITS = 10_000;

interface Latest {
  readonly at: string;
  readonly report: MetricsReport | null;
  readonly samples: readonly Sample[];
}

/** Builds a recorder; it writes only when told to `flush`. */
export function createRecorder(deps: RecordDeps): Recorder {
  let visits: HealthRow[] = [];
  let dropped = 0;
  const latest = new Map<string, Latest>();
  const minutes = new Map<string, readonly MinuteReport[]>();
  const storedUntil = new Map<string, string>();

  return {
    addProbe: (target, result) => {
      visits.push(visitRow(target, result));
      if (visits.length <= MAX_WAITING_VISITS) return;
      visits.shift();
      dropped += 1;
    },
    addScrape: (target, result) => {
      if (result.outcome === 'failure') return;
      const { outcome, at } = result;
      const { minutes: sealed, ...report } = outcome === 'report' ? result.report : { minutes: undefined };
      latest.set(
        target.name,
        outcome === 'report'
          ? { at, report: report as MetricsReport, samples: [] }
          : { at, report: null, samples: result.samples },
      );
      // A target whose clock was put back would otherwise not be asked for its minutes until the old time is reached.
      if (outcome === 'report' && (storedUntil.get(target.name) ?? '') > result.report.timestamp)
        storedUntil.delete(target.name);
      // A later answer repeats what is not yet stored, so only the last one counts.
      if (sealed !== undefined && sealed.length > 0) minutes.set(target.name, sealed);
    },
    minutesSince: (target) => storedUntil.get(target.name),
    flush: async () => {
      await storeVisits();
      await storeMinutes();
      await storeLatest();
    },
    discard: () => {
      visits = [];
      latest.clear();
      minutes.clear();
    },
    status: () => ({ waiting: visits.length, dropped }),
  };

  async function storeVisits(): Promise<void> {
    const batch = visits;
    if (batch.length === 0) return;
    await deps.health.store(batch);
    const stored = new Set(batch);
    visits = visits.filter((row) => !stored.has(row));
  }

  function storeMinutes(): Promise<void> {
    return storeEach(minutes, async (service, sealed) => {
      await deps.metrics.store(sealed.flatMap((minute) => minuteRows(service, minute)));
      storedUntil.set(
        service,
        sealed.reduce((last, { minute }) => (minute > last ? minute : last), ''),
      );
    });
  }

  function storeLatest(): Promise<void> {
    return storeEach(latest, (service, seen) => deps.metrics.storeLatest(service, seen.at, seen.report, seen.samples));
  }
}

/** Stores entry by entry, so that one the database refuses does not hold up the others; throws the first refusal. */
async function storeEach<Entry>(
  entries: Map<string, Entry>,
  store: (service: string, entry: Entry) => Promise<void>,
): Promise<void> {
  const refusals: unknown[] = [];
  for (const [service, entry] of entries) {
    try {
      await store(service, entry);
      if (entries.get(service) === entry) entries.delete(service);
    } catch (error) {
      refusals.push(error);
    }
  }
  if (refusals.length > 0) throw refusals[0];
}

function visitRow(target: Target, result: ProbeResult): HealthRow {
  const { at, latencyMs } = result;
  if (result.outcome === 'report')
    return { service: target.name, at, status: result.status, report: result.health, latencyMs };
  const { reason, message } = result;
  return { service: target.name, at, status: 'unreachable', reason, message, report: null, latencyMs };
}

function minuteRows(service: string, { minute, operations }: MinuteReport): readonly MinuteRow[] {
  return Object.entries(operations).map(([operation, { count, errors, sketch }]) => ({
    service,
    operation,
    minute,
    count,
    errors,
    sketch: Buffer.from(sketch, 'base64'),
  }));
}
