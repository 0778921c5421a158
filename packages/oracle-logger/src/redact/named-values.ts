import { longestLookahead, quotedValue } from './assigned-value.js';
import type { AssignmentRules } from './assignments.js';
import { nameKeys, valueKeys } from './pairs.js';
import { isCount, isPlaceholder } from './placeholders.js';
import { looksRandom } from './shapes.js';

/** A quote as JSON, XML and JSON in JSON write it. */
const quote = `(?:\\\\{0,7}["']|&quot;|%22)`;

/** A line's end as texts and JSON strings write it. */
const newline = '(?:\\\\{1,7}r)?\\\\{1,7}n|\\r?\\n';

const name = '([\\w.:/-]{2,64})';

const nameWord = `(?:${[...nameKeys, '[a-z]{1,32}(?:name|key)'].join('|')})`;

const valueWord = `(?:${[...valueKeys, '[a-z]{1,32}value'].join('|')})`;

const is = `${quote}?\\s{0,8}[:=]>?\\s{0,8}`;

/** `["…"]` and `{"stringValue":"…"}` as a value. */
const opening = `(?:[[{]\\s{0,8}(?:${quote}\\w{1,32}${quote}\\s{0,8}:\\s{0,8})?)?`;

/** At most so much stands between a name and its value. */
const between = '[^<>{}\\n\\r]{0,200}?';

/** `{"name":"DB_PASSWORD","value":"…"}`, `<add key="ApiKey" value="…"/>`, `<input name="csrf_token" value="…">`. */
const nameFirst = new RegExp(
  `(?<!\\w)${nameWord}${is}${quote}${name}${quote}${between}(?<!\\w)${valueWord}${is}${opening}(${quote})`,
  'gi',
);

/** Most texts name no value, and are done with one look. */
const hasValue = new RegExp(`(?<!\\w)${valueWord}${quote}?\\s{0,8}[:=]`, 'i');

/** The same the other way round: a value, and the name behind it. */
const valueHead = new RegExp(`(?<!\\w)${valueWord}${is}${opening}(${quote})`, 'gi');
const nameBehind = new RegExp(`${quote}[\\]}]?${between}(?<!\\w)${nameWord}${is}${quote}${name}${quote}`, 'iy');

/** `["authorization","…"]` and `define('DB_PASSWORD', '…')`. */
const pair = new RegExp(`[[(]\\s{0,8}${quote}${name}${quote}\\s{0,8},\\s{0,8}(${quote})`, 'g');

/** `<entry key="db.password">…</entry>` */
const element =
  /<[\w:.-]{1,64}\s[^<>]{0,200}?(?:name|key|id)=\\{0,7}["']([\w.:/-]{2,64})\\{0,7}["'](?:[^<>]{0,200}[^<>/])?>([^<>]{1,4096})(?=<\/)/g;

/** `<password><![CDATA[…]]>` */
const characterData = /<([\w:.-]{2,64})>\s{0,64}<!\[CDATA\[([^\]]{1,4096})/g;

/** A part of a form of several parts (RFC 7578). */
const formPart = new RegExp(
  `name=\\\\{0,7}"([\\w.[\\]-]{2,64})\\\\{0,7}"(?:${newline}){2}([^\\r\\n\\\\]{1,4096})`,
  'g',
);

const yamlItem = '(?:[ \\t]{0,32}- |[ \\t]{1,32})[^\\s\\\\:]{1,512}';

/** YAML: a name and its value on the next line; a block that hangs below its name. */
const yamlPair = new RegExp(
  `name: ?["']?([\\w.-]{2,64})["']?(?:${newline})[ \\t]*value: ?["']?([^\\s"'\\\\]{1,4096})`,
  'g',
);
const yamlBlock = new RegExp(
  `([\\w.-]{2,64}): ?[|>][-+]?\\d?(?:${newline})([ \\t]+[^\\s\\\\][^\\r\\n\\\\]*(?:(?:${newline})[ \\t]{2,}[^\\r\\n\\\\:]*(?=$|[\\r\\n\\\\]))*)`,
  'g',
);

/** YAML: a name with its value or its list on the next lines. */
const yamlLines = new RegExp(
  `([\\w.-]{2,64}): ?(?:${newline})((?:${yamlItem}(?:${newline})){0,64}${yamlItem})(?=$|[\\s\\\\])`,
  'g',
);

/** Apple's property lists. */
const plistPair = /<key>([\w.-]{2,64})<\/key>\s{0,64}<string>([^<>]{1,4096})/g;

/** A private member of a JSON Web Key. */
const jwkMember = new RegExp(`(${quote}(?:d|p|q|dp|dq|qi|k)${quote}\\s{0,8}:\\s{0,8}${quote})[\\w-]{16,}`, 'g');

/** Hides values whose name stands in an attribute or a member of its own. */
export function maskNamedValues(text: string, rules: AssignmentRules): string {
  const { mask } = rules;
  const last = (whole: string, key: string, found: string) =>
    isHidden(rules, key, found) ? whole.slice(0, whole.length - found.length) + mask : whole;
  let masked = text;
  if (/["'](?:\s|,|&)|&quot;|%22/.test(masked)) {
    if (hasValue.test(masked)) {
      masked = maskQuoted(masked, nameFirst, 2, rules, ([, key = '']) => key);
      masked = maskQuoted(masked, valueHead, 1, rules, (_match, end) => {
        nameBehind.lastIndex = end;
        return nameBehind.exec(masked)?.[1] ?? '';
      });
    }
    masked = maskQuoted(masked, pair, 2, rules, (match, end, start) =>
      /^[A-Za-z]{1,12}$/.test(masked.slice(start, end)) && !isEntry(masked, match.index) ? '' : (match[1] ?? ''),
    );
  }
  if (masked.includes('</')) masked = masked.replace(element, last).replace(plistPair, last);
  if (masked.includes('[CDATA[')) masked = masked.replace(characterData, last);
  if (masked.includes('name=')) masked = masked.replace(formPart, last);
  if (/kty\\*["']/.test(masked)) masked = masked.replace(jwkMember, `$1${mask}`);
  if (masked.includes('value:')) masked = masked.replace(yamlPair, last);
  if (/: ?(?:[\r\n]|\\)/.test(masked)) {
    masked = masked.replace(yamlLines, (whole: string, key: string, found: string) =>
      /[^\s\\]*[^\sa-z\d_.\\-][^\s\\]*/.test(found) ? last(whole, key, found) : whole,
    );
  }
  return /: ?[|>]/.test(masked) ? masked.replace(yamlBlock, last) : masked;
}

/** Whether a list of two stands in a list: then it is a name and its value, not two names. */
function isEntry(text: string, at: number): boolean {
  return text[at] === '[' && /[[,]\s{0,8}$/.test(text.slice(Math.max(0, at - 9), at));
}

/** Hides the quoted values that open where `head` ends, when the name that `nameOf` finds for them is telling. */
function maskQuoted(
  text: string,
  head: RegExp,
  quoteGroup: number,
  rules: AssignmentRules,
  nameOf: (match: RegExpExecArray, end: number, start: number) => string,
): string {
  let out = '';
  let done = 0;
  for (const match of text.matchAll(head)) {
    if (match.index < done) continue;
    const token = match[quoteGroup] ?? '';
    const escapes = token.lastIndexOf('\\') + 1;
    const { start, end } = quotedValue(text, match.index + match[0].length, token.slice(escapes), escapes);
    const key = nameOf(match, end, start);
    if (
      key === '' ||
      end === start ||
      !isHidden(rules, key, text.slice(start, Math.min(end, start + longestLookahead)))
    )
      continue;
    out += text.slice(done, start) + rules.mask;
    done = end;
  }
  return done === 0 ? text : out + text.slice(done);
}

function isHidden({ judge, mask }: AssignmentRules, key: string, found: string): boolean {
  if (found.includes(mask) || isPlaceholder(found)) return false;
  const secrecy = judge(key.slice(key.lastIndexOf(':') + 1));
  return secrecy === 'likely' ? looksRandom(found) : secrecy !== 'plain' && !(secrecy === 'counted' && isCount(found));
}
