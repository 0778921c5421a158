/** Reads fields of unchecked JSON and collects every fault, each a sentence with its place. */
export class FieldReader {
  readonly #place: string;
  readonly #record: ReadonlyMap<string, unknown>;
  readonly #faults: string[];

  constructor(place: string, value: unknown, known: readonly string[], faults: string[]) {
    this.#place = place;
    this.#faults = faults;
    const isRecord = typeof value === 'object' && value !== null && !Array.isArray(value);
    this.#record = new Map(isRecord ? Object.entries(value) : []);
    if (!isRecord) faults.push(`${place}: expected an object, got ${wordFor(value)}`);
    for (const name of this.#record.keys()) {
      if (!known.includes(name)) faults.push(`${place}: ${quote(name)} is not a field; known are ${known.join(', ')}`);
    }
  }

  fault(name: string, expected: string): void {
    this.#faults.push(`${this.#place}.${name}: expected ${expected}, got ${wordFor(this.#record.get(name))}`);
  }

  text(name: string, pattern?: { readonly test: RegExp; readonly words: string }): string {
    const value = this.#record.get(name);
    if (typeof value === 'string' && value !== '' && (pattern?.test.test(value) ?? true)) return value;
    this.fault(name, pattern?.words ?? 'text that is not empty');
    return '';
  }

  optional<Value>(name: string, read: (name: string) => Value): Value | undefined {
    return this.#record.get(name) === undefined ? undefined : read(name);
  }

  number(name: string, min: number, max: number): number {
    const value = this.#record.get(name);
    if (typeof value === 'number' && Number.isFinite(value) && value >= min && value <= max) return value;
    this.fault(name, `a number from ${min} to ${max}`);
    return min;
  }

  integer(name: string, min: number, max: number): number {
    const value = this.#record.get(name);
    if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return value;
    this.fault(name, `a whole number from ${min} to ${max}`);
    return min;
  }

  boolean(name: string): boolean {
    const value = this.#record.get(name);
    if (typeof value !== 'boolean') this.fault(name, 'true or false');
    return value === true;
  }

  word<Word extends string>(name: string, words: readonly Word[]): Word {
    const found = words.find((word) => word === this.#record.get(name));
    if (found === undefined) this.fault(name, `one of ${words.join(', ')}`);
    return found ?? (words[0] as Word);
  }

  texts(name: string): readonly string[] {
    const value = this.#record.get(name);
    if (Array.isArray(value) && value.length > 0 && value.every((part) => typeof part === 'string' && part !== ''))
      return value;
    this.fault(name, 'a list of texts');
    return [];
  }

  words<Word extends string>(name: string, words: readonly Word[]): readonly Word[] {
    const value = this.#record.get(name);
    const isList = Array.isArray(value) && value.length > 0 && value.every((part) => words.includes(part));
    if (isList) return value;
    this.fault(name, `a list of ${words.join(', ')}`);
    return [];
  }

  integers(name: string, min: number, max: number): readonly number[] {
    const value = this.#record.get(name);
    const isOne = (part: unknown): boolean =>
      typeof part === 'number' && Number.isInteger(part) && part >= min && part <= max;
    if (Array.isArray(value) && value.length > 0 && value.every(isOne)) return value;
    this.fault(name, `a list of whole numbers from ${min} to ${max}`);
    return [];
  }

  textMap(name: string): Readonly<Record<string, string>> {
    const value = this.#record.get(name);
    const isMap = typeof value === 'object' && value !== null && !Array.isArray(value);
    if (isMap && Object.values(value).every((part) => typeof part === 'string'))
      return value as Readonly<Record<string, string>>;
    this.fault(name, 'an object of texts');
    return {};
  }

  value(name: string): unknown {
    return this.#record.get(name);
  }
}

/** What came, as far as it can be shown. */
function wordFor(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object') return 'an object';
  if (typeof value === 'string') return quote(value);
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : `a value of type ${typeof value}`;
}

function quote(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}
