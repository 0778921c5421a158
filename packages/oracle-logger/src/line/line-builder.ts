import type { Level } from '../levels.js';
import type { Fields } from '../record.js';
import type { Redactor } from '../redact/redactor.js';
import { define } from '../redact/view.js';
import { inOnePiece } from './json-string.js';
import { JsonWriter, type LineLimits } from './json-writer.js';
import { type Run, startRun } from './run.js';
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

/** Messages are mostly constants: those this short are looked at once. */
const longestPhrase = 64;

const rememberedPhrases = 1000;

/** A message that stands in a line as it is, and how the last line with it began. */
interface Phrase {
  readonly json: string;
  opening: string;
  logger: string;
  prepared: PreparedFields;
  /** The line up to the logger's fields; null until it comes a second time. */
  beginning: Run | null;
}

// Added, not put into a template: templates ask of every piece whether it is a text.
const lineEnd = '}\n';

const nothingTaken: readonly ReadonlySet<string>[] = [];

/** What a logger and its children each have of their own. */
export interface Scope {
  /** Value of the field that tells who logged. */
  readonly logger: string;
  /** Fields of the logger and its parents. */
  readonly prepared: PreparedFields;
}

/** Turns what was logged into one line of JSON, at most so many bytes long, line end included. */
export class LineBuilder {
  readonly #shape: LineShape;
  readonly #writer: JsonWriter;
  readonly #maxBytes: number;
  readonly #timestamp = createTimestamps();
  readonly #loggers = new Map<string, string>();
  /** None that held a secret. */
  readonly #phrases = new Map<string, Phrase>();
  /** The last phrase met: in a burst, lines often say the same. */
  #lastPhrase: Phrase | undefined;
  #lastMessage: string | undefined;
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

  /** @param context fields of the running request */
  build(
    level: Level,
    message: string,
    fields: object | null,
    scope: Scope,
    context: PreparedFields,
    atMs: number,
  ): string {
    const opening = this.#open(level, atMs);
    for (const limits of limitSteps) {
      const line = this.#line(limits, opening, message, fields, scope, context);
      // One UTF-16 unit needs at most three bytes.
      if (line.length * 3 <= this.#maxBytes || Buffer.byteLength(line) <= this.#maxBytes) return line;
    }
    const bare = { logger: scope.logger, prepared: noFields };
    return this.#line(lastResort, opening, message, null, bare, noFields);
  }

  /** Writes fields once for many lines. */
  prepare(fields: Fields): PreparedFields {
    const named = this.#rename(fields);
    this.#writer.begin({ depth: 8, entries: 50, textLength: 1_024, lineLength: 8_192 });
    return { fields, names: new Set(Object.keys(named)), json: this.#writer.members(named) };
  }

  #line(
    limits: LineLimits,
    opening: string,
    message: string,
    fields: object | null,
    { logger, prepared }: Scope,
    context: PreparedFields,
  ): string {
    this.#writer.begin(limits);
    if (!clash(prepared, context)) {
      let beginning = this.#begin(opening, message, logger, prepared);
      if (context.json !== '' || fields === null) beginning = jsonOf(beginning) + context.json;
      if (fields === null) return jsonOf(beginning) + lineEnd;
      if (this.#shape.rename === null) {
        const line = this.#writer.fields(fields, takenBy(prepared, context), beginning);
        if (line !== null) return line + lineEnd;
      }
      this.#writer.begin(limits);
    }
    // Fields of the request win over those of the logger, and the call's own over both.
    const merged: Record<string, unknown> = {};
    for (const source of [prepared.fields, context.fields, fields ?? {}]) mergeInto(merged, source);
    const members = this.#writer.members(this.#rename(merged));
    return `${opening}${this.#writer.text(message)}${this.#loggerJson(logger)}${members}}\n`;
  }

  /** The line up to the logger's fields: in one piece where the same comes again, as it does within a millisecond. */
  #begin(opening: string, message: string, logger: string, prepared: PreparedFields): Run | string {
    const known = this.#phraseOf(message);
    if (known === undefined) {
      const json = this.#writer.text(message);
      if (message.length <= longestPhrase && this.#phrases.size < rememberedPhrases && json === `"${message}"`)
        this.#phrases.set(message, { json: inOnePiece(json), opening, logger, prepared, beginning: null });
      return opening + json + this.#loggerJson(logger) + prepared.json;
    }
    this.#writer.take(message.length + 3);
    if (known.opening === opening && known.prepared === prepared && known.logger === logger) {
      known.beginning ??= startRun(opening + known.json + this.#loggerJson(logger) + prepared.json);
      return known.beginning;
    }
    known.opening = opening;
    known.prepared = prepared;
    known.logger = logger;
    known.beginning = null;
    return opening + known.json + this.#loggerJson(logger) + prepared.json;
  }

  #phraseOf(message: string): Phrase | undefined {
    if (message === this.#lastMessage) return this.#lastPhrase;
    const phrase = message.length > longestPhrase ? undefined : this.#phrases.get(message);
    if (phrase !== undefined) {
      this.#lastMessage = message;
      this.#lastPhrase = phrase;
    }
    return phrase;
  }

  #open(level: Level, atMs: number): string {
    if (atMs !== this.#openedAt || level !== this.#openedLevel) {
      this.#openedAt = atMs;
      this.#openedLevel = level;
      this.#opening = inOnePiece(this.#shape.start + this.#timestamp(atMs) + this.#shape.heads[level]);
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

function jsonOf(beginning: Run | string): string {
  return typeof beginning === 'string' ? beginning : beginning.json;
}

/** Whether the request has a field that the logger has too. */
function clash(scope: PreparedFields, context: PreparedFields): boolean {
  if (context.json === '' || scope.json === '') return false;
  for (const name of context.names) if (scope.names.has(name)) return true;
  return false;
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
