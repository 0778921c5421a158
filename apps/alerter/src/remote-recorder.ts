import type { Target } from '@nps/oracle-health/contract';
import type { MinuteReport } from '@nps/oracle-metrics/contract';
import type { RemoteWrite } from '@nps/oracle-metrics/prometheus-history';
import { minuteRows, type Recorder, type RecordStatus, type SeenByCollector } from './record.js';

/** Two hours of eighty services, as long as they keep them; then the oldest minutes go first. One is some 2 KB. */
const MAX_WAITING_MINUTES = 10_000;
/** Minutes of one flush: after an outage the engine is not handed everything at once. 6,000 a minute at most. */
const MINUTES_A_FLUSH = 500;

interface Waiting {
  readonly service: string;
  readonly minute: MinuteReport;
}

/**
 * Keeps minutes until an engine that takes remote write has them. Every minute is sent once: the engine is no place to ask
 * what it has, and one that is sent again after a restart changes nothing there.
 * @param onDropped told of minutes that the engine refused for good
 */
export function createRemoteRecorder(remote: RemoteWrite, onDropped: (error: unknown) => void): Recorder {
  return new RemoteRecorder(remote, onDropped);
}

class RemoteRecorder implements Recorder {
  readonly #remote: RemoteWrite;
  readonly #onDropped: (error: unknown) => void;
  readonly #queuedUntil = new Map<string, string>();
  #waiting: Waiting[] = [];
  #dropped = 0;

  constructor(remote: RemoteWrite, onDropped: (error: unknown) => void) {
    this.#remote = remote;
    this.#onDropped = onDropped;
  }

  /** Health is history of the database alone; an engine scrapes it from `/metrics`. */
  addProbe(): void {}

  addScrape({ name }: Target, result: Parameters<Recorder['addScrape']>[1]): void {
    if (result.outcome !== 'report') return;
    const { minutes = [], timestamp } = result.report;
    // A target whose clock was put back starts anew.
    if (this.minutesSince({ name }) > timestamp) this.#queuedUntil.delete(name);
    const since = this.minutesSince({ name });
    const later = minutes.filter(({ minute }) => minute > since).sort((a, b) => (a.minute < b.minute ? -1 : 1));
    const newest = later.at(-1);
    if (newest === undefined) return;
    this.#queuedUntil.set(name, newest.minute);
    this.#waiting.push(...later.map((minute) => ({ service: name, minute })));
    const over = this.#waiting.length - MAX_WAITING_MINUTES;
    if (over <= 0) return;
    this.#waiting.splice(0, over);
    this.#dropped += over;
  }

  minutesSince({ name }: Pick<Target, 'name'>): string {
    return this.#queuedUntil.get(name) ?? new Date(0).toISOString();
  }

  async flush(): Promise<void> {
    if (this.#waiting.length === 0) return;
    // Over all services: an engine that has taken a minute takes none that is an hour older, of whichever service.
    this.#waiting.sort((a, b) => (a.minute.minute < b.minute.minute ? -1 : 1));
    const batch = this.#waiting.slice(0, MINUTES_A_FLUSH);
    try {
      await this.#send(batch);
    } catch (error) {
      if (!isForGood(error)) throw error;
      this.#dropped += batch.length;
      this.#onDropped(error);
    }
    const sent = new Set(batch);
    this.#waiting = this.#waiting.filter((waiting) => !sent.has(waiting));
  }

  discard(): void {
    this.#waiting = [];
    this.#queuedUntil.clear();
  }

  status(): RecordStatus {
    return { waiting: this.#waiting.length, dropped: this.#dropped };
  }

  async #send(batch: readonly Waiting[]): Promise<void> {
    await this.#remote.store(batch.flatMap(({ service, minute }) => minuteRows(service, minute)));
    for (const service of new Set(batch.map((waiting) => waiting.service))) {
      const minutes = batch.filter((waiting) => waiting.service === service).map(({ minute }) => minute);
      await this.#remote.storeUsage(service, minutes);
    }
  }
}

function isForGood(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'REMOTE_REFUSED';
}

/** Two recorders as one towards the collector; the targets are asked for what either of them still needs. */
export function teeRecorder(first: SeenByCollector, second: SeenByCollector): SeenByCollector {
  return {
    addProbe(target, result) {
      first.addProbe(target, result);
      second.addProbe(target, result);
    },
    addScrape(target, result) {
      first.addScrape(target, result);
      second.addScrape(target, result);
    },
    minutesSince(target) {
      const [one, other] = [first.minutesSince(target), second.minutesSince(target)];
      return one < other ? one : other;
    },
    discard() {
      first.discard();
      second.discard();
    },
  };
}
