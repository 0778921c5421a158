import { type FieldFault, OracleError } from '../errors.js';
import { type CalendarDate, compareDates, parseCalendarDate } from '../numerology/calendar-date.js';
import { splitWords } from '../numerology/letters.js';

/** Longest name in characters. */
const NAME_LIMIT = 200;
/** Longest question in characters. */
const QUESTION_LIMIT = 500;
/** Longest date in characters; a date is 10. */
const DATE_LIMIT = 32;
/** Longest user id in characters. */
const USER_ID_LIMIT = 128;
/** Numbers of a search space have at most 256 bits, so 78 decimal digits or 66 characters in hexadecimal. */
const NUMBER_LIMIT = 78;
const LARGEST_NUMBER = 2n ** 256n - 1n;

/**
 * Reads the fields of one request, from JSON or protobuf alike: an absent field, `null`, `''` and 0 are the same. Every
 * unusable field is noted; `finish` then refuses the request with all of them at once.
 */
export interface FieldReader {
  userId(): string | null;
  name(): string;
  question(): string;
  optionalQuestion(): string | null;
  birthDate(): CalendarDate;
  optionalBirthDate(): CalendarDate | null;
  /** The field `date`; today when absent. */
  date(): CalendarDate;
  /** A whole number with a default and a range, both ends included. */
  integer(field: string, fallback: number, min: number, max: number): number;
  /** A whole number of at most 256 bits as a string, decimal or 0x-hexadecimal; null when absent. */
  bigNumber(field: string): bigint | null;
  note(field: string, message: string): void;
  /** @throws OracleError INVALID_REQUEST when any field was unusable */
  finish<Request>(request: Request): Request;
}

/** @throws OracleError INVALID_REQUEST when `input` is not an object */
export function createFieldReader(input: unknown, today: CalendarDate): FieldReader {
  const fields = toFields(input);
  const faults = new Map<string, FieldFault>();
  // The first fault of a field is the one to mend; what follows from it would only confuse.
  const note: Note = (field, message) => void (faults.has(field) || faults.set(field, { field, message }));
  const text = (field: string, limit: number) => readText(fields.get(field), field, limit, note);
  const required = (field: string, limit: number, what: string): string => {
    const value = text(field, limit);
    if (value === null) note(field, `expected ${what}, got nothing`);
    return value ?? '';
  };
  const birthDate = (): CalendarDate | null => {
    const date = readDay(text('birth_date', DATE_LIMIT), 'birth_date', note);
    if (date !== null && compareDates(date, today) > 0) note('birth_date', 'expected a day that is not in the future');
    return date;
  };
  return {
    note,
    userId: () => readVisible(text('user_id', USER_ID_LIMIT), 'user_id', note),
    name: () => readLettered(required('name', NAME_LIMIT, 'the name to read'), 'name', note),
    question: () => readLettered(required('question', QUESTION_LIMIT, 'a question'), 'question', note),
    optionalQuestion: () => readLettered(text('question', QUESTION_LIMIT), 'question', note),
    birthDate: () => (required('birth_date', DATE_LIMIT, 'a day as YYYY-MM-DD') === '' ? null : birthDate()) ?? today,
    optionalBirthDate: birthDate,
    date: () => readDay(text('date', DATE_LIMIT), 'date', note) ?? today,
    integer: (field, fallback, min, max) => readInteger(fields.get(field), field, { fallback, min, max }, note),
    bigNumber: (field) => readBigNumber(text(field, NUMBER_LIMIT), field, note),
    finish: (request) => {
      if (faults.size > 0) throw invalidRequest([...faults.values()]);
      return request;
    },
  };
}

type Note = (field: string, message: string) => void;

/** The error that names each unusable field. */
export function invalidRequest(faults: readonly FieldFault[]): OracleError {
  const sentence = faults.map(({ field, message }) => `${field}: ${message}`).join('; ');
  return new OracleError('INVALID_REQUEST', sentence, { faults });
}

function toFields(input: unknown): ReadonlyMap<string, unknown> {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw invalidRequest([{ field: 'body', message: `expected a JSON object, got ${nameOf(input)}` }]);
  }
  return new Map(Object.entries(input));
}

function readText(value: unknown, field: string, limit: number, note: Note): string | null {
  if (value === undefined || value === null || value === '') return null;
  if (typeof value === 'string' && value.length <= limit) return value.trim() || null;
  const isText = typeof value === 'string';
  note(
    field,
    isText ? `expected at most ${limit} characters, got ${value.length}` : `expected text, got ${nameOf(value)}`,
  );
  return null;
}

function readDay(text: string | null, field: string, note: Note): CalendarDate | null {
  const date = text === null ? null : parseCalendarDate(text);
  if (text !== null && date === null) note(field, `expected a day that exists, as YYYY-MM-DD, got ${quoted(text)}`);
  return date;
}

function readLettered<Text extends string | null>(text: Text, field: string, note: Note): Text {
  const isSilent = text !== null && splitWords(text).length === 0;
  if (isSilent) note(field, `expected at least one letter A–Z, got ${quoted(text)}`);
  return text;
}

/** PostgreSQL refuses NUL, and an id with a line break or bidi mark would deceive whoever reads it. */
function readVisible(text: string | null, field: string, note: Note): string | null {
  if (text !== null && /[\p{Cc}\p{Cf}\p{Cs}]/u.test(text)) note(field, 'expected no control or invisible characters');
  return text;
}

function readInteger(
  value: unknown,
  field: string,
  { fallback, min, max }: { readonly fallback: number; readonly min: number; readonly max: number },
  note: Note,
): number {
  if (value === undefined || value === null || value === 0) return fallback;
  if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return value;
  note(field, `expected a whole number from ${min} to ${max} (default ${fallback}), got ${nameOf(value)}`);
  return fallback;
}

function readBigNumber(text: string | null, field: string, note: Note): bigint | null {
  if (text === null) return null;
  const value = /^(\d+|0x[\da-f]+)$/i.test(text) ? BigInt(text) : null;
  if (value !== null && value <= LARGEST_NUMBER) return value;
  note(field, `expected a whole number of at most 256 bits, decimal or 0x-hexadecimal, got ${quoted(text)}`);
  return null;
}

function nameOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'number' ? String(value) : typeof value;
}

/** Hostile text shortened and escaped, so that an error message stays one readable line. */
function quoted(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}
