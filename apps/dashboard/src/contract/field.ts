/** What a value would have to be, in words for the person who sent another one. */
export type Parsed<T> =
  | { readonly outcome: 'value'; readonly value: T }
  | { readonly outcome: 'fault'; readonly expected: string };

/** The part of JSON Schema that describes one field; it goes into the OpenAPI file as it is. */
export interface FieldSchema {
  readonly type: 'string' | 'integer' | 'boolean';
  readonly enum?: readonly string[];
  readonly format?: 'date-time';
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly default?: string | number | boolean;
}

/** One input of an endpoint: how it is parsed and how it is described. Query strings and JSON bodies use the same fields. */
export interface Field<T> {
  readonly required: boolean;
  readonly schema: FieldSchema;
  parse(value: unknown): Parsed<T>;
}

export type Fields = Readonly<Record<string, Field<unknown>>>;
export type Input<F extends Fields> = { readonly [Name in keyof F]: F[Name] extends Field<infer T> ? T : never };

/** What a caller may leave out: every field that has a fallback or accepts `undefined`. */
export type PartialInput<F extends Fields> = Partial<Input<F>>;

export interface Fault {
  readonly field: string;
  readonly expected: string;
}

const value = <T>(value: T): Parsed<T> => ({ outcome: 'value', value });
const fault = (expected: string): Parsed<never> => ({ outcome: 'fault', expected });

/** A text of bounded length. Control characters are refused: nothing here is meant to hold them. */
export function text({ minLength = 1, maxLength = 200 } = {}): Field<string> {
  const expected = `a text of ${minLength} to ${maxLength} characters without control characters`;
  return {
    required: true,
    schema: { type: 'string', minLength, maxLength },
    parse: (raw) =>
      typeof raw === 'string' && raw.length >= minLength && raw.length <= maxLength && !hasControl(raw)
        ? value(raw)
        : fault(expected),
  };
}

/** One of a closed list of words. */
export function word<const W extends string>(words: readonly W[]): Field<W> {
  const known = (raw: unknown): raw is W => words.some((candidate) => candidate === raw);
  return {
    required: true,
    schema: { type: 'string', enum: words },
    parse: (raw) => (known(raw) ? value(raw) : fault(`one of ${words.join(', ')}`)),
  };
}

/** A whole number within bounds, as a JSON number or as decimal digits. */
export function whole({ minimum, maximum }: { readonly minimum: number; readonly maximum: number }): Field<number> {
  return {
    required: true,
    schema: { type: 'integer', minimum, maximum },
    parse: (raw) => {
      const number =
        typeof raw === 'number' ? raw : typeof raw === 'string' && /^-?\d{1,15}$/.test(raw) ? Number(raw) : NaN;
      return Number.isSafeInteger(number) && number >= minimum && number <= maximum
        ? value(number)
        : fault(`a whole number from ${minimum} to ${maximum}`);
    },
  };
}

/** An instant as ISO 8601 with a zone, given back in UTC with milliseconds. */
export function instant(): Field<string> {
  return {
    required: true,
    schema: { type: 'string', format: 'date-time', maxLength: 40 },
    parse: (raw) => {
      const ms = typeof raw === 'string' && INSTANT.test(raw) ? Date.parse(raw) : Number.NaN;
      return Number.isNaN(ms)
        ? fault('an ISO 8601 instant such as 2026-02-08T14:30:00Z')
        : value(new Date(ms).toISOString());
    },
  };
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)$/;

/** Makes a field one may leave out; it is then `undefined`. An empty query value (`?text=`) counts as left out. */
export function optional<T>(field: Field<T>): Field<T | undefined> {
  return {
    required: false,
    schema: field.schema,
    parse: (raw) => (raw === undefined || raw === '' ? value(undefined) : field.parse(raw)),
  };
}

/** Makes a field one may leave out; it then has this value. */
export function fallback<T extends string | number>(field: Field<T>, otherwise: NoInfer<T>): Field<T> {
  return {
    required: false,
    schema: { ...field.schema, default: otherwise },
    parse: (raw) => (raw === undefined || raw === '' ? value(otherwise) : field.parse(raw)),
  };
}

/** Parses all fields and reports all faults at once. Unknown names are faults: a misspelt filter must not be ignored silently. */
export function parseInput<F extends Fields>(
  fields: F,
  raw: ReadonlyMap<string, unknown>,
):
  | { readonly outcome: 'input'; readonly input: Input<F> }
  | { readonly outcome: 'faults'; readonly faults: readonly Fault[] } {
  const faults: Fault[] = [];
  const input = new Map<string, unknown>();
  for (const [name, field] of Object.entries(fields)) {
    const parsed = field.parse(raw.get(name));
    if (parsed.outcome === 'value') input.set(name, parsed.value);
    else faults.push({ field: name, expected: parsed.expected });
  }
  const known = Object.keys(fields);
  for (const name of raw.keys()) {
    if (known.includes(name)) continue;
    faults.push({
      field: name.slice(0, 60),
      expected: known.length === 0 ? 'no field at all' : `only ${known.join(', ')}`,
    });
  }
  return faults.length > 0
    ? { outcome: 'faults', faults }
    : { outcome: 'input', input: Object.fromEntries(input) as Input<F> };
}

function hasControl(raw: string): boolean {
  for (let index = 0; index < raw.length; index += 1) {
    const unit = raw.charCodeAt(index);
    if (unit < 0x20 || (unit >= 0x7f && unit < 0xa0)) return true;
  }
  return false;
}
