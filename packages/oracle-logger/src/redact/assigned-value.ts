import type { Secrecy } from './keys.js';
import { isBarePlaceholder, isPlaceholder } from './placeholders.js';

/** A value with its bounds in the text, quotes and brackets excluded. */
export interface Value {
  readonly start: number;
  readonly end: number;
  /** `quoted` also stands for what brackets hold. */
  readonly kind: 'quoted' | 'bare' | 'object';
}

const longestKey = 64;

/** How far the end of a value that may be harmless is looked for: keeps hostile texts linear. */
export const longestLookahead = 4096;

/** The same where only what looks random is hidden: random secrets under unsure names are not longer. */
const longestLikely = 320;

/** Objects within an object: deeper ones are only searched for secrets of their own. */
const deepestObject = 16;

/** Words that stand between the key and the secret: `Authorization: Bearer …`. */
const scheme = /(?:bearer|basic|token|apikey|api-key|digest|negotiate|ntlm|hmac|key|jwt|bot)(?:[ \t]+|%20|\+)(?=\S)/iy;

/** Before the quote: a type (`: string = "x"`, `string(3) "x"`), or the kind of a text that ends (`b'x'`, `N'x'`). */
const typeName =
  /(?:(?:string|str|bytes|text|any|unknown|char ?\*|&(?:'static )?str|SecretStr|Buffer)(?:\[\])?(?: ?\| ?\w{1,16})? ?= ?(?=\\*["'`])|string\(\d{1,6}\) (?=\\*")|[bBrRuUfFLN@$]{1,2}(?=(["'])[^\n]{0,256}?\1(?:[\s,;)}\]]|$)))/iy;

/** The schemes that have parameters, before the first one. */
const withParameters = /^(?:digest|aws4[\w-]{0,24}|oauth|hawk|signature|mac)(?:[ \t+]|%20)+[\w-]{1,64}=/i;

/** Parameters of a scheme: `Digest username="ann", response="…"`. */
const parameters =
  /[\w-]{1,64}=(?:\\{0,7}"[^"\n]{0,2048}"|[^\s,"'\\]{0,2048})(?:,[ +]?[\w-]{1,64}=(?:\\{0,7}"[^"\n]{0,2048}"|[^\s,"'\\]{0,2048}))*/y;

/** An `Authorization` of a scheme that is not known: `Scheme credentials`. */
const unknownScheme = /[A-Za-z][\w-]{1,24}[ \t]+(?=[\w+/=.~:-]{16})/y;

/** One or more cookies with their attributes, as in `Cookie` and `Set-Cookie` (RFC 6265). */
const cookies = /[^\s;"']+(?:; ?[\w.-]+(?:=[^\s;"']*)?)*/y;
const formCookies = /(?:(?!&[\w.-]+=)[^\s;"'])+(?:; ?[\w.-]+(?:=(?:(?!&[\w.-]+=)[^\s;"'])*)?)*/y;

/** After a sign and a blank, the next name: the value before it is empty. */
const nextName = /(?:[a-z][a-z_.-]*|[A-Z][A-Z_]*)(?:=(?![=\s])|: )/y;

/** The same after a colon, where only a plain setting is none of a password's signs. */
const nextSetting = /(?:[a-z][a-z_.-]+|[A-Z][A-Z_]+)(?:=[a-z\d_./:-]*(?=[,;)]{0,3}(?:\s|$))|: )/y;

/** Between a quoted name, its sign and its quoted value lines may end. */
const lineEnds = /(?:\s|\\{1,7}[nrt]){1,64}(?=\\{0,7}["'])/y;

const lineEndsBefore = /(?:\s|\\{1,7}[nrt])+$/;

/** The end of a quoted name, up to the sign. */
const quotedBefore = /["'](?:\s|\\{1,7}[nrt]){0,8}$/;

/** A password with blanks in a connection string: `Password=two words;Database=x`. */
const restBeforeSemicolon = /(?: [^\s;="']{1,64}){1,8}(?=;(?:[A-Za-z][\w ]{0,32}=|["'\s]|$))/y;

/** More plain words of a pass-phrase; the last of them ends where a sentence's would not. */
const restOfPhrase = /(?: [A-Za-z]{1,24}(?![^\s,;)"']))+/y;

/** The name of a setting at the start of a line, up to its value. */
const ownLine = /(?:^|\n|\\n)[ \t]{0,16}["']?[\w.-]{1,64}["']?(?: {0,8}: {1,8}| {1,8}= {1,8})$/;

const environmentLine = /(?:^|\n|\\n)(?:export )?[A-Za-z_]\w{0,63}=$/;
const nextVariable = /^(?:\\{1,7}r|\r)?(?:\n|\\{1,7}n)(?:export )?[A-Za-z_]\w{0,63}=/;

/** More words of a password with blanks, up to the line's end; no sentence, no further setting. */
const restOfLine =
  /(?! (?:is|was|has|not|for|from|in|on|at|to|of|and|or|but|by|with|failed|expired|rejected|accepted|changed|set|updated)\b)(?: (?!-)[^\s\\=:()[\]{},;"'|<>]{1,64}){1,4}(?=\s{0,8}(?:$|\n|\\{1,7}[nr]))/y;

/** ODBC puts values with signs into braces, doubling closing ones; what holds names of its own is an object. */
const odbcValue = /\{(?:(?:[^{}\n]|\}\}){1,320}\}(?=;)|[^{}"':=\n]{1,320}\})/y;

/** A quote after which nothing of a value can come. */
const closing = /["'`](?:\s{0,64}$|,\\{0,7}["'{]|[)\]}]{1,64}(?:$|[\s,.;]))/y;

/** An object starts with a name, a quote or nothing; what else follows a brace is a value with a brace. */
const objectStart = /\{\s{0,64}(?:$|[\\"'`}]|\[REDACTED|[\w.-]{1,64}\s{0,8}[:=])/y;

/** A placeholder in angle brackets, code or markup. */
const markup = /<(?![^\s<>"'=]{0,64}\d[^\s<>"'=]{0,64}(?:>[\w!#$%*.~-]{0,64})?(?:[\s,;"'&)]|$))/y;

/** What characters mean for names and values. */
const is = { name: 1, gap: 2, end: 4, maybeEnd: 8, random: 16, alnum: 32 } as const;

const table = buildTable();

export function nextSign(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 61 || code === 58 || code === 0xff1a || code === 0xff1d) return at;
  }
  return -1;
}

/** The name left of the sign, without quotes, escapes, brackets and leading dashes; empty when there is none. */
export function keyBefore(text: string, sign: number): string {
  let end = beforeGap(text, sign, sign);
  if (/[\nnrt\r]/.test(text[end - 1] ?? '')) {
    const [ended = ''] = lineEndsBefore.exec(text.slice(Math.max(0, end - 40), end)) ?? [];
    // Only after a quoted name a line may end.
    if (ended !== '') {
      if (!/["']/.test(text[end - ended.length - 1] ?? '')) return '';
      end = beforeGap(text, end - ended.length, sign);
    }
  }
  for (const quote of ['&quot;', '%22']) if (text.endsWith(quote, end)) end -= quote.length;
  let start = nameStart(text, end);
  // `passwords[0]`, `user[password]`: both names count.
  if (text[start - 1] === '[') {
    const outer = nameStart(text, start - 1);
    if (outer < start - 1) start = outer;
  }
  // The n of an escaped line end is no part of the name.
  if (text[start - 1] === '\\' && /[nrt]/.test(text[start] ?? '')) start++;
  while (start < end && (text[start] === '-' || text[start] === '.')) start++;
  return text.slice(start, end);
}

/** Python's ":=", a type's "?:", quotes, their escapes, a closing bracket and a space or two may follow a name. */
function beforeGap(text: string, from: number, sign: number): number {
  const first = Math.max(0, sign - 40);
  let end = from;
  while (end > first && has(text, end - 1, is.gap)) end--;
  return end;
}

function nameStart(text: string, end: number): number {
  let start = end;
  const farthest = Math.max(0, end - longestKey);
  while (start > farthest && isNameCode(text.charCodeAt(start - 1))) start--;
  return start;
}

/** Letters of all alphabets people name passwords in, digits, and what joins words. */
export function isNameCode(code: number): boolean {
  if (code < 128) return ((table[code] as number) & is.name) !== 0;
  return (
    (code >= 0xc0 && code <= 0x24f) ||
    (code >= 0x400 && code <= 0x4ff) ||
    (code >= 0x3040 && code <= 0x30ff) ||
    (code >= 0x4e00 && code <= 0x9fff) ||
    (code >= 0xac00 && code <= 0xd7af)
  );
}

/** The value right of the sign; null when there is none. */
export function assignedValue(text: string, sign: number, key: string, secrecy: Secrecy): Value | null {
  let at = sign + 1;
  while (text[at] === '=' || text[at] === '>') at++;
  const afterSign = at;
  while (text[at] === ' ' || text[at] === '\t' || (text[at] === '+' && /["' +]/.test(text[at + 1] ?? ''))) at++;
  if (at > afterSign && isNextName(text, sign, at, key)) return null;
  if (quotedBefore.test(text.slice(Math.max(0, sign - 24), sign))) at = matchEnd(lineEnds, text, at);
  at = matchEnd(typeName, text, at);
  if (at >= text.length || text[at] === '\n' || text[at] === '\r') return null;
  let escapes = 0;
  while (text[at + escapes] === '\\') escapes++;
  if (isWholeArgument(text, sign, key)) return { start: at, end: text.length, kind: 'bare' };
  const opened = at + escapes;
  const quote = quoteAt(text, opened);
  if (quote !== '') {
    const isOpen = at > sign + 1 || /["']/.test(text[sign - 1] ?? '');
    if (!isOpen && closesBefore(text, opened, text[sign - key.length - 1])) return null;
    const token = text.slice(at, opened) + quote;
    return repeatedlyQuoted(text, at, token, sign) ?? quotedValue(text, opened + quote.length, quote, escapes);
  }
  const bracketed = text[at] === '{' ? bracedValue(text, at, sign) : text[at] === '[' ? listValue(text, at) : undefined;
  return bracketed === undefined ? bareValue(text, at, key, secrecy, text[sign] === '=') : bracketed;
}

/** `password= user=x`, `password: user=x`; `password = x=y` and lists of names have such values. */
function isNextName(text: string, sign: number, at: number, key: string): boolean {
  if (/cookie|auth|signature|cred/i.test(key)) return false;
  if (text[sign] !== '=') return matchEnd(nextSetting, text, at) > at;
  return isNameCode(text.charCodeAt(sign - 1)) && matchEnd(nextName, text, at) > at;
}

function quoteAt(text: string, at: number): string {
  const character = text[at];
  if (character === '"' || character === "'" || character === '`') return character;
  if (text.startsWith('&quot;', at)) return '&quot;';
  return text.startsWith('%22', at) ? '%22' : '';
}

/** TOML and Python may quote three times; CSV doubles quotes, then the name's are doubled, too. */
function repeatedlyQuoted(text: string, at: number, token: string, sign: number): Value | null {
  if (!text.startsWith(token, at + token.length)) return null;
  const isTriple = text.startsWith(token, at + 2 * token.length);
  if (!isTriple && !text.endsWith(token.repeat(2), sign)) return null;
  const quotes = token.repeat(isTriple ? 3 : 2);
  const end = text.indexOf(quotes, at + quotes.length);
  return end === -1 ? null : { start: at + quotes.length, end, kind: 'quoted' };
}

/** Whether the quote ends the text that the name stands in: `"password="`, `{"a":"x password=","b":1}`. */
function closesBefore(text: string, at: number, beforeKey: string | undefined): boolean {
  return (
    (beforeKey === text[at] && /^(?:$|[\s,.;)\]}])/.test(text.slice(at + 1, at + 2))) ||
    matchEnd(closing, text, at) > at
  );
}

/** A quote closes when as many backslashes stand before it as before the opening one, or escaped pairs more. */
export function quotedValue(text: string, start: number, quote: string, escapes: number): Value {
  for (let at = text.indexOf(quote, start); at !== -1; at = text.indexOf(quote, at + 1)) {
    let before = 0;
    while (at - before > start && text[at - before - 1] === '\\') before++;
    if (before % (2 * (escapes + 1)) === escapes) return { start, end: at - escapes, kind: 'quoted' };
  }
  // Cut off, or no quote at all: the line ends it, or the next name.
  const rest = text.slice(start).search(/\n|[ &][\w.-]{1,64}=/);
  return { start, end: rest === -1 ? text.length : start + rest, kind: 'quoted' };
}

/** ODBC: `PWD={secret}`; an object; null for one without an end; undefined when the brace belongs to a bare value. */
function bracedValue(text: string, at: number, sign: number): Value | null | undefined {
  // A password may begin with braces.
  if (text[at + 1] === '}' && /[^\s,;)}\]"'\\]/.test(text[at + 2] ?? ' ')) return undefined;
  if (text[sign] === '=') {
    const end = matchEnd(odbcValue, text, at);
    if (end > at && text[end] !== ';' && goesOn(text, end)) return undefined;
    if (end > at) {
      // `<input value={password}>`
      const isVariable = text[end] !== ';' && isPlaceholder(`<${text.slice(at + 1, end - 1)}>`);
      return isVariable ? null : { start: at + 1, end: end - 1, kind: 'quoted' };
    }
  }
  if (matchEnd(objectStart, text, at) === at) return undefined;
  return objectValue(text, at);
}

/** Whether a value that began with brackets has more behind them, as a password may. */
function goesOn(text: string, at: number): boolean {
  return at < text.length && !endsBareValue(text, at, 'secret') && !/^[.:!?](?:\s|$)/.test(text.slice(at, at + 2));
}

/** What the braces hold; braces in texts are none. */
function objectValue(text: string, at: number): Value | null {
  const escapes = /^\{[^"]{0,64}?(\\{0,7})"/.exec(text.slice(at, at + 80))?.[1]?.length ?? 0;
  const farthest = Math.min(text.length, at + longestLookahead);
  let depth = 0;
  let isText = false;
  let before = 0;
  for (let end = at; end < farthest && depth <= deepestObject; end++) {
    const code = text.charCodeAt(end);
    if (code === 34 && before === escapes) isText = !isText;
    else if (code === 123 && !isText) depth++;
    else if (code === 125 && !isText && --depth === 0) return { start: at + 1, end, kind: 'object' };
    before = code === 92 ? before + 1 : 0;
  }
  return null;
}

function listValue(text: string, at: number): Value | null | undefined {
  const end = text.slice(at, at + longestLookahead).indexOf(']');
  if (end === -1) return undefined;
  const content = text.slice(at + 1, at + end);
  if (content !== 'REDACTED' && !/[\s"'`]/.test(content) && goesOn(text, at + end + 1)) return undefined;
  // Empty, `[FILTERED]`, or redacted already.
  if (/^[A-Z ]{0,16}$/.test(content) || content.includes('[REDACTED')) return null;
  return { start: at + 1, end: at + end, kind: 'quoted' };
}

/** A value without quotes: to the next space or separator; a scheme word, a list of cookies or a phrase reach farther. */
function bareValue(text: string, start: number, key: string, secrecy: Secrecy, isForm: boolean): Value {
  const value = (end: number): Value => ({ start, end, kind: 'bare' });
  if (/cookie/i.test(key)) return value(matchEnd(isForm ? formCookies : cookies, text, start));
  const reach = secrecy === 'secret' ? matchEnd(scheme, text, start) : start;
  const limit = secrecy === 'secret' ? text.length : Math.min(text.length, reach + longestLikely);
  if (withParameters.test(text.slice(start, start + 96))) {
    return value(parametersEnd(text, reach === start ? wordEnd(text, start) : reach, limit));
  }
  let end = reach;
  if (text[end] === '<') {
    // `Authorization: Bearer <token>` only shows the form.
    if (matchEnd(markup, text, end) > end) return value(start);
    end++;
  }
  if (reach === start && /authorization/i.test(key)) end = matchEnd(unknownScheme, text, end);
  if (secrecy === 'likely') {
    while (end < limit && has(text, end, is.random) && !endsBareValue(text, end, secrecy)) end++;
    return value(end);
  }
  while (end < limit && !endsBareValue(text, end, secrecy)) end++;
  if (secrecy !== 'secret' || isBarePlaceholder(text.slice(start, Math.min(end, start + longestLikely))))
    return value(end);
  if (isForm && text[start - key.length - 2] === ';') end = matchEnd(restBeforeSemicolon, text, end);
  if (reach === start) end = lineEnd(text, start, key, end);
  return value(phraseEnd(text, reach, end));
}

/** `--key=value` as a text of its own, as in a list of arguments. */
function isWholeArgument(text: string, sign: number, key: string): boolean {
  return sign === key.length + 2 && text.startsWith(`--${key}=`) && !/\s-{1,2}[A-Za-z]/.test(text.slice(sign));
}

/** `key: value` and `key = value` as lines of their own, and a line of an environment, reach to their ends. */
function lineEnd(text: string, start: number, key: string, end: number): number {
  const head = text.slice(Math.max(0, start - key.length - 24), start);
  if (ownLine.test(head)) return matchEnd(restOfLine, text, end);
  const rest = environmentLine.test(head) ? matchEnd(restOfLine, text, end) : end;
  return rest > end && nextVariable.test(text.slice(rest, rest + 80)) ? rest : end;
}

/** Behind the next word and its space. */
function wordEnd(text: string, from: number): number {
  return from + text.slice(from, from + 64).search(/[ \t]|$/) + 1;
}

function parametersEnd(text: string, from: number, limit: number): number {
  const found = matchEnd(parameters, text, from);
  if (found > from) return found;
  let end = from;
  while (end < limit && !/["'\n\r]/.test(text[end] ?? '')) end++;
  return end;
}

/** Separators belong to a bare value unless what follows them shows that they part; quotes do inside of a word. */
function endsBareValue(text: string, at: number, secrecy: Secrecy): boolean {
  const code = text.charCodeAt(at);
  if (code >= 128) return /\s/.test(text[at] ?? '');
  const meaning = table[code] as number;
  if ((meaning & is.end) !== 0) return secrecy !== 'secret' || !isInsideWord(text, at);
  if (code === 92) return /[nrt"'\\]/.test(text[at + 1] ?? 'n');
  if ((meaning & is.maybeEnd) === 0) return false;
  let next = at + 1;
  while (next < at + 64 && text.charCodeAt(next) === code) next++;
  return /^(?:$|[\s"'`,;:&)\]}|>\\]|[\w.-]{1,64}[=:])/.test(text.slice(next, next + 66));
}

function isInsideWord(text: string, at: number): boolean {
  const character = text[at] ?? '';
  // Forms and queries leave single quotes and a few signs as they are.
  if (character === "'" && /^%[A-F\d]{2}/.test(text.slice(at + 1, at + 4))) return true;
  if (!has(text, at + 1, is.alnum)) return false;
  if (!has(text, at - 1, is.alnum)) return character === "'" && /[-_.!~*()]/.test(text[at - 1] ?? '');
  return character === '<' ? !/^<[a-z]{1,12}\d?\/?>/.test(text.slice(at, at + 16)) : /["'`]/.test(character);
}

/** A pass-phrase of plain words goes on over spaces: `PASSPHRASE=correct horse battery staple mode=prod`. */
function phraseEnd(text: string, start: number, end: number): number {
  if (!/^[A-Za-z]+$/.test(text.slice(start, Math.min(end, start + 40)))) return end;
  return matchEnd(restOfPhrase, text, end);
}

/** Where a sticky expression's match at `from` ends; `from` when there is none. */
function matchEnd(sticky: RegExp, text: string, from: number): number {
  sticky.lastIndex = from;
  return sticky.test(text) ? sticky.lastIndex : from;
}

function has(text: string, at: number, meaning: number): boolean {
  const code = text.charCodeAt(at);
  return code < 128 && ((table[code] as number) & meaning) !== 0;
}

function buildTable(): Uint8Array {
  const meanings = new Uint8Array(128);
  const add = (characters: string, meaning: number) => {
    for (const character of characters) meanings[character.charCodeAt(0)]! |= meaning;
  };
  const lower = 'abcdefghijklmnopqrstuvwxyz';
  add(lower + lower.toUpperCase() + '0123456789', is.name | is.random | is.alnum);
  add('_.-', is.name | is.random);
  add('+/=~%$!@#^*:', is.random);
  add('"\'`\\] \t:?+', is.gap);
  add('\t\n\v\f\r "\'`<', is.end);
  add(',;&)]}|>', is.maybeEnd);
  return meanings;
}
