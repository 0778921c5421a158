import type { Acknowledgement, Silence } from '../contract/index.js';
import type { Mute } from '../evaluation/evaluation-state.js';
import type { Requests } from '../store/alert-store.js';

/** A silence whose dates are further from its steady ones than this is dated anew. */
const REDATED_FROM_MS = 1000;

/** An instant of today, on both clocks. */
export interface Today {
  /** Steady ms. */
  readonly now: number;
  readonly wallOffsetMs: number;
}

/** Silences and acknowledgements, with their ends on the steady clock: a jump of the wall clock does not move them. */
export class RequestBook {
  #silences = new Map<string, { readonly silence: Silence; readonly mute: Mute }>();
  #acknowledgements: readonly Acknowledgement[] = [];
  /** Made or dated anew while the store was gone, or a moment ago. */
  readonly #unstored = new Map<string, Silence>();

  get acknowledgements(): readonly Acknowledgement[] {
    return this.#acknowledgements;
  }

  silences(): readonly Silence[] {
    return [...this.#silences.values()].map(({ silence }) => silence);
  }

  mutes(): readonly Mute[] {
    return [...this.#silences.values()].map(({ mute }) => mute);
  }

  unstored(): readonly Silence[] {
    return [...this.#unstored.values()];
  }

  stored(id: string): void {
    this.#unstored.delete(id);
  }

  /** Takes what the store holds. Known silences keep their steady end. */
  refresh(requests: Requests, today: Today): void {
    const before = this.#silences;
    this.#silences = new Map();
    for (const silence of [...requests.silences, ...this.#unstored.values()]) {
      const known = before.get(silence.id);
      const isSame = known?.silence.endsAt === silence.endsAt && known.silence.startsAt === silence.startsAt;
      this.#silences.set(silence.id, isSame ? known : { silence, mute: muteOf(silence, today) });
    }
    this.#acknowledgements = requests.acknowledgements;
  }

  /** Dates what the wall clock moved away from anew, to be stored again: a restart must find the same ends. */
  redate({ wallOffsetMs }: Today): void {
    for (const [id, { silence, mute }] of this.#silences) {
      const startsAt = mute.from + wallOffsetMs;
      const endsAt = mute.until + wallOffsetMs;
      if (Math.abs(endsAt - silence.endsAt) <= REDATED_FROM_MS) continue;
      const redated = { ...silence, startsAt, endsAt };
      this.#silences.set(id, { silence: redated, mute });
      this.#unstored.set(id, redated);
    }
  }

  add(silence: Silence, today: Today, isStored: boolean): void {
    this.#silences.set(silence.id, { silence, mute: muteOf(silence, today) });
    if (!isStored) this.#unstored.set(silence.id, silence);
  }

  remove(id: string): void {
    this.#silences.delete(id);
    this.#unstored.delete(id);
  }

  /** Alerts that are gone: should they come back, nobody knows of them yet. */
  forgetKeys(keys: readonly string[]): void {
    if (keys.length > 0) this.#acknowledgements = this.#acknowledgements.filter(({ key }) => !keys.includes(key));
  }

  acknowledge(acknowledgement: Acknowledgement): void {
    this.#acknowledgements = [
      ...this.#acknowledgements.filter(({ key }) => key !== acknowledgement.key),
      acknowledgement,
    ];
  }
}

/** Silences begin when they are made: one that begins in the future was dated by a clock that went back since. */
function muteOf({ matcher, startsAt, endsAt }: Silence, { now, wallOffsetMs }: Today): Mute {
  const from = Math.min(startsAt - wallOffsetMs, now);
  return { matcher, from, until: from + endsAt - startsAt };
}
