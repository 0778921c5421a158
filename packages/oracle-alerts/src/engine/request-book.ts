import type { Acknowledgement, Silence } from '../contract/index.js';
import type { Mute } from '../evaluation/evaluation-state.js';
import type { Requests } from '../store/alert-store.js';

/** Silences and acknowledgements, with their ends on the steady clock: a jump of the wall clock does not move them. */
export class RequestBook {
  #silences = new Map<string, { readonly silence: Silence; readonly mute: Mute }>();
  #acknowledgements: readonly Acknowledgement[] = [];
  /** Made while the store was gone. */
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
  refresh(requests: Requests, wallOffsetMs: number): void {
    const before = this.#silences;
    this.#silences = new Map();
    for (const silence of [...requests.silences, ...this.#unstored.values()]) {
      const known = before.get(silence.id);
      const isSame = known?.silence.endsAt === silence.endsAt && known.silence.startsAt === silence.startsAt;
      this.#silences.set(silence.id, isSame ? known : { silence, mute: muteOf(silence, wallOffsetMs) });
    }
    this.#acknowledgements = requests.acknowledgements;
  }

  add(silence: Silence, wallOffsetMs: number, isStored: boolean): void {
    this.#silences.set(silence.id, { silence, mute: muteOf(silence, wallOffsetMs) });
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

function muteOf(silence: Silence, wallOffsetMs: number): Mute {
  return { matcher: silence.matcher, from: silence.startsAt - wallOffsetMs, until: silence.endsAt - wallOffsetMs };
}
