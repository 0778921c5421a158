import type { Clock } from '../clock.js';
import type { Silence } from '../contract/index.js';
import type { Notifier } from '../notifier.js';

const TIMEOUT_MS = 10_000;

/** Keeps the silences of channels that have their own (Alertmanager) the same as ours. What fails is tried at the next look. */
export class SilenceMirror {
  readonly #clock: Clock;
  readonly #notifiers: readonly Notifier[];
  readonly #onError: (error: unknown) => void;
  /** What every channel was last handed, by silence. */
  readonly #known = new Map<Notifier, Map<string, Silence>>();
  #isBusy = false;

  constructor(clock: Clock, notifiers: readonly Notifier[], onError: (error: unknown) => void) {
    this.#clock = clock;
    this.#notifiers = notifiers.filter(({ silence }) => silence !== undefined);
    this.#onError = onError;
  }

  /** Hands over what is new or changed, and lifts what is gone. One look at a time. */
  async sync(silences: readonly Silence[]): Promise<void> {
    if (this.#isBusy || this.#notifiers.length === 0) return;
    this.#isBusy = true;
    try {
      await Promise.all(this.#notifiers.map((notifier) => this.#syncOne(notifier, silences)));
    } finally {
      this.#isBusy = false;
    }
  }

  async #syncOne(notifier: Notifier, silences: readonly Silence[]): Promise<void> {
    const known = this.#known.get(notifier) ?? new Map<string, Silence>();
    this.#known.set(notifier, known);
    const now = this.#clock.wallMs();
    const wanted = new Map(silences.map((silence) => [silence.id, silence]));
    for (const silence of silences) {
      const before = known.get(silence.id);
      const isSame = before?.startsAt === silence.startsAt && before.endsAt === silence.endsAt;
      if (!isSame && silence.endsAt > now && (await this.#hand(notifier, silence))) known.set(silence.id, silence);
    }
    for (const [id, silence] of known) {
      if (wanted.has(id)) continue;
      if (silence.endsAt <= now || (await this.#hand(notifier, { ...silence, endsAt: now }))) known.delete(id);
    }
  }

  async #hand(notifier: Notifier, silence: Silence): Promise<boolean> {
    const abort = new AbortController();
    const timer = this.#clock.setTimer(TIMEOUT_MS, () => abort.abort());
    try {
      return (await notifier.silence?.(silence, abort.signal))?.result === 'delivered';
    } catch (error) {
      this.#onError(error);
      return false;
    } finally {
      this.#clock.clearTimer(timer);
    }
  }
}
