import { MetricsError } from '../errors.js';
import {
  BUCKETS_PER_OCTAVE,
  bucketIndex,
  bucketMiddle,
  bucketUpperBound,
  HIGHEST_INDEX,
  LOWEST_INDEX,
  ZERO_THRESHOLD,
} from './bucket-index.js';
import { decode, encode, type SketchState } from './codec.js';

/**
 * How a set of values of 0 or more is spread, in little memory: every quantile within 1.083 % of the exact answer
 * (nearest rank), whatever the values, and mergeable without loss. A sketch of up to three values answers exactly.
 */
export interface Sketch {
  /** How many values were recorded. */
  readonly count: number;
  /** Their sum, each value rounded to a billionth. */
  readonly sum: number;
  readonly min: number | null;
  readonly max: number | null;
  /** Values that were not recorded: negative, not a number, or above 2^960. */
  readonly rejected: number;
  /** O(1), allocates nothing once the range of values is known. Never throws. */
  record(value: number): void;
  /** Adds all of the other sketch, bucket by bucket, and returns this one. */
  merge(other: Sketch): this;
  /** The value below which the share `q` (0 … 1) lies; `null` while empty. */
  quantile(q: number): number | null;
  /** Non-empty buckets in rising order, without the zero bucket. */
  buckets(): readonly SketchBucket[];
  /** How many values were zero (or too small to tell from it). */
  readonly zeroCount: number;
  /** Compact, canonical bytes: equal sketches have equal bytes. */
  encode(): Uint8Array;
}

/** `count` values in (2^((index-1)/32), 2^(index/32)]. */
export interface SketchBucket {
  readonly index: number;
  readonly count: number;
}

/** The sum is kept in whole billionths: additions of integers are exact and so the same in any order. */
const PER_UNIT = 1e9;

/** An empty sketch. */
export function createSketch(): Sketch {
  return new ExponentialSketch();
}

/**
 * The sketch that `encode` wrote.
 * @throws MetricsError `MALFORMED_SKETCH`
 */
export function decodeSketch(bytes: Uint8Array): Sketch {
  return new ExponentialSketch().addEncoded(bytes);
}

/** The one implementation; windows and the codec reach into it, users see {@link Sketch}. */
export class ExponentialSketch implements Sketch, SketchState {
  /** `counts[i]` belongs to bucket `firstIndex + i`. Float64: a count stays exact up to 2^53. */
  counts = new Float64Array(0);
  firstIndex = 0;
  zeros = 0;
  positives = 0;
  billionths = 0;
  smallest = Number.POSITIVE_INFINITY;
  largest = Number.NEGATIVE_INFINITY;
  rejected = 0;

  get count(): number {
    return this.zeros + this.positives;
  }

  get zeroCount(): number {
    return this.zeros;
  }

  get sum(): number {
    return this.billionths / PER_UNIT;
  }

  get min(): number | null {
    return this.count === 0 ? null : this.smallest;
  }

  get max(): number | null {
    return this.count === 0 ? null : this.largest;
  }

  record(value: number): void {
    if (typeof value !== 'number') {
      this.rejected++;
      return;
    }
    const { counts } = this;
    const index = bucketIndex(value);
    const at = index - this.firstIndex;
    // Unsigned, a place before the first lies far behind the last. What has no bucket (zero, negative, not a number) has
    // no place either, so one comparison is enough.
    if (at >>> 0 < counts.length) (counts[at] as number)++;
    else if (!this.#recordOutside(index, value)) return;
    this.positives++;
    this.billionths += Math.round(value * PER_UNIT);
    if (value < this.smallest) this.smallest = value;
    if (value > this.largest) this.largest = value;
  }

  /** Makes the bucket of a value that has none yet. Answers `false` when the value belongs into no bucket. */
  #recordOutside(index: number, value: number): boolean {
    if (index >= LOWEST_INDEX && index <= HIGHEST_INDEX) {
      this.reserve(index, index);
      (this.counts[index - this.firstIndex] as number)++;
      return true;
    }
    if (value >= 0 && value <= ZERO_THRESHOLD) {
      this.zeros++;
      this.smallest = 0;
      if (this.largest < 0) this.largest = 0;
    } else {
      this.rejected++;
    }
    return false;
  }

  /** Makes room for the buckets `low` … `high`, in whole octaves so that growth is rare, and only where there are buckets. */
  reserve(low: number, high: number): void {
    const empty = this.counts.length === 0;
    const first = Math.min(
      Math.max(floorToOctave(low), LOWEST_INDEX),
      empty ? Number.POSITIVE_INFINITY : this.firstIndex,
    );
    const end = Math.max(
      Math.min(floorToOctave(high) + BUCKETS_PER_OCTAVE, HIGHEST_INDEX + 1),
      empty ? Number.NEGATIVE_INFINITY : this.firstIndex + this.counts.length,
    );
    if (!empty && first === this.firstIndex && end === first + this.counts.length) return;
    const counts = new Float64Array(end - first);
    if (!empty) counts.set(this.counts, this.firstIndex - first);
    this.counts = counts;
    this.firstIndex = first;
  }

  merge(other: Sketch): this {
    if (other instanceof ExponentialSketch) this.#add(other);
    // The other half of this package (ESM or CommonJS) has a class of its own; bytes are what both agree on.
    else this.addEncoded(other.encode());
    return this;
  }

  #add(other: ExponentialSketch): void {
    if (other.counts.length > 0) {
      this.reserve(other.firstIndex, other.firstIndex + other.counts.length - 1);
      const shift = other.firstIndex - this.firstIndex;
      for (let at = 0; at < other.counts.length; at++) {
        const count = other.counts[at] as number;
        if (count !== 0) this.counts[at + shift] = (this.counts[at + shift] as number) + count;
      }
    }
    this.zeros += other.zeros;
    this.positives += other.positives;
    this.billionths += other.billionths;
    this.rejected += other.rejected;
    this.smallest = Math.min(this.smallest, other.smallest);
    this.largest = Math.max(this.largest, other.largest);
  }

  /**
   * Adds an encoded sketch without building it first.
   * @throws MetricsError `MALFORMED_SKETCH`; what was added until then stays.
   */
  addEncoded(bytes: Uint8Array): this {
    decode(bytes, this);
    return this;
  }

  encode(): Uint8Array {
    return encode(this);
  }

  /** Forgets all values and keeps the room. */
  clear(): void {
    this.counts.fill(0);
    this.zeros = 0;
    this.positives = 0;
    this.billionths = 0;
    this.rejected = 0;
    this.smallest = Number.POSITIVE_INFINITY;
    this.largest = Number.NEGATIVE_INFINITY;
  }

  quantile(q: number): number | null {
    if (!(q >= 0 && q <= 1)) {
      throw new MetricsError(
        'INVALID_OPTION',
        `A quantile must be between 0 and 1, got ${String(q)}; write 0.95 for p95.`,
      );
    }
    const count = this.count;
    if (count === 0) return null;
    // Nearest rank. The tolerance keeps 0.07 × 100 = 7.000000000000001 at rank 7.
    const rank = Math.max(1, Math.ceil(q * count * (1 - 1e-12)));
    if (rank === 1) return this.smallest;
    if (rank >= count) return this.largest;
    if (rank <= this.zeros) return 0;
    return this.#valueInBucket(this.#bucketOfRank(rank), count);
  }

  #bucketOfRank(rank: number): number {
    let seen = this.zeros;
    let at = -1;
    while (seen < rank && at + 1 < this.counts.length) seen += this.counts[++at] as number;
    return this.firstIndex + at;
  }

  #valueInBucket(index: number, count: number): number {
    if (count === 3) {
      const middle =
        (this.billionths - Math.round(this.smallest * PER_UNIT) - Math.round(this.largest * PER_UNIT)) / PER_UNIT;
      // Values too small for billionths leave no middle; then the bucket answers.
      if (middle >= bucketUpperBound(index - 1) && middle <= bucketUpperBound(index)) return middle;
    }
    return Math.min(Math.max(bucketMiddle(index), this.smallest), this.largest);
  }

  buckets(): readonly SketchBucket[] {
    const found: SketchBucket[] = [];
    this.counts.forEach((count, at) => {
      if (count > 0) found.push({ index: this.firstIndex + at, count });
    });
    return found;
  }
}

function floorToOctave(index: number): number {
  return Math.floor(index / BUCKETS_PER_OCTAVE) * BUCKETS_PER_OCTAVE;
}
