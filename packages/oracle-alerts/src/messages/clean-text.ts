import { digestOf } from '../pipeline/dedup-key.js';

/** What is done to every text from outside before it is put into a message: redact, strip, cut, in this order. */

/** C0 and C1 controls (newline and tab become spaces first), bidi controls, zero-width marks that reorder or hide text. */
// oxlint-disable-next-line no-control-regex
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff]/g;
const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** Removes control and bidi characters; line breaks become spaces; half surrogates become U+FFFD. */
export function stripControls(text: string): string {
  return text
    .replace(/[\r\n\t\u2028\u2029]+/g, ' ')
    .replace(UNSAFE, '')
    .replace(LONE_SURROGATE, '\ufffd');
}

/** Mark of a text that was cut. */
export const CUT_MARK = '…';

/** Cuts to at most `maxUnits` UTF-16 units, never through a character, with a mark at the end. */
export function cutText(text: string, maxUnits: number): string {
  if (text.length <= maxUnits) return text;
  if (maxUnits < 1) return '';
  let end = maxUnits - CUT_MARK.length;
  const last = text.charCodeAt(end - 1);
  if (last >= 0xd800 && last <= 0xdbff) end -= 1;
  return text.slice(0, Math.max(0, end)) + CUT_MARK;
}

/** Patterns of secrets that show up in error texts; each linear in the length of the text. */
const SECRETS: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[^-]{0,16384}(?:-----END [A-Z ]{0,30}PRIVATE KEY-----)?/g, '***'],
  [/([a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/@]{1,512}@/gi, '$1***@'],
  [/\bbot\d{5,12}:[\w-]{20,64}/g, 'bot***'],
  [/\b\d{8,12}:[\w-]{30,64}/g, '***'],
  [/\b(bearer|basic)\s+[\w.+/=~-]{8,4096}/gi, '$1 ***'],
  [/\b((?:set-)?cookie\s{0,4}[:=]\s{0,4})[^\r\n]{1,4096}/gi, '$1***'],
  [
    /(?<![a-z0-9])((?:password|passwd|pwd|secret|token|(?:api|access|private|secret|routing)[_-]?key)["']?\s{0,4}[:=]\s{0,4}["']?)[^\s"',;&]{1,512}/gi,
    '$1***',
  ],
  [/\beyJ[\w-]{8,2048}\.[\w-]{8,4096}\.[\w-]{4,2048}/g, '***'],
  // OpenAI, GitHub, Slack, AWS; a private key of 32 bytes (a transaction's hash looks the same, and goes too).
  [/\b(?:sk-|gh[oprsu]_|github_pat_|xox[a-z]-)[\w-]{16,256}/g, '***'],
  [/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, '***'],
  [/\b0x[0-9a-f]{64}\b/gi, '***'],
];

/** Hides passwords in URLs, tokens and keys. Used when the engine is handed no `redact` of its own. */
export function hideSecrets(text: string): string {
  return SECRETS.reduce((hidden, [pattern, replacement]) => hidden.replace(pattern, replacement), text);
}

/** How texts from outside are made safe. */
export type CleanText = (text: string, maxUnits: number) => string;

/** Longest text that is looked at: what is beyond is cut anyway. */
const LOOKED_AT = 20_000;

/** Builds the pipeline redact → strip → cut. */
export function createCleanText(redact: (text: string) => string = hideSecrets): CleanText {
  return (text, maxUnits) => {
    const redacted = redact(cutText(text, LOOKED_AT));
    const stripped = stripControls(redacted);
    // A word that an invisible character split is whole by now.
    return cutText((stripped === redacted ? stripped : stripControls(redact(stripped))).trim(), maxUnits);
  };
}

const NAME_UNITS = 200;

/** For names of the operator's own file, which hold no secret. */
export const stripNames: CleanText = (text, maxUnits) => cutText(stripControls(text).trim(), maxUnits);

/** A name from outside as part of an identity: what had to be changed or cut ends in its digest, so that two stay two. */
export function cleanName(name: string, clean: CleanText): string {
  const cleaned = clean(name, NAME_UNITS);
  if (cleaned === name && name !== '') return name;
  return name === '' ? '(unnamed)' : `${cleaned} (${digestOf(name).slice(0, 8)})`;
}
