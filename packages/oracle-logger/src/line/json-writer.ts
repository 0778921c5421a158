import { isProxy } from 'node:util/types';
import type { Secrecy } from '../redact/keys.js';
import { isMnemonicList } from '../redact/mnemonic.js';
import { followsTellingName, isPairedSecret, maskArgument, mayBePaired } from '../redact/pairs.js';
import { mask, type Redactor } from '../redact/redactor.js';
import { scanText, traits } from '../redact/scan.js';
import { isPlain, ownData, viewOf } from '../redact/view.js';
import { inOnePiece, quote, quoteEscaped } from './json-string.js';
import { createRunEnd, type Run, type RunEnd, runOn, startRun } from './run.js';

/** How much of a value gets into a line (RELIABILITY rule 1). */
export interface LineLimits {
  /** Objects within objects. */
  readonly depth: number;
  /** Entries of one object or list. */
  readonly entries: number;
  /** Characters of one text. */
  readonly textLength: number;
  /** Characters of a line's JSON, about. */
  readonly lineLength: number;
}

/** What is known of a key before its value is seen, and what its values were. */
interface KeyFacts {
  readonly key: string;
  /** `,"key":`, escaped and redacted. */
  readonly json: string;
  /** That, before any value but a text. */
  readonly beginning: RunEnd;
  /** The same with the quote that begins a text. */
  readonly textBeginning: RunEnd;
  readonly secrecy: Secrecy;
  /** Whether its secrecy may depend on what stands beside it. */
  readonly isPaired: boolean;
  /** Whether callers may not use it at the top of a line. */
  readonly isReserved: boolean;
  /** The key that came after this one last: objects of one kind have their keys in one order. */
  next: KeyFacts | null;
  /** The last short value that was looked at. */
  last: Primitive;
  /** How many values in a row came only once. */
  singles: number;
  /** The last short value that came twice in a row: most fields of a service seldom change. */
  repeated: Primitive;
  /** `,"key":` and that value. */
  repeatedEnd: RunEnd;
  /** The same with a hidden value. */
  readonly hiddenEnd: RunEnd;
}

type Primitive = string | number | boolean | undefined;

/** Texts are searched for secrets this many characters beyond their limit, so that none is cut before it is known. */
const lookaheadLength = 1024;

const rememberedKeys = 2000;

/** The largest BigInt written digit by digit: printing takes longer than linear time. */
const largestBigInt = 2n ** 1024n;

/** The digits of a BigInt, unless there are too many. */
export function bigIntText(value: bigint): string {
  return value < largestBigInt && value > -largestBigInt ? value.toString() : '[BigInt]';
}

/** Members this short are kept for when they come again. */
const longestRepeated = 64;

/** A key whose values came only once this many times in a row, an id say, is not asked again for a while: asking costs. */
const lookedAt = 16;

/** After so many values such a key gets another chance. */
const lookAgain = 1024;

/** Below the top of a line every name may be used. */
const noNames: readonly ReadonlySet<string>[] = [];

/** Every text may be this long, however little room there is. */
const alwaysRoom = 16;

const { getOwnPropertyDescriptor } = Object;

const quotedMask = `"${mask}"`;

const nothingRepeated = createRunEnd(',');

/** After a text. */
const closingQuote = startRun('"');

/** Writes any value as JSON in one pass that redacts, escapes and bounds. Never throws, runs no getter. */
export class JsonWriter {
  readonly #redactor: Redactor;
  readonly #facts = new Map<string, KeyFacts>();
  readonly #ancestors: object[] = [];
  readonly #reserved: ReadonlySet<string>;
  /** Stand before the first key of an object, one for each depth. */
  readonly #starts: KeyFacts[] = [];
  #limits: LineLimits;
  #room = 0;

  constructor(redactor: Redactor, limits: LineLimits, reserved: ReadonlySet<string>) {
    this.#redactor = redactor;
    this.#limits = limits;
    this.#reserved = reserved;
  }

  /** Starts a line: the room of `limits` is free again. */
  begin(limits: LineLimits): void {
    this.#limits = limits;
    this.#room = limits.lineLength;
    if (this.#ancestors.length > 0) this.#ancestors.length = 0;
  }

  /** A text as JSON. */
  text(text: string): string {
    return `"${this.#quotable(text)}"`;
  }

  /** What stands between the quotes of a text. */
  #quotable(text: string): string {
    if (text.length <= alwaysRoom && scanText(text) === 0) {
      this.#room -= text.length + 3;
      return text;
    }
    const limit = Math.max(alwaysRoom, Math.min(this.#limits.textLength, this.#room));
    const isLong = text.length > limit;
    let shown = isLong ? text.slice(0, limit + lookaheadLength) : text;
    const seen = scanText(shown);
    if (seen !== 0) shown = this.#redactor.scannedText(shown, seen);
    if (isLong) shown = cutText(shown, text.length, limit);
    this.#room -= shown.length + 3;
    return (seen & traits.escape) === 0 && !isLong ? shown : quoteEscaped(shown).slice(1, -1);
  }

  /** Counts what the caller adds to the line. */
  take(length: number): void {
    this.#room -= length;
  }

  /** Any value as JSON. */
  value(value: unknown): string {
    switch (typeof value) {
      case 'string':
        return this.text(value);
      case 'number':
        this.#room -= 8;
        return Number.isFinite(value) ? `${value}` : `"${value}"`;
      case 'boolean':
        return value ? 'true' : 'false';
      case 'object':
        return value === null ? 'null' : this.#object(value);
      case 'bigint':
        return `"${bigIntText(value)}"`;
      case 'undefined':
        return 'null';
      case 'symbol':
        return this.text(String(value));
      default:
        return '"[Function]"';
    }
  }

  /** The members of an object as `,"key":value…`, without undefined ones. */
  members(holder: object): string {
    return this.#members(holder, ',', noNames, '', null) ?? '';
  }

  /**
   * {@link JsonWriter.members} at the top of a line, after its `beginning`; null when one has a reserved name or one of
   * `taken`.
   */
  fields(holder: object, taken: readonly ReadonlySet<string>[], beginning: Run | string): string | null {
    return typeof beginning === 'string'
      ? this.#members(holder, ',', taken, beginning, null)
      : this.#members(holder, ',', taken, '', beginning);
  }

  /** After `json` and the parts of `run`; where both are nothing, the first member stands after `opening`. */
  #members(
    holder: object,
    opening: ',' | '{',
    taken: readonly ReadonlySet<string>[],
    json: string,
    run: Run | null,
  ): string | null {
    let count = 0;
    let facts = (this.#starts[this.#ancestors.length] ??= this.#learn(''));
    for (const key in holder) {
      const found = getOwnPropertyDescriptor(holder, key);
      if (found === undefined) continue;
      facts = this.#factsAfter(facts, key);
      if (taken !== noNames && (facts.isReserved || isTaken(key, taken))) return null;
      if (count++ >= this.#limits.entries || this.#room <= 0) {
        const shown = run === null ? json : json + run.json;
        return `${shown}${shown === '' ? opening : ','}"…":"[more]"`;
      }
      let value: unknown = found.value;
      if (value === undefined) {
        if ('value' in found) continue;
        value = '[Getter]';
      }
      let end: RunEnd | null = null;
      if (value === facts.repeated && this.#room > longestRepeated) end = facts.repeatedEnd;
      else if (facts.secrecy !== 'plain' || facts.isPaired) {
        if (this.#isHidden(facts, holder, value)) end = facts.hiddenEnd;
      }
      let changing: string | null = null;
      if (end === null) {
        end = typeof value === 'string' ? facts.textBeginning : facts.beginning;
        this.#room -= key.length + 4;
        changing = this.#valueOf(facts, value);
      } else this.#room -= end.alone.json.length;
      if (run === null) run = json === '' && opening === '{' ? end.first : end.alone;
      else {
        const longer = runOn(run, end);
        if (longer === null) json += run.json;
        run = longer ?? end.alone;
      }
      if (changing === null) continue;
      json = json + run.json + changing;
      run = typeof value === 'string' ? closingQuote : null;
    }
    return run === null ? json : json + run.json;
  }

  #factsAfter(before: KeyFacts, key: string): KeyFacts {
    if (before.next?.key === key) return before.next;
    const known = this.#facts.get(key);
    if (known === undefined) return this.#learn(key);
    before.next = known;
    return known;
  }

  /** A value's JSON, of a text what stands between its quotes. */
  #valueOf(facts: KeyFacts, value: unknown): string {
    const json = typeof value === 'string' ? this.#quotable(value) : this.value(value);
    if (facts.singles++ >= lookedAt) {
      if (facts.singles === lookAgain) facts.singles = 0;
    } else if (json.length <= longestRepeated && !facts.isPaired && isPrimitive(value)) {
      if (value === facts.last) {
        facts.singles = 0;
        facts.repeated = value;
        const quote = typeof value === 'string' ? '"' : '';
        facts.repeatedEnd = createRunEnd(facts.json + quote + json + quote);
      } else facts.last = value;
    }
    return json;
  }

  #isHidden(facts: KeyFacts, holder: object, value: unknown): boolean {
    // What a proxy holds is not looked at, and not shown either.
    if (typeof value !== 'string' && isProxy(value)) return false;
    if (facts.secrecy !== 'plain' && this.#redactor.hides(facts.secrecy, value)) return true;
    return facts.isPaired && isPairedSecret(this.#redactor, holder, facts.key, value);
  }

  #learn(key: string): KeyFacts {
    const shown = key === '__proto__' ? '[__proto__]' : key.slice(0, 256);
    const json = inOnePiece(`,${quote(this.#redactor.text(shown))}:`);
    const secrecy = this.#redactor.judge(key);
    const isPaired = mayBePaired(key);
    const mayHide = secrecy !== 'plain' || isPaired;
    const facts: KeyFacts = {
      key,
      json,
      beginning: createRunEnd(json),
      textBeginning: createRunEnd(`${json}"`),
      secrecy,
      isPaired,
      isReserved: this.#reserved.has(key),
      next: null,
      last: undefined,
      singles: 0,
      repeated: undefined,
      repeatedEnd: nothingRepeated,
      hiddenEnd: mayHide ? createRunEnd(json + quotedMask) : nothingRepeated,
    };
    if (this.#facts.size < rememberedKeys && key.length <= 64) this.#facts.set(key, facts);
    return facts;
  }

  #object(object: object): string {
    if (isProxy(object)) return '"[Proxy]"';
    if (this.#ancestors.includes(object)) return '"[Circular]"';
    if (this.#ancestors.length >= this.#limits.depth || this.#room <= 0)
      return Array.isArray(object) ? '"[Array]"' : '"[Object]"';
    this.#ancestors.push(object);
    try {
      return this.#contents(object);
    } catch {
      return '"[Unreadable]"';
    } finally {
      this.#ancestors.pop();
    }
  }

  #contents(object: object): string {
    if (Array.isArray(object)) return this.#list(object);
    const view = isPlain(object) && !('toJSON' in object) ? object : viewOf(object);
    if (typeof view !== 'object' || view === null) return this.value(view);
    if (view !== object && isProxy(view)) return '"[Proxy]"';
    if (Array.isArray(view)) return this.#list(view);
    return `${this.#members(view, '{', noNames, '', null) || '{'}}`;
  }

  #list(list: readonly unknown[]): string {
    this.#room -= 2;
    if (isMnemonicList(list)) return `[${quotedMask}]`;
    let json = '[';
    // In a list of lists, two items may be a name and its value; the list itself is the last ancestor.
    const isEntry = list.length === 2 && Array.isArray(this.#ancestors.at(-2));
    const count = Math.min(list.length, this.#limits.entries);
    for (let index = 0; index < count && this.#room > 0; index++) {
      const item = ownData(list, index);
      if (index > 0) json += ',';
      const mayFollow = index > 0 && (isEntry || typeof item === 'string');
      json += mayFollow ? this.#laterItem(list, index, item, isEntry) : this.value(item);
    }
    if (list.length > count || this.#room <= 0) json += `${json === '[' ? '' : ','}"[${list.length} items]"`;
    return `${json}]`;
  }

  #laterItem(list: readonly unknown[], index: number, item: unknown, isEntry: boolean): string {
    if (!isProxy(item) && followsTellingName(this.#redactor, ownData(list, index - 1), item, isEntry))
      return quotedMask;
    return typeof item === 'string' ? this.text(maskArgument(list, index, item, mask)) : this.value(item);
  }
}

function isTaken(key: string, taken: readonly ReadonlySet<string>[]): boolean {
  for (const names of taken) if (names.has(key)) return true;
  return false;
}

function isPrimitive(value: unknown): value is Primitive {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

/**
 * Cuts a redacted text that was longer than `limit`. Its last characters were looked at only up to where the original
 * was cut, so a secret may stand there half: they go.
 */
function cutText(redacted: string, originalLength: number, limit: number): string {
  const doubtful = originalLength > limit + lookaheadLength ? lookaheadLength : 0;
  const kept = redacted.slice(0, Math.max(0, Math.min(limit, redacted.length - doubtful)));
  return `${kept}… [${originalLength} characters]`;
}
