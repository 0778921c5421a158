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

/** What the collector hands over, and what it asks. */
export interface SeenByCollector {
  addProbe(target: Target, result: ProbeResult): void;
  addScrape(target: Target, result: ScrapeResult): void;
  /** The instant up to which the target's minutes are stored, ISO 8601: it is asked for the later ones. */
  minutesSince(target: Target): string;
  /** Forgets what waits: a standby's leader has recorded it. */
  discard(): void;
}

/** Keeps what was seen until the database has it. Minutes need no keeping: the target is asked for them again. */
export interface Recorder extends SeenByCollector {
  /** Writes everything that waits. On a failure all of it waits on, and the error is passed to the caller. */
  flush(): Promise<void>;
  status(): RecordStatus;
}

/** Some 10 MB of reports, 40 minutes of twenty targets; then the oldest visits go first. */
const MAX_WAITING_VISITS = 10_000;

/** After a start nobody knows what is stored; storing a minute twice changes nothing. */
const ALL_IT_STILL_HAS = new Date(0).toISOString();

interface Latest {
  readonly at: string;
  readonly report: MetricsReport | null;
  readonly samples: readonly Sample[];
}

/** Builds a recorder; it writes only when told to `flush`. */
export function createRecorder(deps: RecordDeps): Recorder {
  return new HistoryRecorder(deps);
}

class HistoryRecorder implements Recorder {
  readonly #deps: RecordDeps;
  #visits: HealthRow[] = [];
  #dropped = 0;
  readonly #latest = new Map<string, Latest>();
  readonly #minutes = new Map<string, readonly MinuteReport[]>();
  readonly #storedUntil = new Map<string, string>();

  constructor(deps: RecordDeps) {
    this.#deps = deps;
  }

  addProbe(target: Target, result: ProbeResult): void {
    this.#visits.push(visitRow(target, result));
    if (this.#visits.length <= MAX_WAITING_VISITS) return;
    this.#visits.shift();
    this.#dropped += 1;
  }

  addScrape({ name }: Target, result: ScrapeResult): void {
    if (result.outcome === 'failure') return;
    if (result.outcome === 'samples') {
      this.#latest.set(name, { at: result.at, report: null, samples: result.samples });
      return;
    }
    const { minutes = [], ...report } = result.report;
    this.#latest.set(name, { at: result.at, report, samples: [] });
    // A target whose clock was put back would otherwise not be asked for its minutes until the old time is reached.
    if ((this.#storedUntil.get(name) ?? '') > report.timestamp) this.#storedUntil.delete(name);
    // A later answer repeats what is not yet stored, so only the last one counts.
    if (minutes.length > 0) this.#minutes.set(name, minutes);
  }

  minutesSince({ name }: Target): string {
    return this.#storedUntil.get(name) ?? ALL_IT_STILL_HAS;
  }

  async flush(): Promise<void> {
    await this.#storeVisits();
    await storeEach(this.#minutes, async (service, sealed) => {
      await this.#deps.metrics.store(sealed.flatMap((minute) => minuteRows(service, minute)));
      await this.#deps.metrics.storeUsage(service, sealed);
      this.#storedUntil.set(service, newest(sealed));
    });
    await storeEach(this.#latest, (service, { at, report, samples }) =>
      this.#deps.metrics.storeLatest(service, at, report, samples),
    );
  }

  discard(): void {
    this.#visits = [];
    this.#latest.clear();
    this.#minutes.clear();
  }

  status(): RecordStatus {
    return { waiting: this.#visits.length, dropped: this.#dropped };
  }

  async #storeVisits(): Promise<void> {
    const batch = this.#visits.slice();
    if (batch.length === 0) return;
    await this.#deps.health.store(batch);
    const stored = new Set(batch);
    this.#visits = this.#visits.filter((row) => !stored.has(row));
  }
}

/** ISO instants in UTC sort as text. */
function newest(minutes: readonly MinuteReport[]): string {
  return minutes.reduce((last, { minute }) => (minute > last ? minute : last), '');
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

export function minuteRows(service: string, { minute, operations }: MinuteReport): readonly MinuteRow[] {
  return Object.entries(operations).map(([operation, { count, errors, sketch }]) => ({
    service,
    operation,
    minute,
    count,
    errors,
    sketch: Buffer.from(sketch, 'base64'),
  }));
}
