import nodemailer, { type SendMailOptions, type Transporter } from 'nodemailer';
import type { Message, Notice } from '../contract/index.js';
import { defineNotifier } from '../define-notifier.js';
import { layoutMessage, lineText } from '../messages/layout.js';
import { escapeHtml, renderPlain } from '../messages/render.js';
import type { Delivery } from '../notifier.js';
import { digestOf } from '../pipeline/dedup-key.js';
import { createOptionReader } from './option-reader.js';

interface EmailOptions {
  readonly host: string;
  readonly port: number;
  readonly security: 'starttls' | 'tls' | 'none';
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly from: string;
  readonly to: readonly string[];
  readonly rejectUnauthorized: boolean;
}

const SUBJECT_UNITS = 200;
const BODY_UNITS = 20_000;
const CONNECT_TIMEOUT_MS = 10_000;
/** Servers that take their time after the text are common; the engine's own deadline comes first. */
const ANSWER_TIMEOUT_MS = 30_000;
/** Message ids need a domain that is ours and never resolves: RFC 2606. */
const ID_DOMAIN = 'nps-oracle-monitoring.invalid';
const ADDRESS = /^[^\s@<>,;"]+@[^\s@<>,;"]+$|^[^<>\r\n]*<[^\s@<>,;"]+@[^\s@<>,;"]+>$/;

/** E-mail over SMTP (RFC 5321). One thread an outage; a copy after a lost answer has the same Message-ID. */
export const emailNotifier = defineNotifier<'email', EmailOptions>({
  kind: 'email',
  parseOptions: (value) => {
    const known = ['kind', 'host', 'port', 'security', 'user', 'password', 'from', 'to', 'rejectUnauthorized'];
    const read = createOptionReader(value, known);
    const security = read.optionalText('security') ?? 'starttls';
    const options: EmailOptions = {
      host: read.text('host'),
      port: read.integer('port', { min: 1, max: 65_535, fallback: security === 'tls' ? 465 : 587 }),
      security: security === 'tls' || security === 'none' ? security : 'starttls',
      user: read.optionalText('user'),
      password: read.optionalText('password'),
      from: read.text('from'),
      to: read.texts('to'),
      rejectUnauthorized: read.flag('rejectUnauthorized', true),
    };
    if (!['starttls', 'tls', 'none'].includes(security)) read.faults.push('security: expected starttls, tls or none');
    if ((options.user === undefined) !== (options.password === undefined))
      read.faults.push('user, password: expected both or neither');
    for (const address of [options.from, ...options.to]) {
      if (address !== '' && !ADDRESS.test(address))
        read.faults.push('from, to: expected addresses like alerts@example.org');
    }
    return read.faults.length > 0 ? { faults: read.faults } : { options };
  },
  create: (options) => ({
    send: (notice, signal) => sendMail(options, mailOf(notice, options), signal),
  }),
});

async function sendMail(options: EmailOptions, mail: SendMailOptions, signal: AbortSignal): Promise<Delivery> {
  const transport = createTransport(options);
  const abort = (): void => transport.close();
  signal.addEventListener('abort', abort, { once: true });
  try {
    signal.throwIfAborted();
    const aborted = new Promise<never>((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(new Error('no answer in time')), { once: true });
    });
    const sent = (await Promise.race([transport.sendMail(mail), aborted])) as { readonly messageId?: string };
    return { result: 'delivered', ...(sent.messageId === undefined ? {} : { messageId: sent.messageId }) };
  } catch (error) {
    return signal.aborted ? { result: 'retry', reason: 'no answer in time' } : judgeError(error);
  } finally {
    signal.removeEventListener('abort', abort);
    transport.close();
  }
}

function createTransport(options: EmailOptions): Transporter {
  return nodemailer.createTransport({
    host: options.host,
    port: options.port,
    secure: options.security === 'tls',
    requireTLS: options.security === 'starttls',
    ignoreTLS: options.security === 'none',
    ...(options.user === undefined ? {} : { auth: { user: options.user, pass: options.password ?? '' } }),
    tls: { rejectUnauthorized: options.rejectUnauthorized },
    connectionTimeout: CONNECT_TIMEOUT_MS,
    greetingTimeout: CONNECT_TIMEOUT_MS,
    socketTimeout: ANSWER_TIMEOUT_MS,
    // A message never makes us read a file or fetch a URL.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
}

/** 5xx and a refused login are final, 4xx and lost connections are not (RFC 5321, 4.2.1). No reply text: it may hold secrets. */
function judgeError(error: unknown): Delivery {
  const { responseCode, code } = error as { readonly responseCode?: unknown; readonly code?: unknown };
  const word = typeof code === 'string' ? code : 'SMTP';
  const reason = typeof responseCode === 'number' ? `SMTP ${responseCode}` : `SMTP ${word}`;
  const isFinal = typeof responseCode === 'number' ? responseCode >= 500 : word === 'EAUTH' || word === 'EENVELOPE';
  return { result: isFinal ? 'rejected' : 'retry', reason };
}

/** One e-mail: text and HTML, in the thread of its outage, marked as automatic (RFC 3834). */
export function mailOf(notice: Notice, options: Pick<EmailOptions, 'from' | 'to'>): SendMailOptions {
  const thread = `<${digestOf(`${notice.dedupKey}/${notice.incident}`)}@${ID_DOMAIN}>`;
  return {
    from: options.from,
    to: [...options.to],
    subject: layoutMessage({ ...notice.message, links: [], fields: [] }, SUBJECT_UNITS).title,
    text: renderPlain(notice.message, BODY_UNITS),
    html: renderHtml(notice.message),
    messageId: `<${digestOf(notice.id)}@${ID_DOMAIN}>`,
    inReplyTo: thread,
    references: [thread],
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
  };
}

/** The message as an HTML page without anything fetched from elsewhere. */
export function renderHtml(message: Message): string {
  const layout = layoutMessage(message, BODY_UNITS);
  const links = layout.links.map(
    ({ label, value }) => `<p><a href="${escapeHtml(value)}">${escapeHtml(label)}</a></p>`,
  );
  const lines = layout.lines.map((line) => `<p>${escapeHtml(lineText(line))}</p>`);
  return `<!doctype html><html><body><h3>${escapeHtml(layout.title)}</h3>${lines.join('')}${links.join('')}</body></html>`;
}
