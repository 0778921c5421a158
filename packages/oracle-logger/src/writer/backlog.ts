/** Lines joined into one text, for the same outputs. */
export interface Batch {
  readonly text: string;
  readonly targets: number;
  readonly lines: number;
}

/** Batches the ring had no room for, oldest first, up to so many characters. */
export class Backlog {
  readonly #maxLength: number;
  #batches: Batch[] = [];
  #length = 0;

  constructor(maxLength: number) {
    this.#maxLength = maxLength;
  }

  /** Characters waiting. */
  get length(): number {
    return this.#length;
  }

  /** Lets a batch wait; false when there is no room for it. */
  add(batch: Batch): boolean {
    if (this.#length + batch.text.length > this.#maxLength) return false;
    this.#batches.push(batch);
    this.#length += batch.text.length;
    return true;
  }

  /** Hands batches on in order until one is refused, or `mostLength` characters are through; true when none is left. */
  drain(accept: (batch: Batch) => boolean, mostLength: number): boolean {
    const enough = this.#length - mostLength;
    let count = 0;
    for (const batch of this.#batches) {
      if (this.#length <= enough || !accept(batch)) break;
      this.#length -= batch.text.length;
      count++;
    }
    if (count > 0) this.#batches = this.#batches.slice(count);
    return this.#batches.length === 0;
  }

  /** Forgets everything; how many lines that were. */
  clear(): number {
    const lines = this.#batches.reduce((sum, batch) => sum + batch.lines, 0);
    this.#batches = [];
    this.#length = 0;
    return lines;
  }
}
