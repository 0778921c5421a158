/** Raised inside the parsers only; the public functions turn it into a value. */
export class Malformed extends Error {}

/** A reader of one value at `path`; throws {@link Malformed} naming what was expected and what came. */
export type Field<T> = (value: unknown, path: string) => T;

function refuse(value: unknown, path: string, expected: string): never {
  throw new Malformed(`${path === '' ? 'the report' : path}: expected ${expected}, got ${describe(value)}`);
}

/** The kind of a value, never its content: what a service answers may hold secrets. */
function describe(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  return value === undefined ? 'nothing' : typeof value;
}

export const text: Field<string> = (value, path) =>
  typeof value === 'string' ? value : refuse(value, path, 'a string');

export const amount: Field<number> = (value, path) =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0
    ? value
    : refuse(value, path, 'a number of 0 or more');

export const instant: Field<string> = (value, path) =>
  typeof value === 'string' && value.length <= 40 && !Number.isNaN(Date.parse(value))
    ? value
    : refuse(value, path, 'an ISO 8601 instant');

/** Allows `null`. */
export function nullable<T>(field: Field<T>): Field<T | null> {
  return (value, path) => (value === null ? null : field(value, path));
}

export function list<T>(field: Field<T>, limit: number): Field<readonly T[]> {
  return (value, path) => {
    if (!Array.isArray(value) || value.length > limit) return refuse(value, path, `an array of at most ${limit}`);
    return value.map((item, index) => field(item, `${path}[${index}]`));
  };
}

/** An object with any keys. `fromEntries` defines own properties, so a key `__proto__` pollutes nothing. */
export function dictionary<T>(field: Field<T>): Field<Readonly<Record<string, T>>> {
  return (value, path) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return refuse(value, path, 'an object');
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, field(item, `${path}.${key.slice(0, 40)}`)]),
    );
  };
}

/** An object with exactly these keys read; further keys of a newer service are dropped. */
export function shape<T extends object>(fields: { readonly [K in keyof T]: Field<T[K]> }): Field<T> {
  const names = Object.keys(fields) as (keyof T & string)[];
  return (value, path) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return refuse(value, path, 'an object');
    const read = names.map((name) => {
      const own = Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
      return [name, fields[name](own, path === '' ? name : `${path}.${name}`)] as const;
    });
    return Object.fromEntries(read.filter(([, item]) => item !== undefined)) as T;
  };
}

/** May be missing. */
export function optional<T>(field: Field<T>): Field<T | undefined> {
  return (value, path) => (value === undefined ? undefined : field(value, path));
}
