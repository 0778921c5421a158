import type { AssignmentRules } from './assignments.js';
import { saysNothing } from './assignments.js';

/** `--name value`, as on a command line. */
const flag = /(?<![\w-])--([A-Za-z][\w-]{0,63})[ \t]+(?!-)([^\s"'`]{1,512}|"[^"\n]{0,512}"|'[^'\n]{0,512}')/g;

/** `<name>value</name>`, as in XML; also with attributes. */
const element = /<([A-Za-z][\w:.-]{0,63})(?:\s[^<>]{0,256})?>([^<>]{1,4096})<\//g;

/** `Bearer <token>` and its kin without the header's name; prose has a plain word there. */
const bearer = /(?<!\w)((?:bearer|token|apikey|bot)(?:[ \t]+|%20))([\w.~+/=%-]{12,})/gi;

/** `Basic <base64>`: only what decodes to user:password. */
const basic = /(?<!\w)(basic(?:[ \t]+|%20))([A-Za-z\d+/]{6,}={0,2})/gi;

/** SQL: `PASSWORD 'x'`, `IDENTIFIED BY 'x'`; Redis: `requirepass x`, `AUTH x`; .netrc: `login x password y`. */
const statement =
  /((?<!\w)(?:password|identified(?: with \w{1,40})? by)\s{1,8}')(?:[^'\n]|''){1,512}(?=')|((?<!\w)(?:requirepass|masterauth)\s{1,8}["']?)[^\s"']{1,512}|((?<!\w)login\s{1,8}\S{1,128}\s{1,8}password\s{1,8})\S{1,512}/gi;

/** Hides secrets that follow a telling word in the grammars of command lines, XML, HTTP and SQL. */
export function maskStatements(text: string, { judge, mask }: AssignmentRules): string {
  let masked = text;
  if (masked.includes('--')) {
    masked = masked.replace(flag, (whole: string, name: string, value: string) =>
      judge(name) === 'secret' && !saysNothing(value) ? `--${name} ${mask}` : whole,
    );
  }
  if (masked.includes('</')) {
    masked = masked.replace(element, (whole: string, name: string, value: string) => {
      const secret = judge(name.slice(name.indexOf(':') + 1)) === 'secret' && !saysNothing(value.trim());
      return secret ? `${whole.slice(0, whole.length - value.length - 2)}${mask}</` : whole;
    });
  }
  return masked
    .replace(bearer, (whole: string, head: string, token: string) => (isPlainWord(token) ? whole : head + mask))
    .replace(basic, (whole: string, head: string, token: string) => (isUserInfo(token) ? head + mask : whole))
    .replace(
      statement,
      (_whole: string, ...heads: (string | undefined)[]) => `${heads[0] ?? heads[1] ?? heads[2] ?? ''}${mask}`,
    );
}

function isPlainWord(token: string): boolean {
  return /^[A-Za-z]?[a-z]*(?:[-_./][a-z]+)*[.,]?$/.test(token) && token.length < 40;
}

function isUserInfo(base64: string): boolean {
  try {
    return /^[\x20-\x7e]*:[\x20-\x7e]*$/.test(atob(base64));
  } catch {
    return false;
  }
}
