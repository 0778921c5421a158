import { assignedValue, isNameCode, keyBefore, longestLookahead, nextSign, type Value } from './assigned-value.js';
import type { Secrecy } from './keys.js';
import { isBarePlaceholder, isCount, isPlaceholder } from './placeholders.js';
import { isScrambled, looksRandom } from './shapes.js';

/** What the search for `key=value` needs to know. */
export interface AssignmentRules {
  readonly judge: (key: string) => Secrecy;
  readonly mask: string;
}

/** Words that hold sentences together; pass-phrases are made of the others. */
const grammar =
  /\b(?:a|an|and|are|as|at|be|been|but|by|can|cannot|contains?|did|does|doesn|don|expired?|for|from|has|have|if|in|invalid|is|isn|it|its|longer|may|missing|must|needs?|no|not|of|on|or|required?|set|shorter|should|than|that|the|this|to|too|was|were|which|will|with|wrong|you|your)\b/i;

/** The mask, behind signs that were no part of the value. */
const alreadyHidden = /^[^A-Za-z\d]{0,8}\[REDACTED\]?$/;

const anyScheme = /^(?:bearer|basic|token|apikey|api-key|digest|negotiate|ntlm|hmac|jwt|bot) ?/i;

const sourceFile = /\.(?:java|kt|scala|[cm]?[jt]sx?|py|go|rb|rs|cs|php|cpp|c|h|swift)$/;

/** Words before a telling word that speak about it: "invalid token: signature mismatch". */
const complaint = /\b(?:invalid|bad|wrong|missing|expired|unexpected|unknown|malformed|no) \w+$/i;

/** Hides values of telling keys in running text: `key=value`, `"key": "value"`, `key: value`, `key => value`. */
export function maskAssignments(text: string, rules: AssignmentRules): string {
  let out = '';
  let done = 0;
  for (let at = nextSign(text, 0); at !== -1; at = nextSign(text, at + 1)) {
    // Of a row of signs the first has the name before it.
    if (at < done || text[at - 1] === text[at]) continue;
    const key = keyBefore(text, at);
    if (key === '') continue;
    const secrecy = rules.judge(key);
    if (secrecy === 'plain' || isPadding(text, at, key)) continue;
    const value = assignedValue(text, at, key, secrecy);
    if (value === null || !isSecret(text, at, key, value, secrecy)) continue;
    out += text.slice(done, value.start) + rules.mask;
    done = value.end;
  }
  return done === 0 ? text : out + text.slice(done);
}

/** How far back a name may be the end of something in base64. */
const longestPadded = 64;

/** Base64 may end like a name: `…pw==`, `'…pw='`. */
function isPadding(text: string, sign: number, key: string): boolean {
  const next = text.slice(sign + 1, sign + 2);
  if (text[sign] !== '=' || !/^(?:[=\s"',;)\]}<\\]|$)/.test(next)) return false;
  const [run = ''] = /[\w+/-]*$/.exec(text.slice(Math.max(0, sign - longestPadded), sign)) ?? [];
  // A value may begin with a quote, too, and a path may end with a name: there only what is long is padded.
  const isDoubtful = !/\d/.test(key) || !/^(?:[=\s]|$)/.test(next);
  if (isDoubtful && (run.length < 40 || !/[A-Z]/.test(run) || !/[a-z]/.test(run))) return false;
  return run.length >= 16 && isScrambled(run.replace(/\d+/g, '0'));
}

function isSecret(text: string, sign: number, key: string, value: Value, secrecy: Secrecy): boolean {
  const found = text.slice(value.start, Math.min(value.end, value.start + longestLookahead));
  if (found === '' || alreadyHidden.test(found)) return false;
  if (value.kind === 'object')
    return secrecy === 'likely' ? looksRandom(valueMember.exec(found)?.[1] ?? '') : holdsSecret(found);
  const bare = found.replace(anyScheme, '');
  if (value.kind === 'bare' ? isBarePlaceholder(bare) : isPlaceholder(bare)) return false;
  if (speaksOf(text, sign, key, found)) return false;
  if (secrecy === 'likely') return looksRandom(found);
  if (secrecy === 'counted' && isCount(found)) return false;
  return value.kind === 'quoted' || !isProse(text, sign, key, found);
}

/** Values of an object's members: quoted ones, and bare ones up to the next separator. */
const member =
  /[:=]\s{0,8}(?:(\\{0,7})"((?:[^"\\]|(?!\1")\\{1,7}"|\\[^"]){1,256})|'([^'\n]{1,256})|([^\s"'\\{}[\],:=]{1,256}))/g;

/** `{"value":"…"}` */
const valueMember = /^\s{0,32}\\{0,7}["']?value\\{0,7}["']?\s{0,8}:\s{0,8}\\{0,7}["']([^"'\\]{1,512})/i;

const schema = /\btype\\{0,7}["']?\s{0,8}:\s{0,8}\\{0,7}["'](?:string|object|array|integer|number|boolean)\b/;

/** Whether an object under a secret's name holds more than its description: `{"type":"string","minLength":8}`. */
function holdsSecret(content: string): boolean {
  if (schema.test(content)) return false;
  for (const [, , ...found] of content.matchAll(member)) {
    const value = (found[0] ?? found[1] ?? found[2] ?? '').replace(/\\+$/, '');
    if (value !== '' && !isBarePlaceholder(value) && !isCount(value)) return true;
  }
  return false;
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
  const isLetters = /^[a-z]+(?: [a-z]+)*$/i.test(value);
  if (text[sign] === '=') {
    // "password= and so on": nothing was given, and the sentence goes on.
    return (
      isLetters && /^[a-z]/.test(value) && /\s/.test(text[sign + 1] ?? '') && isNameCode(text.charCodeAt(sign - 1))
    );
  }
  if (text[sign] !== ':' || !/\s/.test(text[sign + 1] ?? '')) return false;
  return isLetters && /^[A-Za-z][a-z]+$/.test(key) && grammar.test(value);
}
