/** Runs asynchronous turns one after the other; a turn that throws is reported and does not stop the next. */
export class TurnQueue {
  readonly #onError: (error: unknown) => void;
  #tail: Promise<void> = Promise.resolve();

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  /** Adds a turn; resolves when it is over. */
  add(turn: () => Promise<void>): Promise<void> {
    this.#tail = this.#tail.then(turn).catch(this.#onError);
    return this.#tail;
  }

  /** Resolves when every turn so far is over. */
  async idle(): Promise<void> {
    let tail: Promise<void>;
    do {
      tail = this.#tail;
      await tail;
    } while (tail !== this.#tail);
  }
}
