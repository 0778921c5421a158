/** What stands where a secret would stand, and is none. */

/** Words that say there is no secret, or that it was taken away already; types, states and modes. */
const nothing =
  'null|undefined|none|nil|true|false|yes|no|on|off|empty|unset|missing|required|optional|invalid|valid|expired|present|absent|provided|configured|enabled|disabled|redacted|filtered|hidden|masked|removed|omitted|string|number|boolean|str|unknown|any|include|omit|lax|strict';

/** Words as people write names; a password has a digit or a capital where no word begins. */
const name = '[A-Z]?[a-z]+(?:(?:[-_. ][A-Z]?|[A-Z])[a-z]+)*';

/** The name of a constant or of an environment variable. */
const constant = '(?:[A-Z][A-Z\\d]*(?:_[A-Z\\d]+)+|[A-Z]{2,})';

/** A file that would hold the secret: below a well-known folder, or with the end of a file's name. */
const file =
  '(?:~|\\.{1,2}|/(?:etc|run|var|usr|opt|home|root|tmp|app|srv|mnt|data|secrets|certs|keys))/(?:[\\w.-]+/[\\w./-]+|[\\w-]+\\.[a-z]{2,5})';

const missing = new RegExp(
  `^(?:\\*+|•+|\\.{3}|-+|x{3,}|[[<(](?:${nothing})[\\])>]|\\[(?:object|array|function|circular)\\])$`,
  'i',
);

/** A mask, a file, the address of an account, which is public, or a number that only counts secrets. */
const markOrFile = new RegExp(`^(?:\\[[A-Z][A-Z_ ]*\\]|${file}|0x[a-fA-F\\d]{40}|\\d{1,2})$`);

/** Variables, templates and parameters of statements: `$1`, `?`, `:name`, `%s`. */
const placeholder = new RegExp(
  `^(?:\\[[A-Za-z]*\\]|<(?:${name}|[A-Z]+(?:[-_ ][A-Z]+)*)>|\\$(?:\\d{1,2}|${constant})|\\$\\{(?:[a-z]+[:.])?(?:${name}|${constant})(?::?[?-])?\\}?|\\$?\\{\\{(?:[^{}]*\\}\\})?|<%[^%]*%>|%[sdjo]|%\\(\\w+\\)s|\\?|[:@](?:${name}|[A-Z]+|[a-z]?\\d{1,2})|process\\.env\\.${constant}|your[-_]${name}|YOUR[-_]${constant})$`,
);

/** What only stands so without quotes: the start of brackets, a call, a word before one. */
const code = new RegExp(
  `^(?:\\([a-z]{0,10}\\)?|await|new|async|function|typeof|${name}(?:\\(\\)\\.${name}){0,5}\\(\\d{0,3}\\)?;?)$`,
);

/** Longer than any of these. */
const longest = 80;

/** What such a value begins with, unless it is one of the words. */
const maskOrFileStarts: ReadonlySet<number> = new Set(
  Array.from('*•.-xX[<(~/0123456789', (character) => character.charCodeAt(0)),
);

const words: ReadonlySet<string> = new Set(['same-origin', ...nothing.split('|')]);

const longestWord = Math.max(...[...words].map((word) => word.length));

/** Whether a value stands for "no secret here"; anything else under a secret's name is one. */
export function saysNothing(value: string): boolean {
  // Most secrets are no word and begin like none of the rest: they pass without a regular expression.
  if (!maskOrFileStarts.has(value.charCodeAt(0))) return value.length <= longestWord && words.has(value.toLowerCase());
  return value.length < longest && (missing.test(value) || markOrFile.test(value));
}

/** Whether a value in running text says where a secret would be put in, or that there is none. */
export function isPlaceholder(value: string): boolean {
  return value.length < longest && (saysNothing(value) || placeholder.test(value));
}

/** The same for a value without quotes. */
export function isBarePlaceholder(value: string): boolean {
  return value.length < longest && (isPlaceholder(value) || code.test(value));
}

/** Whether a text is a count. */
export function isCount(value: string): boolean {
  return /^\d{1,9}$/.test(value);
}
