/** What one look at every character of a text tells; bits of `scanText`'s answer. */
export const traits = {
  /** A character JSON must escape, or one that harms terminals or readers. */
  escape: 1,
  /** A sign of `key=value`, `scheme://`, `%3D`, `<name>` or `'value'`. */
  assign: 2,
  /** A run of 12 or more characters that tokens are made of. */
  run: 4,
  /** Ten or more gaps between words: a list of words may be a mnemonic. */
  words: 8,
  /** A dash after a gap or a dash: it may start `-p value` or `--name value`. */
  dash: 16,
  /** A double s, as in the many forms of "password". */
  doubleS: 32,
  /** Two capitals in a row, as in the commands of protocols. */
  capitals: 64,
} as const;

/** Traits that make a text worth searching for secrets. */
export const suspectTraits = traits.assign | traits.run | traits.words;

/** Traits that make a text worth a look at its words. */
export const sayingTraits = traits.dash | traits.doubleS | traits.capitals;

/** The shortest run of token characters that can hide a secret known by its shape alone. */
const shortestRun = 12;

/** A mnemonic has at least twelve words. */
const fewestGaps = 10;

const tokenBit = 128;
const gapBit = 64;

/** Bits that count where two characters in a row have them. */
const sBit = 32;
const capitalBit = 4;

/** Per ASCII code: traits, whether it may be part of a token, whether it parts words. */
const table = buildTable();

/** Looks once at every character. Non-ASCII characters that are invisible or steer the text's direction are `escape`. */
export function scanText(text: string): number {
  let seen = 0;
  let run = 0;
  let longest = 0;
  let gaps = 0;
  let pairs = 0;
  let previous = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    const bits = code < 128 ? (table[code] as number) : bitsBeyondAscii(code);
    seen |= bits;
    // A gap's bit, two places down, is a dash's: " -" counts like "--".
    pairs |= bits & (previous | ((previous & gapBit) >> 2));
    previous = bits;
    if ((bits & tokenBit) !== 0) {
      run++;
    } else {
      if (run > longest) longest = run;
      run = 0;
      gaps += bits & gapBit;
    }
  }
  if (run > longest) longest = run;
  return (
    (seen & (traits.escape | traits.assign)) |
    (pairs & traits.dash) |
    (longest >= shortestRun ? traits.run : 0) |
    (gaps >= fewestGaps * gapBit ? traits.words : 0) |
    ((pairs & sBit) !== 0 ? traits.doubleS : 0) |
    ((pairs & capitalBit) !== 0 ? traits.capitals : 0)
  );
}

// C1 controls, Arabic letter mark, zero-width and direction marks, line and paragraph separators, byte order mark, and
// surrogates, which only JSON.stringify can tell from lone ones.
function bitsBeyondAscii(code: number): number {
  if (code < 0xa0) return traits.escape;
  if (code < 0x061c) return 0;
  // The colon and the equals sign of East Asian keyboards.
  if (code === 0xff1a || code === 0xff1d) return traits.assign;
  const harmful =
    code === 0x061c ||
    (code >= 0x200b && code <= 0x200f) ||
    (code >= 0x2028 && code <= 0x202e) ||
    (code >= 0x2060 && code <= 0x206f) ||
    (code >= 0xd800 && code <= 0xdfff) ||
    code === 0xfeff;
  return harmful ? traits.escape : 0;
}

function buildTable(): Uint8Array {
  const bits = new Uint8Array(128);
  for (let code = 0; code < 32; code++) bits[code] = traits.escape | gapBit;
  bits[0x7f] = traits.escape;
  bits[0x20] = gapBit;
  // Lists are written with commas, also without blanks.
  bits[0x2c] = gapBit;
  for (const character of '"\\') bits[character.charCodeAt(0)] = traits.escape;
  for (const character of `=:%<'"$`) {
    const code = character.charCodeAt(0);
    bits[code] = (bits[code] as number) | traits.assign;
  }
  const token = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-+~';
  for (const character of token) bits[character.charCodeAt(0)] = tokenBit;
  bits['-'.charCodeAt(0)] = tokenBit | traits.dash;
  for (let code = 65; code <= 90; code++) bits[code] = tokenBit | capitalBit;
  for (const character of 'sS') {
    const code = character.charCodeAt(0);
    bits[code] = (bits[code] as number) | sBit;
  }
  return bits;
}
