import { azureForms, looseForms, type MarkedForm, markedForms, type TokenForm, tokenForms } from './token-forms.js';

/** Addresses whose path is the secret; only that part is hidden. */
const secretPaths: readonly string[] = [
  'hooks\\.slack\\.com/(?:services|workflows|triggers)/',
  'discord(?:app)?\\.com/api/(?:v\\d+/)?webhooks/\\d+/',
  '\\.webhook\\.office\\.com/webhookb2/',
  'outlook\\.office(?:365)?\\.com/webhook/',
  'hooks\\.zapier\\.com/hooks/catch/',
  'hook\\.[a-z\\d.]{1,12}\\.?make\\.com/',
  'open\\.(?:feishu\\.cn|larksuite\\.com)/open-apis/bot/v2/hook/',
  'maker\\.ifttt\\.com/trigger/\\w{1,64}/(?:json/)?with/key/',
  'hc-ping\\.com/',
  '//[^\\s/]{1,253}/hooks/(?=[A-Za-z\\d]{15})',
  '\\.infura\\.io/(?:ws/)?v3/',
  '\\.alchemy(?:api)?\\.(?:com|io)/v2/',
  '\\.quiknode\\.pro/',
  '/(?:reset-password|password-reset|reset|verify-email|verify|confirm|activate|invite|magic-link|magic)/(?=[A-Za-z-]{0,40}\\d)(?=[\\w.-]{20})',
  'events\\.pagerduty\\.com/integration/',
  'alert\\.victorops\\.com/integrations/generic/\\d+/alert/',
  'chat\\.googleapis\\.com/v1/spaces/[\\w-]{1,64}/messages\\?key=',
];

const paths = new RegExp(`((?:${secretPaths.join('|')}))[^\\s"'<>\\\\)\\],;]+`, 'g');

const telegramPath = /(\/bot)\d{6,12}:[\w-]{30,}/g;

const loose = new RegExp(`(?<![A-Za-z\\d])(?:${looseForms.join('|')})`, 'g');

/** Forms by the first two characters of their prefix, so that most places of a text are done with one look. */
const formsByStart = groupByStart();

function groupByStart(): readonly (readonly TokenForm[] | undefined)[] {
  const groups: TokenForm[][] = [];
  for (const form of tokenForms) (groups[startOf(form.prefix, 0)] ??= []).push(form);
  return groups;
}

function startOf(text: string, at: number): number {
  return (text.charCodeAt(at) & 0x7f) * 128 + (text.charCodeAt(at + 1) & 0x7f);
}

/**
 * PEM, OpenSSH and PGP private blocks, with real or escaped line ends; a block whose end is missing is hidden to the
 * end of the text. Certificates and public keys are none.
 */
const privateBlock =
  /-{4,5}[ +]?BEGIN[ +](?:(?:[A-Z\d]{1,20}[ +]){0,4}PRIVATE[ +]KEY(?:[ +]BLOCK)?|OpenVPN[ +]Static[ +]key[ +]V1)[ +]?-{4,5}(?:(?!-{4,5}[ +]?END[ +])[\s\S])*(?:-{4,5}[ +]?END[ +][A-Za-z\d +]{1,80}-{4,5})?/g;

const puttyBlock = /Private-Lines:[ +]?\d+(?:\\r|\\n|\s)+(?:[A-Za-z\d+/=]+(?:\\r|\\n|\s)*)+(?:-MAC: ?[a-f\d]+)?/g;

/** Hides what is secret by its form. */
export function maskShapes(text: string, mask: string): string {
  // First what is known from within: its random parts may begin like another vendor's token.
  const marked = maskMarked(text, markedForms, mask);
  return maskMarked(maskTokens(marked, mask).replace(loose, mask), azureForms, mask);
}

function maskMarked(text: string, forms: readonly MarkedForm[], mask: string): string {
  let masked = text;
  for (const { mark, form } of forms) if (masked.includes(mark)) masked = masked.replace(form, mask);
  return masked;
}

/** Hides the secret parts of addresses that need no password. */
export function maskSecretPaths(text: string, mask: string): string {
  return text.includes('/') ? text.replace(paths, `$1${mask}`).replace(telegramPath, `$1${mask}`) : text;
}

/** Hides tokens that are known by how they begin; a token begins where no letter or digit stands before. */
function maskTokens(text: string, mask: string): string {
  let out = '';
  let done = 0;
  let isInside = false;
  for (let at = 0; at < text.length; at++) {
    const wasInside = isInside;
    isInside = isLetterOrDigit(text.charCodeAt(at));
    if (wasInside) continue;
    const forms = formsByStart[startOf(text, at)];
    const end = forms === undefined ? -1 : tokenEnd(text, at, forms);
    if (end === -1) continue;
    out += text.slice(done, at) + mask;
    done = end;
    at = end - 1;
    isInside = isLetterOrDigit(text.charCodeAt(at));
  }
  return done === 0 ? text : out + text.slice(done);
}

function tokenEnd(text: string, at: number, forms: readonly TokenForm[]): number {
  for (const { prefix, rest } of forms) {
    if (!text.startsWith(prefix, at)) continue;
    rest.lastIndex = at + prefix.length;
    if (!rest.test(text)) continue;
    // Vendors lengthen their tokens: what goes on belongs to it.
    let end = rest.lastIndex;
    while (end < text.length && isPartOfToken(text.charCodeAt(end))) end++;
    return end;
  }
  return -1;
}

function isPartOfToken(code: number): boolean {
  return isLetterOrDigit(code) || code === 45 || code === 95;
}

function isLetterOrDigit(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || (code >= 65 && code <= 90);
}

/** Hides blocks of private keys; to be done first, their lines look like many things. */
export function maskPrivateBlocks(text: string, mask: string): string {
  const masked = /PRIVATE[ +]KEY|OpenVPN[ +]Static/.test(text) ? text.replace(privateBlock, mask) : text;
  return masked.includes('Private-Lines') ? masked.replace(puttyBlock, `Private-Lines: ${mask} `) : masked;
}

/** Whether a value under a telling name looks like a secret rather than like a word, a path or a number. */
export function looksRandom(value: string): boolean {
  if (value.length < 12 || value.length > 4096 || !/^[\w+/=.~%$!@#^*:-]+$/.test(value)) return false;
  // Blanks of an encoded sentence; resource names, public addresses, e-mail.
  if (value.includes('%20')) return looksRandom(value.replaceAll('%20', '-'));
  if (/^arn:|^0x[a-fA-F\d]{40}$|@[\w-]{1,63}\.[a-z]{2,8}$/.test(value)) return false;
  if (/^[A-Za-z]+(?:[-_.:/][A-Za-z]+)*={0,2}$/.test(value))
    return /[a-z][A-Z]+[a-z]+[A-Z]/.test(value) && value.length >= 16;
  const longest = value.split(/[-_.:/]/).reduce((most, part) => Math.max(most, part.length), 0);
  if (longest < 8) return false;
  return /\d/.test(value) && /[A-Za-z]/.test(value);
}

/** Whether a name is an identifier: letters and digits at random fall into short words, some of which may be telling. */
export function isScrambled(name: string): boolean {
  if (/\d{5}/.test(name)) return true;
  const longest = name.split(/[^A-Za-z\d]/).reduce((most, part) => (part.length > most.length ? part : most), '');
  if (longest.length < 11) return false;
  const words = longest.match(/[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+/g) ?? [];
  return longest.length < 2.6 * words.length || words.filter((word) => /\d/.test(word)).length > 2;
}
