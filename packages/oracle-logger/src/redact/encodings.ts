/** Text that only shows what it says after decoding, each kind with the way it is looked into. */

/** A run of characters that an address or a form is made of. */
const addressRun = /[^\s&"<>`\\]+/g;

/** Long enough to wrap a secret; hexadecimal and lower-case words are no base64. */
const base64Run = /(?<![\w+/-])[A-Za-z\d+/_-]{24,}={0,2}/g;

/** Characters without width, which can part a secret that then still copies as one. */
const zeroWidth = /[\u00ad\u200b-\u200d\u2060\ufeff]/g;

/** A secret that went on over line ends leaves indented rests behind its mask. */
const wrappedRest = /(\[REDACTED\])(?:\\n|\r?\n)[ \t]+[\w+/=-]{16,}(?:(?:\\n|\r?\n)[ \t]+[\w+/=-]{8,})*/g;

/** Words a form wrote, as many as a mnemonic has; fewer only tell something beside percent signs. */
const manyFormWords = /(?:[A-Za-z]{3,8}\+){11}/;

/** Redacts below percent-encoding: what holds a secret is written decoded as far as addresses allow. */
export function maskPercentEncoded(text: string, maskText: (text: string) => string): string {
  if (!/%[\dA-Fa-f]{2}/.test(text) && !manyFormWords.test(text)) return text;
  return text.replace(addressRun, (run) => {
    if (!run.includes('%') && !run.includes('+')) return run;
    const decoded = decodePercents(run);
    let masked = decoded === run ? run : maskText(decoded);
    // A form writes blanks as plus signs.
    if (masked.includes('+')) {
      const spaced = masked.replaceAll('+', ' ');
      const maskedWords = maskText(spaced);
      if (maskedWords !== spaced) masked = maskedWords;
    }
    return masked === decoded ? run : encodeLine(masked);
  });
}

function decodePercents(run: string): string {
  try {
    return decodeURIComponent(run);
  } catch {
    // Not UTF-8, or a bare percent sign: at least what is ASCII.
    return run.replace(/%([2-7][\dA-Fa-f])/g, (_whole, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
  }
}

function encodeLine(text: string): string {
  try {
    return encodeURI(text).replaceAll('%5B', '[').replaceAll('%5D', ']');
  } catch {
    return text;
  }
}

/** Hides base64 that wraps a text with a secret in it. */
export function maskBase64(text: string, mask: string, hasSecret: (text: string) => boolean): string {
  return text.replace(base64Run, (run) => {
    if (!/[A-Z]/.test(run) || !/[a-z]/.test(run) || run.length > 65_536) return run;
    const decoded = decodeBase64(run);
    return decoded !== null && hasSecret(decoded) ? mask : run;
  });
}

/** The text in base64 or base64url, or null when it is no printable ASCII. */
function decodeBase64(run: string): string | null {
  const standard = run.replaceAll('-', '+').replaceAll('_', '/').replace(/=+$/, '');
  try {
    if (!isPrintable(atob(standard.slice(0, 16)))) return null;
    const decoded = atob(standard.length % 4 === 1 ? standard.slice(0, -1) : standard);
    return isPrintable(decoded) ? decoded : null;
  } catch {
    return null;
  }
}

function isPrintable(text: string): boolean {
  return /^[\t\n\r\x20-\x7e]*$/.test(text);
}

/** The text without characters that have no width. */
export function withoutZeroWidth(text: string): string {
  return text.replace(zeroWidth, '');
}

/** Hides what is left of a secret that was wrapped over several lines. */
export function maskWrappedRests(text: string): string {
  return text.includes('[REDACTED]\n') || text.includes('[REDACTED]\\n') || text.includes('[REDACTED]\r')
    ? text.replace(wrappedRest, '$1')
    : text;
}
