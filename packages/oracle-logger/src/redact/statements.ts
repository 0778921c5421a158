import type { AssignmentRules } from './assignments.js';
import type { Secrecy } from './keys.js';
import { isBarePlaceholder, isPlaceholder } from './placeholders.js';
import { looksRandom } from './shapes.js';

/** `--name value` and `-name value`, as on a command line. */
const flag =
  /(?<![\w-])(--?[A-Za-z\u00c0-\u9fff][\w.\u00c0-\u9fff-]{1,63})[ \t]+(?!--?[A-Za-z][a-z-]*(?:[\s=]|$))([^\s"'`\\]{1,512}|\\{0,7}"[^"\n]{0,512}"|'[^'\n]{0,512}')/g;

/** `<name>value</name>`, as in XML; also with attributes. */
const element = /<([A-Za-z][\w:.-]{0,63})(?:\s[^<>]{0,256})?>([^<]{1,4096})<\//g;

/** `Bearer <token>` and its kin without the header's name; prose has a plain word there. */
const bearer = /(?<!\w)((?:bearer|token|apikey|bot|ssws|geniekey|dpop)(?:,?[ \t]+|%20))([\w.~+/=%-]{12,})/gi;

/** What Splunk's collector is sent; its tokens look like any UUID. */
const splunk = /(?<!\w)(Splunk(?: |%20))[a-f\d]{8}(?:-[a-f\d]{4}){3}-[a-f\d]{12}/gi;

/** `Basic <base64>`: only what decodes to user:password. */
const basic = /(?<!\w)(basic(?:[ \t]+|%20))([A-Za-z\d+/]{6,}={0,2})/gi;

/**
 * SQL: `PASSWORD 'x'`, `IDENTIFIED BY 'x'`, `SET PASSWORD FOR u = 'x'`; Redis: `requirepass x`; .netrc: `login x password
 * y`; SMTP: `AUTH PLAIN x`; openssl: `pass:x`.
 */
const statement =
  /((?<!\w)(?:password|identified(?: with \w{1,40})? by)\s{1,8}N?')(?:[^'\n]|''){1,512}(?=')|((?<!\w)set password(?: for [^\n=]{1,120}?)?\s{0,8}=\s{0,8}(?:password\()?')[^'\n]{1,512}|((?<!\w)(?:requirepass|masterauth)\s{1,8}["']?)[^\s"']{1,512}|((?<!\w)login\s{1,8}\S{1,128}\s{1,8}password\s{1,8})\S{1,512}|((?<!\w)AUTH (?:PLAIN|LOGIN|XOAUTH2|CRAM-MD5|SCRAM-\S{1,16}) )[\w+/=-]{4,}|((?<![\w-])-pass(?:in|out)? pass:)[^\s"']{1,512}|((?<!\w)ACL SETUSER [^\n>]{1,128}>)[^\s"']{1,512}|((?<!\w)(?:sqlplus|expdp|impdp|sqlldr|rman)(?: -\w{1,16}){0,4} [\w$#]{1,64}\/)[^\s@]{1,256}(?=@)|(\becho ["']?[\w.-]{1,64}:)[^\s"'|]{1,256}(?=["']?[ \t]{0,8}\|[ \t]{0,8}(?:sudo )?chpasswd)/gi;

/** What databases are handed to encrypt with: `pgp_sym_encrypt(data, 'key')`, `aes_decrypt(data, 'key')`, `crypt('password', …)`. */
const sealing =
  /((?<!\w)(?:(?:pgp_sym_|aes_)(?:en|de)crypt(?:_bytea)?\((?:'(?:[^'\n]|''){0,512}'|\w{1,32}\('[^'\n]{0,512}'\)|[^'\n]{1,256}?)(?:::\w{1,16})?,|crypt\()\s{0,8}')(?:[^'\n]|''){1,512}(?=')/gi;

/** Apache's password file: `htpasswd -b file user password`, `htpasswd -nb user password`. */
const htpasswd =
  /((?<![\w-])htpasswd (?=(?:-\w{1,8} ){0,4}-\w{0,8}b)(?:-[a-mo-z]{1,8} ){1,5}\S{1,256} \S{1,128} |(?<![\w-])htpasswd (?=(?:-\w{1,8} ){0,4}-\w{0,8}b)(?:-\w{1,8} ){1,5}\S{1,128} )[^\s|"'`]{1,512}/gi;

/** What FTP, POP3, IRC and Redis are told: `PASS x`, `IDENTIFY x`, `AUTH x`, `"AUTH" "default" "x"`. */
const protocol =
  /((?:(?<![\w/])|(?<=\\[nr]))(?:PASS|IDENTIFY|AUTH)(?:\\{0,7}")? (?:(?:\\{0,7}")?[a-z]{1,32}(?:\\{0,7}")? )?(?:\\{0,7}")?)([^\s"'/\\<]{4,512})(?!\S{0,64}\/)/g;

/** `setenv NAME value`, `ENV NAME value`, `setx NAME value`, `aws configure set name value`. */
const variable =
  /(?<!\w)((?:setenv|setx|ENV|ARG|set -g?x|[cC]onfig(?:ure)? set)\s{1,8}([\w.:/@-]{2,128})\s{1,8}["']?)([^\s"'=]{1,512})/g;

/** PostgreSQL's password file: `host:port:database:user:password`. */
const passwordFile = /((?<![\w.])[\w.*-]{1,253}:(?:5432|5433|6432):[\w*-]{1,64}:[\w*.-]{1,64}:)[^\s"']{1,512}/g;

/** A table's row or a line with tabs: `| password | x |`. */
const cell =
  /(?<![\w-])([\w.-]{0,32}(?:pass|secret|token|key|pwd|credential)[\w.-]{0,32})(\t{1,8}|\\{1,7}t| {0,16}\| {0,16})([^\s|]{4,512})/gi;

/** `the password is x`, `api key x`. */
const said =
  /(?<!\w)((?:pass(?:word|phrase|code)|passwd|secret(?: key)?|token|(?:api|access|secret|private)[ -]?key|credentials?)(?: (?:for|of) (?:user )?["'`]?[\w.@-]{1,40}["'`]?)?(?:,? (?:(?:was |is )?(?:set|changed) to|provided|is|was|=|->|→))? ?:? )((?:\\{0,7}["'`])?)([^\s"'`\\]{6,512})/gi;

/** The name of an environment variable and what it was set to: `DB_PASSWORD x`, `[DB_PASSWORD] x`, `DB_PASSWORD set to x`. */
const constant =
  /(?<![\w$])([A-Z][A-Z\d]{0,31}(?:_[A-Z\d]{1,32}){1,6})(\]? (?:(?:is|was|set to) )?["']?|[(,]["']?)([^\s"'`\\,()]{6,512})/g;

/** Hides secrets that follow a telling word in the grammars of command lines, XML, HTTP and SQL. */
export function maskStatements(text: string, { judge, mask }: AssignmentRules): string {
  let masked = text;
  if (/(?:^|\s)-/.test(masked)) {
    masked = masked.replace(flag, (whole: string, name: string, value: string) =>
      isTold(judge(name), value) && !/^(?:[<>|&]|\w{1,16}=|\[REDACTED\])/.test(value) ? `${name} ${mask}` : whole,
    );
  }
  if (masked.includes('</')) {
    masked = masked.replace(element, (whole: string, name: string, value: string) => {
      const secret = judge(name.slice(name.indexOf(':') + 1)) === 'secret' && !isPlaceholder(value.trim());
      return secret ? `${whole.slice(0, whole.length - value.length - 2)}${mask}</` : whole;
    });
  }
  masked = masked
    .replace(bearer, (whole: string, head: string, token: string) =>
      isPlainWord(token) || isSetting(token) ? whole : head + mask,
    )
    .replace(splunk, `$1${mask}`)
    .replace(basic, (whole: string, head: string, token: string) => (isUserInfo(token) ? head + mask : whole));
  if (/pass|identified|masterauth|auth |setuser|sqlplus|pdp |sqlldr|rman /i.test(masked)) {
    masked = masked.replace(
      statement,
      (_whole: string, ...heads: unknown[]) => (heads.find((head) => typeof head === 'string') ?? '') + mask,
    );
  }
  if (/crypt\(/i.test(masked)) masked = masked.replace(sealing, `$1${mask}`);
  if (masked.includes('htpasswd -')) masked = masked.replace(htpasswd, `$1${mask}`);
  if (/PASS|IDENTIFY|AUTH/.test(masked)) {
    masked = masked.replace(protocol, (whole: string, head: string, found: string) =>
      isPlainWord(found) || found.includes(mask) ? whole : head + mask,
    );
  }
  if (/[eE][nN][vV] |setx |ARG |set -|config(?:ure)? set /.test(masked)) {
    masked = masked.replace(variable, (whole: string, head: string, name: string, found: string) =>
      judge(name) === 'secret' && !isPlaceholder(found) ? head + mask : whole,
    );
  }
  if (/[\t|]|\\t/.test(masked)) {
    masked = masked.replace(cell, (whole: string, name: string, gap: string, found: string) =>
      judge(name) === 'secret' && !isPlainWord(found) && !isPlaceholder(found) ? name + gap + mask : whole,
    );
  }
  if (masked.includes('432:')) masked = masked.replace(passwordFile, `$1${mask}`);
  if (masked.includes('_')) {
    masked = masked.replace(constant, (whole: string, name: string, gap: string, found: string) =>
      isMixed(found) && judge(name) === 'secret' ? name + gap + mask : whole,
    );
  }
  return masked.replace(said, (whole: string, head: string, open: string, found: string) =>
    isSaidSecret(head, open, found) ? head + open + mask : whole,
  );
}

/** Whether the value of an option is a secret. */
function isTold(secrecy: Secrecy, value: string): boolean {
  const bare = value.replace(/^(\\{0,7}["'])(.*)\1$/, '$2');
  return secrecy === 'likely' ? looksRandom(bare) : secrecy === 'secret' && !isPlaceholder(bare);
}

/** After "is" and a quote anything is the secret; after the bare word only what no sentence has. */
function isSaidSecret(head: string, open: string, found: string): boolean {
  const bare = found.replace(/[.,;:!?)]+$/, '');
  if (isBarePlaceholder(bare) || found.startsWith('[')) return false;
  if (/ (?:is|was|to|=|->|→) ?:? ?$|: ?$/i.test(head))
    return open !== '' ? !isPlainWord(found) || found.length > 7 : isMixed(bare);
  if (open !== '' && isMixed(bare)) return true;
  return bare.length >= 12 && looksRandom(bare) && !/[/=:]|^v?\d+(?:[.,]\d+)*[a-z]{0,4}$/.test(bare);
}

/** Letters with digits or signs among them. */
function isMixed(text: string): boolean {
  return text.length >= 6 && /[A-Za-z]/.test(text) && /[\d!@#$%^&*~]/.test(text) && !/[/:]/.test(text);
}

/** `token_type=bearer expires_in=3600`: a token has equals signs only at its end. */
function isSetting(token: string): boolean {
  return /^[a-z]+(?:_[a-z]+)*=[^=]/.test(token);
}

function isPlainWord(token: string): boolean {
  return /^[A-Za-z]?[a-z]*(?:[-_./][a-z]+)*[.,:;!]?$/.test(token) && token.length < 40;
}

function isUserInfo(base64: string): boolean {
  try {
    return /^[\x20-\x7e]*:[\x20-\x7e]*$/.test(atob(base64));
  } catch {
    return false;
  }
}
