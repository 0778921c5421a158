import type { OutboxNotice, Telling } from '../store/alert-store.js';
import type { Tellings } from './dispatch.js';

/** Delivered and given-up notices kept in memory once the store knows them, for status only. */
const FINISHED_KEPT = 200;
/** The same while there is no store: it must learn of them when it returns, or they would be sent again. */
const UNSTORED_KEPT = 20_000;

/** The notices on their way and what every channel was told. The store holds the same; this is what is worked from. */
export class Outbox {
  readonly #notices = new Map<string, OutboxNotice>();
  readonly #told = new Map<string, Map<string, Telling>>();
  #sequence = 0;

  get told(): Tellings {
    return this.#told;
  }

  all(): readonly OutboxNotice[] {
    return [...this.#notices.values()];
  }

  /** Notices of a channel that are not delivered. */
  undelivered(channel?: string): readonly OutboxNotice[] {
    return this.all().filter((notice) => isUnderWay(notice) && (channel === undefined || notice.channel === channel));
  }

  /** Gives new notices their place in the line; what they make pointless is marked. Changes nothing yet. */
  planned(notices: readonly OutboxNotice[]): readonly OutboxNotice[] {
    return notices.flatMap((notice) => {
      if (this.#notices.has(notice.id)) return [];
      this.#sequence += 1;
      return [...this.#overtaken(notice), { ...notice, sequence: this.#sequence }];
    });
  }

  /** An outage that began and ended while its channel was away is not worth two messages once the next one is there. */
  #overtaken(notice: OutboxNotice): readonly OutboxNotice[] {
    if (notice.kind !== 'fire') return [];
    const older = this.undelivered(notice.channel).filter((other) => other.key === notice.key);
    const isWhole = older[0]?.kind === 'fire' && older.at(-1)?.kind === 'resolve';
    if (!isWhole || older.some((other) => other.state === 'sending')) return [];
    return older.map((other) => ({ ...other, state: 'superseded' }));
  }

  put(notices: readonly OutboxNotice[], tellings: readonly Telling[] = []): void {
    for (const notice of notices) {
      this.#sequence = Math.max(this.#sequence, notice.sequence);
      this.#notices.delete(notice.id);
      this.#notices.set(notice.id, notice);
    }
    for (const telling of tellings) {
      const channels = this.#told.get(telling.key) ?? new Map<string, Telling>();
      this.#told.set(telling.key, channels.set(telling.channel, telling));
    }
  }

  /** What a delivered fire makes of its channel's telling: the next fire keeps the cooldown from its delivery on. */
  accepted(notice: OutboxNotice): readonly Telling[] {
    if (notice.kind !== 'fire' || notice.state !== 'delivered') return [];
    const { key, channel, incident, deliveredAt } = notice;
    const known = this.#told.get(key)?.get(channel);
    const fresh: Telling = {
      key,
      channel,
      incident,
      state: 'closed',
      at: notice.createdAt,
      acceptedAt: null,
      refusals: 0,
    };
    return [{ ...(known ?? fresh), acceptedAt: deliveredAt ?? notice.createdAt }];
  }

  forgetKeys(keys: readonly string[]): void {
    for (const key of keys) this.#told.delete(key);
  }

  clear(): void {
    this.#notices.clear();
    this.#told.clear();
  }

  tellings(): readonly Telling[] {
    return [...this.#told.values()].flatMap((channels) => [...channels.values()]);
  }

  /** Forgets the oldest of the finished notices; hardly any while the store does not know them. */
  forgetFinished(isStored: boolean): void {
    const kept = isStored ? FINISHED_KEPT : UNSTORED_KEPT;
    if (this.#notices.size <= kept) return;
    const finished = this.all().filter((notice) => !isUnderWay(notice));
    for (const notice of finished.slice(0, Math.max(0, finished.length - kept))) this.#notices.delete(notice.id);
  }
}

/** Whether a notice is neither delivered nor given up. */
export function isUnderWay(notice: OutboxNotice): boolean {
  return notice.state === 'waiting' || notice.state === 'sending';
}
