/** An e-mail read as strictly as RFC 5322, 2045 and 2047 are written. Throws at the first fault. */
import { textFault } from './validators.js';

/** What a reader is shown. */
export interface ReadMail {
  /** Names in lower case; encoded words decoded. */
  readonly headers: ReadonlyMap<string, string>;
  readonly text: string;
  readonly html: string;
}

const HEADERS: ReadonlySet<string> = new Set([
  'from',
  'to',
  'subject',
  'message-id',
  'in-reply-to',
  'references',
  'date',
  'mime-version',
  'content-type',
  'auto-submitted',
  'x-auto-response-suppress',
]);
const PART_HEADERS: ReadonlySet<string> = new Set(['content-type', 'content-transfer-encoding']);

function check(isSound: boolean, fault: string): void {
  if (!isSound) throw new Error(fault);
}

/** Reads a whole message of two alternatives. */
export function readMail(bytes: Buffer): ReadMail {
  const raw = bytes.toString('latin1');
  const lines = raw.split('\r\n');
  // oxlint-disable-next-line no-control-regex
  check(
    lines.every((line) => /^[\t\x20-\x7e]*$/.test(line)),
    'an octet that is not printable ASCII, or a bare CR or LF',
  );
  check(
    lines.every((line) => line.length <= 998),
    'a line of more than 998 octets',
  );
  const { headers, body } = split(raw, HEADERS);
  for (const name of ['from', 'to', 'subject', 'message-id', 'date', 'mime-version'])
    check(headers.has(name), `no header ${name}`);
  check(!Number.isNaN(Date.parse(headers.get('date') ?? '')), 'date');
  for (const name of ['message-id', 'in-reply-to', 'references'])
    check(/^<[\w.-]+@[\w.-]+>$/.test(headers.get(name) ?? ''), `header ${name}`);
  const boundary = /^multipart\/alternative; ?boundary="([^"\s]{1,70})"$/.exec(headers.get('content-type') ?? '')?.[1];
  check(boundary !== undefined, 'content-type');
  const pieces = body.split(`--${boundary}`);
  check(pieces.length === 4 && (pieces[3] ?? '').startsWith('--'), 'not two parts');
  return { headers, text: readPart(pieces[1] ?? '', 'text/plain'), html: readPart(pieces[2] ?? '', 'text/html') };
}

function split(
  raw: string,
  allowed: ReadonlySet<string>,
): { readonly headers: Map<string, string>; readonly body: string } {
  const end = raw.indexOf('\r\n\r\n');
  check(end > 0, 'no end of the headers');
  const headers = new Map<string, string>();
  for (const line of raw.slice(0, end).split(/\r\n(?![ \t])/)) {
    const [, name = '', value = ''] = /^([!-9;-~]+): ?([^]*)$/.exec(line) ?? [];
    check(name !== '', `no header: ${line.slice(0, 60)}`);
    check(
      line.split('\r\n').every((part) => part.trim() !== ''),
      'an empty folded line',
    );
    check(allowed.has(name.toLowerCase()), `a header that nobody wrote: ${name}`);
    check(!headers.has(name.toLowerCase()), `${name} twice`);
    headers.set(name.toLowerCase(), decodeWords(value.replace(/\r\n(?=[ \t])/g, '').trim()));
  }
  return { headers, body: raw.slice(end + 4) };
}

/** RFC 2047: words of at most 75 characters; blanks between two of them are not shown. */
function decodeWords(value: string): string {
  const joined = value.replace(/\?=[ \t]+=\?/g, '?==?');
  const bytes: Buffer[] = [];
  let last = 0;
  for (const word of joined.matchAll(/=\?([\w-]+)\?([QB])\?([^?\s]*)\?=/gi)) {
    check(word[0].length <= 75, 'an encoded word of more than 75 characters');
    check(word[1]?.toLowerCase() === 'utf-8', `charset ${word[1]}`);
    bytes.push(Buffer.from(joined.slice(last, word.index)));
    const part = decodeWord(word[2] ?? '', word[3] ?? '');
    check(Buffer.from(part.toString('utf8')).equals(part), 'half a character in an encoded word');
    bytes.push(part);
    last = word.index + word[0].length;
  }
  return Buffer.concat([...bytes, Buffer.from(joined.slice(last))]).toString('utf8');
}

function decodeWord(encoding: string, text: string): Buffer {
  return encoding.toUpperCase() === 'B' ? decodeBase64(text) : decodeQuoted(text.replaceAll('_', '=20'));
}

function decodeBase64(text: string): Buffer {
  const compact = text.replace(/\r\n/g, '');
  check(/^[A-Za-z0-9+/]*={0,2}$/.test(compact) && compact.length % 4 === 0, 'base64');
  return Buffer.from(compact, 'base64');
}

function decodeQuoted(text: string): Buffer {
  const joined = text.replace(/=\r\n/g, '');
  check(!/=(?![0-9A-F]{2})/.test(joined), 'quoted-printable');
  return Buffer.from(
    joined.replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  );
}

function readPart(raw: string, type: string): string {
  const { headers, body } = split(raw.replace(/^\r\n/, ''), PART_HEADERS);
  check((headers.get('content-type') ?? '').startsWith(`${type}; charset=utf-8`), `content-type of ${type}`);
  const encoding = headers.get('content-transfer-encoding');
  const content = body.replace(/\r\n$/, '');
  if (encoding !== '7bit')
    check(
      content.split('\r\n').every((line) => line.length <= 76),
      'an encoded line of more than 76',
    );
  const decoders: Readonly<Record<string, (text: string) => Buffer>> = {
    '7bit': (text) => Buffer.from(text),
    'quoted-printable': decodeQuoted,
    base64: decodeBase64,
  };
  const decode = decoders[encoding ?? ''];
  if (decode === undefined) throw new Error(`transfer encoding ${encoding}`);
  const text = decode(content).toString('utf8').replaceAll('\r\n', '\n').replace(/\n$/, '');
  const fault = textFault(text.replaceAll('\n', ' '), 200_000);
  check(fault === null, fault ?? '');
  return text;
}
