import { parseDocument } from 'yaml';
import { messageOf } from './errors.js';

/**
 * Reads JSON and says where it is broken. A key that stands twice is a fault: the reader itself would take the last one.
 * @throws Error with a sentence that quotes one character at most; RangeError when it is nested too deep
 */
export function parseJsonText(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    const at = firstBad(text);
    const what = at >= text.length ? 'it ends too early' : `unexpected ${JSON.stringify(text[at])}`;
    throw new Error(`${what} at ${placeOf(text, at)}`);
  }
  if (isTooDeep(value)) throw new RangeError('nested too deep');
  // YAML's language holds JSON, and its reader knows where each key stands.
  const twice = parseDocument(text).errors.find(({ code }) => code === 'DUPLICATE_KEY');
  if (twice !== undefined) throw new Error(`a key stands twice in one object at ${placeOf(text, twice.pos[0])}`);
  return value;
}

/** No section nests deeper than a few levels. */
const MOST_LEVELS = 50;

/** Whether a parsed file is nested so deep that no reader of it should descend into it. */
export function isTooDeep(value: unknown): boolean {
  let level: ReadonlySet<unknown> = new Set([value]);
  for (let depth = 0; depth < MOST_LEVELS && level.size > 0; depth += 1) {
    level = new Set(
      [...level].flatMap((part) => (typeof part === 'object' && part !== null ? Object.values(part) : [])),
    );
  }
  return level.size > 0;
}

/** Index of the first character that cannot stand where it does: what comes before it is a beginning of JSON. */
function firstBad(text: string): number {
  let good = 0;
  let bad = text.length + 1;
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    if (isBeginning(text.slice(0, middle))) good = middle;
    else bad = middle;
  }
  return bad - 1;
}

function isBeginning(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    const message = messageOf(error);
    const at = /at position (\d+)/.exec(message)?.[1];
    return /^Unexpected end|^Unterminated string/.test(message) || (at !== undefined && Number(at) >= text.length);
  }
}

function placeOf(text: string, index: number): string {
  const lines = text.slice(0, index).split('\n');
  return `line ${lines.length}, column ${(lines.at(-1) ?? '').length + 1}`;
}
