import { isPlaceholder } from './placeholders.js';
import { looksRandom } from './shapes.js';

/** Ends an address in running text. */
const addressEnd = /[\s"'`<>\\|]/;

/** Such a character, or its escape, inside of a word ends nothing. */
const insideWord = /(?<=[A-Za-z\d:])(?:\\{0,7}["'`<>|]|\\{1,8}(?![nrtu]))(?=[A-Za-z\d@])/y;

/** User and password end within this many characters, or there are none: keeps hostile texts linear. */
const longestAddress = 2048;

/** A user:password pair whose whole address was percent-encoded, as in a query of another address. */
const encodedUserInfo = /(%3A%2F%2F(?:(?!%3A|%40|%2F)[^\s&"'<>]){0,128}%3A)(?:(?!%40)[^\s&"'<>]){1,256}(?=%40)/gi;

/** Go's MySQL form `user:password@tcp(host:3306)/db`, and Oracle's `user/password@host`. */
const driverUserInfo =
  /((?<![\w.-])[\w.-]{1,64}:)[^\s:@/]{1,256}(?=@(?:tcp|unix)\()|(jdbc:oracle:\w{1,16}:[\w$#]{1,64}\/)[^\s@]{1,256}(?=@)/g;

/** Hides the password of `scheme://user:password@host`, and a user that is itself a token. */
export function maskUrlPasswords(text: string, mask: string): string {
  let out = '';
  let done = 0;
  for (let at = text.indexOf('://'); at !== -1; at = text.indexOf('://', at + 3)) {
    const start = at + 3;
    if (start < done) continue;
    const userInfo = findUserInfo(text, start);
    if (userInfo === null) continue;
    const { colon, end } = userInfo;
    const user = text.slice(start, colon === -1 ? end : colon);
    const shownUser = looksRandom(user) && user.length >= 16 ? mask : user;
    out += text.slice(done, start) + shownUser + (colon === -1 ? '' : `:${mask}`);
    done = end;
  }
  const masked = done === 0 ? text : out + text.slice(done);
  const decoded =
    masked.includes('%3A%2F%2F') || masked.includes('%3a%2f%2f')
      ? masked.replace(encodedUserInfo, `$1${mask}`)
      : masked;
  return /@(?:tcp|unix)\(|jdbc:oracle:/.test(decoded) ? decoded.replace(driverUserInfo, `$1$2${mask}`) : decoded;
}

/** Where user and password stand: `colon` parts them (-1: no password), `end` is the place of the @. */
function findUserInfo(text: string, start: number): { readonly colon: number; readonly end: number } | null {
  const ahead = text.slice(start, start + longestAddress);
  if (!ahead.includes('@')) return null;
  const alone = ahead.split('://', 1)[0] ?? '';
  return findIn(ahead.slice(0, endOf(ahead, false)), start) ?? findIn(ahead.slice(0, endOf(alone, true)), start);
}

/** Where the address ends; a password may hold characters that end addresses. */
function endOf(text: string, isWide: boolean): number {
  for (let at = 0; ; at = insideWord.lastIndex) {
    const stop = text.slice(at).search(addressEnd);
    if (stop === -1) return text.length;
    insideWord.lastIndex = at + stop;
    if (!isWide || !insideWord.test(text)) return at + stop;
  }
}

function findIn(region: string, start: number): { readonly colon: number; readonly end: number } | null {
  const pathAt = region.search(/[/?#]/);
  const authority = pathAt === -1 ? region : region.slice(0, pathAt);
  let at = authority.lastIndexOf('@');
  const colon = region.indexOf(':');
  if (at === -1) {
    // A password may hold an unescaped slash; then what follows the colon is no port.
    const isPassword =
      colon !== -1 && colon < authority.length && !/^\d{1,5}(?:[/?#]|$)/.test(region.slice(colon + 1, colon + 7));
    at = isPassword ? region.indexOf('@', colon) : -1;
    if (at === -1) return null;
  }
  const hasPassword = colon !== -1 && colon < at;
  if (hasPassword && region.startsWith('[REDACTED]@', colon + 1)) return null;
  if (hasPassword && (colon + 1 === at || isPlaceholder(region.slice(colon + 1, at)))) return null;
  return { colon: hasPassword ? start + colon : -1, end: start + at };
}
