import type { Level } from '../levels.js';
import type { Fields } from '../record.js';
import type { Redactor } from '../redact/redactor.js';
import { define } from '../redact/view.js';
import { JsonWriter, type LineLimits } from './json-writer.js';
import type { LineShape } from './shape.js';
import { createTimestamps } from './timestamp.js';

/** The largest line, in bytes (RELIABILITY rule 1). */
export const largestLineBytes = 65_536;

/** Entries of one object that get into a line. */
const mostEntries = 200;

/** What a line may hold; when it comes out too large all the same, it is built again with the next limits. */
const limitSteps: readonly LineLimits[] = [
  { depth: 8, entries: mostEntries, textLength: 16_384, lineLength: 60_000 },
  { depth: 6, entries: 50, textLength: 2_048, lineLength: 10_000 },
  { depth: 3, entries: 10, textLength: 128, lineLength: 1_000 },
];

/** When even those are too much: the head and the beginning of the message. */
const lastResort: LineLimits = { depth: 1, entries: 1, textLength: 64, lineLength: 64 };

/** Fields that many lines share, written once. */
export interface PreparedFields {
  readonly fields: Fields;
  readonly names: ReadonlySet<string>;
  /** `,"key":value…` */
  readonly json: string;
}

/** No fields. */
export const noFields: PreparedFields = { fields: {}, names: new Set(), json: '' };

const nothingTaken: readonly ReadonlySet<string>[] = [];

/** One line to be. */
export interface LineParts {
  readonly level: Level;
  readonly message: string;
  /** Value of the field that tells who logged. */
  readonly logger: string;
  /** Fields of the logger and its parents. */
  readonly scope: PreparedFields;
  /** Fields of the running request. */
  readonly context: PreparedFields;
  readonly fields: object | null;
  readonly atMs: number;
}

/** Turns what was logged into one line of JSON, at most so many bytes long, line end included. */
export class LineBuilder {
  readonly #shape: LineShape;
  readonly #writer: JsonWriter;
  readonly #maxBytes: number;
  readonly #timestamp = createTimestamps();
  readonly #loggers = new Map<string, string>();
  /** Start, timestamp and head of the last line: many have the next one in common. */
  #opening = '';
  #openedAt = Number.NaN;
  #openedLevel: Level = 'info';

  constructor(shape: LineShape, redactor: Redactor, maxBytes: number) {
    this.#shape = shape;
    this.#maxBytes = Math.min(maxBytes, largestLineBytes);
    this.#writer = new JsonWriter(redactor, lastResort, shape.reserved);
  }

  /** Names of the fields every line has before the caller's. */
  get headNames(): readonly string[] {
    return [...this.#shape.reserved];
  }

  build(parts: LineParts): string {
    for (const limits of limitSteps) {
      const line = this.#build(parts, limits);
      // One UTF-16 unit needs at most three bytes.
      if (line.length * 3 <= this.#maxBytes || Buffer.byteLength(line) <= this.#maxBytes) return line;
    }
    return this.#build({ ...parts, scope: noFields, context: noFields, fields: null }, lastResort);
  }

  /** Writes fields once for many lines. */
  prepare(fields: Fields): PreparedFields {
    const named = this.#rename(fields);
    this.#writer.begin({ depth: 8, entries: 50, textLength: 1_024, lineLength: 8_192 });
    return { fields, names: new Set(Object.keys(named)), json: this.#writer.members(named) };
  }

  #build(parts: LineParts, limits: LineLimits): string {
    const { level, message, scope, context, fields } = parts;
    this.#writer.begin(limits);
    const start = this.#open(level, parts.atMs) + this.#writer.phrase(message) + this.#loggerJson(parts.logger);
    if (fields === null) return `${start}${this.#shared(scope, context)}}\n`;
    if (this.#shape.rename === null) {
      const own = this.#writer.fields(fields, takenBy(scope, context));
      if (own !== null) return `${start}${this.#shared(scope, context)}${own}}\n`;
      this.#writer.begin(limits);
    }
    const merged: Record<string, unknown> = {};
    for (const source of [scope.fields, context.fields, fields]) mergeInto(merged, source);
    return `${start}${this.#writer.members(this.#rename(merged))}}\n`;
  }

  #shared(scope: PreparedFields, context: PreparedFields): string {
    if (context.json === '') return scope.json;
    for (const name of context.names) {
      if (scope.names.has(name)) return this.prepareMerged(scope, context);
    }
    return scope.json + context.json;
  }

  /** Fields of the request win over those of the logger. */
  private prepareMerged(scope: PreparedFields, context: PreparedFields): string {
    return this.#writer.members(this.#rename({ ...scope.fields, ...context.fields }));
  }

  #open(level: Level, atMs: number): string {
    if (atMs !== this.#openedAt || level !== this.#openedLevel) {
      this.#openedAt = atMs;
      this.#openedLevel = level;
      this.#opening = this.#shape.start + this.#timestamp(atMs) + this.#shape.heads[level];
    }
    return this.#opening;
  }

  #rename(fields: Fields): Fields {
    const named = this.#shape.rename === null ? fields : this.#shape.rename(fields);
    let result = named;
    for (const key of Object.keys(named)) {
      if (!this.#shape.reserved.has(key)) continue;
      if (result === named) result = { ...named };
      const copy = result as Record<string, unknown>;
      define(copy, `_${key}`, copy[key]);
      delete copy[key];
    }
    return result;
  }

  #loggerJson(name: string): string {
    let json = this.#loggers.get(name);
    if (json === undefined) {
      json = `,"${this.#shape.loggerKey}":${this.#writer.text(name.slice(0, 128))}`;
      if (this.#loggers.size < 1000) this.#loggers.set(name, json);
    }
    return json;
  }
}

/** Names that are on the line already, besides the reserved ones. */
function takenBy(scope: PreparedFields, context: PreparedFields): readonly ReadonlySet<string>[] {
  return scope.names.size + context.names.size === 0 ? nothingTaken : [scope.names, context.names];
}

/** Own enumerable data, without running getters; later sources win. */
function mergeInto(target: Record<string, unknown>, source: object): void {
  for (const key of Object.keys(source)) {
    const found = Object.getOwnPropertyDescriptor(source, key);
    if (found === undefined) continue;
    if ('value' in found) define(target, key, found.value);
    else define(target, key, '[Getter]');
  }
}
