import { type FieldFault, OracleError } from '../errors.js';
import { type CalendarDate, compareDates, parseCalendarDate } from '../numerology/calendar-date.js';
import { splitWords } from '../numerology/letters.js';

/** Longest name in characters. */
const NAME_LIMIT = 200;
/** Longest question in characters. */
const QUESTION_LIMIT = 500;
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
  const faults: FieldFault[] = [];
  const note = (field: string, message: string): void => void faults.push({ field, message });
  const text = (field: string, limit: number): string | null => {
    const value = fields.get(field);
    if (value === undefined || value === null || value === '') return null;
    if (typeof value === 'string' && value.length <= limit) return value.trim() || null;
    note(
      field,
      typeof value === 'string'
        ? `expected at most ${limit} characters, got ${value.length}`
        : `expected text, got ${nameOf(value)}`,
    );
    return null;
  };
  const required = (field: string, limit: number, what: string): string => {
    const value = text(field, limit);
    if (value === null && faults.every((fault) => fault.field !== field)) note(field, `expected ${what}, got nothing`);
    return value ?? '';
  };
  const day = (field: string): CalendarDate | null => {
    const value = text(field, 32);
    if (value === null) return null;
    const date = parseCalendarDate(value);
    if (date === null) note(field, `expected a day that exists, as YYYY-MM-DD, got ${quoted(value)}`);
    return date;
  };
  const lettered = (field: string, value: string): string => {
    if (value !== '' && splitWords(value).length === 0)
      note(field, `expected at least one letter A–Z, got ${quoted(value)}`);
    return value;
  };
  const birthDate = (): CalendarDate | null => {
    const date = day('birth_date');
    if (date !== null && compareDates(date, today) > 0) note('birth_date', 'expected a day that is not in the future');
    return date;
  };
  return {
    note,
    userId: () => text('user_id', USER_ID_LIMIT),
    name: () => lettered('name', required('name', NAME_LIMIT, 'the name to read')),
    question: () => lettered('question', required('question', QUESTION_LIMIT, 'a question')),
    optionalQuestion: () => {
      const question = text('question', QUESTION_LIMIT);
      return question === null ? null : lettered('question', question);
    },
    birthDate: () => (required('birth_date', 32, 'a day as YYYY-MM-DD') === '' ? today : (birthDate() ?? today)),
    optionalBirthDate: birthDate,
    date: () => day('date') ?? today,
    integer: (field, fallback, min, max) => readInteger(fields.get(field), field, { fallback, min, max }, note),
    bigNumber: (field) => readBigNumber(text(field, NUMBER_LIMIT), field, note),
    finish: (request) => {
      if (faults.length > 0) throw invalidRequest(faults);
      return request;
    },
  };
}

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

function readInteger(
  value: unknown,
  field: string,
  { fallback, min, max }: { readonly fallback: number; readonly min: number; readonly max: number },
  note: (field: string, message: string) => void,
): number {
  if (value === undefined || value === null || value === 0) return fallback;
  if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return value;
  note(field, `expected a whole number from ${min} to ${max} (default ${fallback}), got ${nameOf(value)}`);
  return fallback;
}

function readBigNumber(
  text: string | null,
  field: string,
  note: (field: string, message: string) => void,
): bigint | null {
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
