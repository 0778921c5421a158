import { inOnePiece } from './json-string.js';

/**
 * Parts of a line, one after the other, that stood in a line like this before: they are written by one concatenation.
 * Parts are members that are the same again, and what stands before and after values that change.
 */
export interface Run {
  /** All parts, in one piece. */
  readonly json: string;
  /** The run without its last part; null for none. */
  readonly before: Run | null;
}

/** Longer runs are written in parts: what is kept of a key stays small. */
const longestRun = 512;

/** A run of one part. */
export function startRun(json: string): Run {
  return { json: inOnePiece(json), before: null };
}

/** A part that starts with a comma, and the runs it last ended. */
export interface RunEnd {
  /** The part alone. */
  readonly alone: Run;
  /** The part as the first one of an object: after a brace instead of a comma. */
  readonly first: Run;
  /** The part after what it followed twice in a row. */
  long: Run;
  /** What it followed last, if not in that run. */
  missed: Run | null;
}

/** The end of no run yet. */
export function createRunEnd(part: string): RunEnd {
  const alone = startRun(part);
  return { alone, first: startRun(`{${part.slice(1)}`), long: alone, missed: null };
}

/** The run that goes on with this part, null where none is known: what comes a second time is known from then on. */
export function runOn(before: Run, end: RunEnd): Run | null {
  if (end.long.before === before) return end.long;
  const isKept = end.missed === before && before.json.length + end.alone.json.length <= longestRun;
  if (isKept) end.long = { json: inOnePiece(before.json + end.alone.json), before };
  end.missed = before;
  return null;
}
