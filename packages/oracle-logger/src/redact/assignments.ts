import type { Secrecy } from './keys.js';
import { looksRandom } from './shapes.js';

/** What the search for `key=value` needs to know. */
export interface AssignmentRules {
  readonly judge: (key: string) => Secrecy;
  readonly mask: string;
}

/** A value with its bounds in the text, quotes excluded. */
interface Value {
  readonly start: number;
  readonly end: number;
  readonly quoted: boolean;
}

const longestKey = 64;

/** How far the end of a value that may be harmless is looked for: keeps hostile texts linear. */
const longestLookahead = 4096;

/** The same where only what looks random is hidden: random secrets under unsure names are not longer. */
const longestLikely = 320;

/** Words that hold sentences together; pass-phrases are made of the others. */
const grammar =
  /\b(?:a|an|and|are|as|at|be|been|but|by|can|cannot|contains?|did|does|doesn|don|expired?|for|from|has|have|if|in|invalid|is|isn|it|its|longer|may|missing|must|needs?|no|not|of|on|or|required?|set|shorter|should|than|that|the|this|to|too|was|were|which|will|with|wrong|you|your)\b/i;

/** Words that stand between the key and the secret: `Authorization: Bearer …`. */
const scheme = /(?:bearer|basic|token|apikey|api-key|digest|negotiate|ntlm|hmac|key|jwt|bot)(?:[ \t]+|%20|\+)(?=\S)/iy;

const anyScheme = /^(?:bearer|basic|token|apikey|api-key|digest|negotiate|ntlm|hmac|jwt|bot) ?/i;

const sourceFile = /\.(?:java|kt|scala|[cm]?[jt]sx?|py|go|rb|rs|cs|php|cpp|c|h|swift)$/;

/** Words before a telling word that speak about it: "invalid token: signature mismatch". */
const complaint = /\b(?:invalid|bad|wrong|missing|expired|unexpected|unknown|malformed|no) \w+$/i;

/** What may stand before the quote: a type (`: string = "x"`, `string(3) "x"`) or the kind of text (`b'x'`). */
const typeName =
  /(?:(?:string|str|bytes|text|any|unknown|char ?\*|&(?:'static )?str|SecretStr|Buffer)(?:\[\])?(?: ?\| ?\w{1,16})? ?= ?(?=\\*["'`])|string\(\d{1,6}\) (?=\\*")|[bBrRuUfFL@$]{1,2}(?=["']))/iy;

/** Parameters of a scheme: `Digest username="ann", response="…"`. */
const parameters =
  /[\w-]{1,64}=(?:\\{0,7}"[^"\n]{0,2048}"|[^\s,"'\\]{0,2048})(?:, ?[\w-]{1,64}=(?:\\{0,7}"[^"\n]{0,2048}"|[^\s,"'\\]{0,2048}))*/y;

/** An `Authorization` of a scheme that is not known: `Scheme credentials`. */
const unknownScheme = /[A-Za-z][\w-]{1,24}[ \t]+(?=[\w+/=.~:-]{16})/y;

/** One or more cookies with their attributes, as in `Cookie` and `Set-Cookie` (RFC 6265). */
const cookies = /[^\s;"']+(?:; ?[\w.-]+(?:=[^\s;"']*)?)*/y;
const formCookies = /(?:(?!&[\w.-]+=)[^\s;"'])+(?:; ?[\w.-]+(?:=(?:(?!&[\w.-]+=)[^\s;"'])*)?)*/y;

/** Words that say there is no secret, or that it was taken away already; types and modes that stand in code. */
const nothingWords: ReadonlySet<string> = new Set(
  'null undefined none nil true false yes no on off empty unset missing required optional invalid expired redacted hidden masked string number boolean str unknown any include omit'.split(
    ' ',
  ),
);

/** The same in other forms: masks, placeholders, calls, and paths to where the secret would come from. */
const notSecret =
  /^(?:\*+|•+|\.{3}|-+|\[[A-Za-z]*\]|<[\w .-]*>|\(\w*\)?|\$\{?[A-Z_]\w*\}?|\$?\{\{.*|<%.*|%[sdjo]|process\.env\..*|your[-_][\w-]*|same-origin|[A-Za-z_][\w.]*\(\)?;?|(?:~|\.{1,2}|\/(?:etc|run|var|usr|opt|home|root|tmp|app|srv|mnt|data|secrets|certs|keys))\/[\w./-]+)$/i;

/** Whether a value stands for "no secret here". */
export function saysNothing(value: string): boolean {
  if (value.length >= 80) return false;
  if (!/^[A-Za-z\d]+$/.test(value)) return notSecret.test(value);
  return value.length <= 9 && (nothingWords.has(value.toLowerCase()) || /^x{3,}$/i.test(value));
}

/** Whether a text is a count. */
export function isNumber(value: string): boolean {
  return /^\d{1,9}$/.test(value);
}

/** Hides values of telling keys in running text: `key=value`, `"key": "value"`, `key: value`, `key => value`. */
export function maskAssignments(text: string, rules: AssignmentRules): string {
  let out = '';
  let done = 0;
  for (let at = nextSign(text, 0); at !== -1; at = nextSign(text, at + 1)) {
    if (at < done) continue;
    const key = keyBefore(text, at);
    if (key === '') continue;
    const secrecy = rules.judge(key);
    if (secrecy === 'plain') continue;
    const value = valueAfter(text, at, key, secrecy);
    if (value === null || !isSecret(text, at, key, value, secrecy)) continue;
    out += text.slice(done, value.start) + rules.mask;
    done = value.end;
  }
  return done === 0 ? text : out + text.slice(done);
}

function nextSign(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 61 || code === 58 || code === 0xff1a || code === 0xff1d) return at;
  }
  return -1;
}

/** The name left of the sign, without quotes, escapes, brackets and leading dashes; empty when there is none. */
function keyBefore(text: string, sign: number): string {
  let end = sign;
  // Python's ":=", a type's "?:", quotes, their escapes, a closing bracket and a space or two may stand in between.
  const first = Math.max(0, sign - 40);
  while (end > first && /["'`\\\] \t:?]/.test(text[end - 1] ?? '')) end--;
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

function nameStart(text: string, end: number): number {
  let start = end;
  const farthest = Math.max(0, end - longestKey);
  while (start > farthest && /[\w.\-\u00c0-\u024f]/.test(text[start - 1] ?? '')) start--;
  return start;
}

function valueAfter(text: string, sign: number, key: string, secrecy: Secrecy): Value | null {
  let at = sign + 1;
  while (text[at] === '=' || text[at] === '>') at++;
  while (text[at] === ' ' || text[at] === '\t') at++;
  typeName.lastIndex = at;
  if (typeName.test(text)) at = typeName.lastIndex;
  if (at >= text.length || text[at] === '\n' || text[at] === '\r') return null;
  let escapes = 0;
  while (text[at + escapes] === '\\') escapes++;
  const quote = quoteAt(text, at + escapes);
  if (quote !== '') return quotedValue(text, at + escapes + quote.length, quote, escapes);
  if (text[at] === '{') return text[sign] === '=' ? bracedValue(text, at) : null;
  if (text[at] === '[') return listValue(text, at);
  return bareValue(text, at, key, secrecy, text[sign] === '=');
}

function quoteAt(text: string, at: number): string {
  const character = text[at];
  if (character === '"' || character === "'" || character === '`') return character;
  if (text.startsWith('&quot;', at)) return '&quot;';
  return text.startsWith('%22', at) ? '%22' : '';
}

/** A quote closes when as many backslashes stand before it as before the opening one, or escaped pairs more. */
function quotedValue(text: string, start: number, quote: string, escapes: number): Value {
  for (let at = text.indexOf(quote, start); at !== -1; at = text.indexOf(quote, at + 1)) {
    let before = 0;
    while (at - before > start && text[at - before - 1] === '\\') before++;
    if (before % (2 * (escapes + 1)) === escapes) return { start, end: at - escapes, quoted: true };
  }
  return { start, end: text.length, quoted: true };
}

/** ODBC: `PWD={secret}`; what holds names of its own is an object. */
function bracedValue(text: string, at: number): Value | null {
  const inner = text.slice(at + 1, at + longestLikely).search(/[{}"':=\n]/);
  return inner > 0 && text[at + 1 + inner] === '}' ? { start: at + 1, end: at + 1 + inner, quoted: true } : null;
}

function listValue(text: string, at: number): Value | null {
  const end = text.slice(at, at + longestLookahead).indexOf(']');
  const content = text.slice(at + 1, at + Math.max(1, end));
  // Empty, `[FILTERED]`, or redacted already.
  if (end === -1 || /^[A-Z ]{0,16}$/.test(content) || content.includes('[REDACTED')) return null;
  return { start: at + 1, end: at + end, quoted: true };
}

/** A value without quotes: to the next space or separator; a scheme word, a list of cookies or a phrase reach farther. */
function bareValue(text: string, from: number, key: string, secrecy: Secrecy, isForm: boolean): Value {
  scheme.lastIndex = from;
  const start = from;
  const reach = scheme.test(text) && secrecy === 'secret' ? scheme.lastIndex : from;
  const limit = secrecy === 'secret' ? text.length : Math.min(text.length, reach + longestLikely);
  const cookie = /cookie/i.test(key) ? (isForm ? formCookies : cookies) : null;
  if (cookie !== null) {
    cookie.lastIndex = from;
    cookie.test(text);
    return { start, end: Math.max(from, cookie.lastIndex), quoted: false };
  }
  if (/^(?:digest|aws4|oauth|hawk|signature|mac)\b/i.test(text.slice(from, from + 10))) {
    return { start, end: parametersEnd(text, reach === from ? wordEnd(text, from) : reach, limit), quoted: false };
  }
  let end = reach;
  // `Authorization: Bearer <token>` only shows the form.
  if (text[end] === '<') return { start, end: start, quoted: false };
  if (/authorization/i.test(key) && reach === from) {
    unknownScheme.lastIndex = from;
    if (unknownScheme.test(text)) end = unknownScheme.lastIndex;
  }
  while (end < limit && !endsBareValue(text, end)) end++;
  if (secrecy === 'likely') {
    // `[…?sig=x][…]`
    const bracket = text.slice(start, end).indexOf('][');
    if (bracket > 0) end = start + bracket;
  }
  if (secrecy === 'secret' && !saysNothing(text.slice(start, Math.min(end, start + 80)))) {
    end = phraseEnd(text, reach, end);
  }
  return { start, end, quoted: false };
}

/** Behind the next word and its space. */
function wordEnd(text: string, from: number): number {
  return from + text.slice(from, from + 64).search(/[ \t]|$/) + 1;
}

function parametersEnd(text: string, from: number, limit: number): number {
  parameters.lastIndex = from;
  if (parameters.test(text)) return parameters.lastIndex;
  let end = from;
  while (end < limit && !/["'\n\r]/.test(text[end] ?? '')) end++;
  return end;
}

/** Separators belong to a bare value unless what follows them shows that they part. */
function endsBareValue(text: string, at: number): boolean {
  const character = text[at] ?? '';
  if (/[\s"'`<]/.test(character)) return true;
  if (character === '\\') return /[nrt"'\\]/.test(text[at + 1] ?? 'n');
  if (!/[,;&)\]}|>]/.test(character)) return false;
  return /^(?:$|[\s"'`,;:&)\]}|>\\]|[\w.-]{1,64}[=:])/.test(text.slice(at + 1, at + 67));
}

/** A pass-phrase of plain words goes on over spaces: `PASSPHRASE=correct horse battery staple mode=prod`. */
function phraseEnd(text: string, start: number, end: number): number {
  if (!/^[A-Za-z]+$/.test(text.slice(start, Math.min(end, start + 40)))) return end;
  const more = /(?: [A-Za-z]{1,24}(?![^\s,;)"']))+/y;
  more.lastIndex = end;
  return more.test(text) ? more.lastIndex : end;
}

function isSecret(text: string, sign: number, key: string, value: Value, secrecy: Secrecy): boolean {
  const found = text.slice(value.start, Math.min(value.end, value.start + longestLookahead));
  if (found === '' || saysNothing(found.replace(anyScheme, '')) || speaksOf(text, sign, key, found)) return false;
  if (secrecy === 'likely') return looksRandom(found);
  if (secrecy === 'counted' && isNumber(found)) return false;
  return value.quoted || !isProse(text, sign, key, found);
}

/** What has a colon after a telling word and still names no secret: `arn:…:secret:x`, `Token.java:12`, "pass: 12". */
function speaksOf(text: string, sign: number, key: string, value: string): boolean {
  if (text[sign] !== ':') return false;
  const before = text[sign - key.length - 1];
  if (before === ':' && text[sign + 1] !== ' ') return true;
  if (sourceFile.test(key) || (/^pass$/i.test(key) && /^\d+$/.test(value))) return true;
  return (
    /^[a-z]+$/i.test(key) &&
    /^[a-z]+(?: [a-z]+)*$/.test(value) &&
    complaint.test(text.slice(Math.max(0, sign - 40), sign))
  );
}

/** "password: must be long" speaks about passwords; "db_password: correct", "password: horse battery" set one. */
function isProse(text: string, sign: number, key: string, value: string): boolean {
  if (text[sign] !== ':' || !/\s/.test(text[sign + 1] ?? '') || !/^[a-z]+(?: [a-z]+)*$/i.test(value)) return false;
  return /^[A-Za-z][a-z]+$/.test(key) && grammar.test(value);
}
