/**
 * Buckets of a base-2 exponential histogram at scale 5: bucket `i` holds the values in (2^((i-1)/32), 2^(i/32)].
 * These are the buckets of a Prometheus native histogram of schema 5 and, with `i - 1` as their index, of an
 * OpenTelemetry exponential histogram of scale 5.
 */
export const SCALE = 5;

/** Buckets in each power of two. */
export const BUCKETS_PER_OCTAVE = 32;

/** 2^(j/32) for j = 0 … 31, correctly rounded. `Math.pow` may be one unit off, differently on each platform. */
const OCTAVE_BOUNDS: readonly number[] = [
  1,
  1.0218971486541166,
  1.0442737824274138,
  1.0671404006768237,
  1.0905077326652577,
  1.1143867425958924,
  1.1387886347566916,
  1.1637248587775775,
  1.189207115002721,
  1.215247359980469,
  1.241857812073484,
  1.2690509571917332,
  1.2968395546510096,
  1.3252366431597413,
  1.3542555469368927,
  1.383909881963832,
  Math.SQRT2,
  1.4451808069770467,
  1.4768261459394993,
  1.5091644275934228,
  1.5422108254079407,
  1.5759808451078865,
  1.6104903319492543,
  1.645755478153965,
  1.681792830507429,
  1.718619298122478,
  1.7562521603732995,
  1.7947090750031072,
  1.8340080864093424,
  1.8741676341103,
  1.9152065613971474,
  1.9571441241754002,
];

/** Cells that the table cuts one octave into; each is narrower than the narrowest bucket, so it meets at most one bound. */
const CELLS = 256;

/** Higher than any 20-bit mantissa word: the cell has no bound inside. */
const NO_BOUND = 0x100000;

// One value is taken apart at a time and nothing is kept, so one scratch buffer serves all sketches of a thread.
const scratch = new Float64Array(1);
const words = new Uint32Array(scratch.buffer);
const HIGH = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? 1 : 0;
const LOW = 1 - HIGH;

interface CellTable {
  /** How many bounds lie below the cell. */
  readonly below: Uint8Array;
  /** Mantissa words of the bound inside the cell. */
  readonly boundHigh: Uint32Array;
  readonly boundLow: Uint32Array;
}

const cells: CellTable = /* @__PURE__ */ buildCells();

function buildCells(): CellTable {
  const below = new Uint8Array(CELLS);
  const boundHigh = new Uint32Array(CELLS).fill(NO_BOUND);
  const boundLow = new Uint32Array(CELLS);
  for (let cell = 0; cell < CELLS; cell++) {
    const start = 1 + cell / CELLS;
    below[cell] = OCTAVE_BOUNDS.filter((bound) => bound < start).length;
    const inside = OCTAVE_BOUNDS.find((bound) => bound >= start && bound < start + 1 / CELLS);
    if (inside === undefined) continue;
    scratch[0] = inside;
    boundHigh[cell] = (words[HIGH] as number) & 0xfffff;
    boundLow[cell] = words[LOW] as number;
  }
  return { below, boundHigh, boundLow };
}

/** The smallest normal double. It and smaller values count as zero. */
export const ZERO_THRESHOLD = 2 ** -1022;

/** Larger values are refused: a sum of them in billionths could not be told from infinity. */
export const LARGEST_VALUE = 2 ** 960;

export const LOWEST_INDEX = -1022 * BUCKETS_PER_OCTAVE + 1;
export const HIGHEST_INDEX = 960 * BUCKETS_PER_OCTAVE;

/**
 * The bucket of a value, from its IEEE 754 bits: no logarithm, no rounding. Whatever is not above `ZERO_THRESHOLD` and up
 * to `LARGEST_VALUE` (negative or not a number, too) gets an index outside `LOWEST_INDEX` … `HIGHEST_INDEX`.
 */
export function bucketIndex(value: number): number {
  scratch[0] = value;
  const high = words[HIGH] as number;
  const cell = (high >>> 12) & 0xff;
  const mantissa = high & 0xfffff;
  const bound = cells.boundHigh[cell] as number;
  let index = ((high >>> 20) - 1023) * BUCKETS_PER_OCTAVE + (cells.below[cell] as number);
  if (mantissa > bound || (mantissa === bound && (words[LOW] as number) > (cells.boundLow[cell] as number))) index++;
  return index;
}

/** Upper bound of a bucket, itself inside it. */
export function bucketUpperBound(index: number): number {
  const octave = Math.floor(index / BUCKETS_PER_OCTAVE);
  return (OCTAVE_BOUNDS[index - octave * BUCKETS_PER_OCTAVE] as number) * 2 ** octave;
}

/** The value whose relative distance to both ends of the bucket is the same: at most (γ−1)/(γ+1) = 1.083 % with γ = 2^(1/32). */
export function bucketMiddle(index: number): number {
  const lower = bucketUpperBound(index - 1);
  const upper = bucketUpperBound(index);
  return lower * (2 / (1 + lower / upper));
}
