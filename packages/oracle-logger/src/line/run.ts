import { inOnePiece } from './json-string.js';

/** Members of an object, one after the other, as they stood in an object before: they are written by one concatenation. */
export interface Run {
  /** `,"key":value` of its last member. */
  readonly member: string;
  /** The members before it; null for none. */
  readonly before: Run | null;
  /** All of them, in one piece. */
  readonly json: string;
  /** The same after a brace instead of a comma. */
  readonly first: string;
}

/** Longer runs are written in parts: what is kept of a key stays small. */
const longestRun = 512;

/** A run of one member. */
function startRun(member: string): Run {
  return { member, before: null, json: member, first: inOnePiece(`{${member.slice(1)}`) };
}

/** The run `before` and one more member; null where that is too long to be kept. */
function continueRun(before: Run, member: string): Run | null {
  if (before.json.length + member.length > longestRun) return null;
  return { member, before, json: inOnePiece(before.json + member), first: inOnePiece(before.first + member) };
}

/** A member, and the runs it last ended. */
export interface RunEnd {
  /** The member alone. */
  readonly alone: Run;
  /** The member after what it followed twice in a row. */
  long: Run;
  /** What it followed last, if not in that run. */
  missed: Run | null;
}

/** The end of no run yet. */
export function createRunEnd(member: string): RunEnd {
  const alone = startRun(member);
  return { alone, long: alone, missed: null };
}

/** The run that goes on with this member, null where none is known: what comes a second time is known from then on. */
export function runOn(before: Run, end: RunEnd): Run | null {
  if (end.long.before === before) return end.long;
  if (end.missed === before) end.long = continueRun(before, end.alone.member) ?? end.long;
  end.missed = before;
  return null;
}
