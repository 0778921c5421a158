import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { emailNotifier, type Notifier } from '../../src/index.js';
import { renderHtml } from '../../src/notifiers/email.js';
import { hostileNotices } from '../messages/hostile.js';
import { readMail } from '../messages/mail-validator.js';
import { recovery, sampleNotice } from './sample-notice.js';

const PASSWORD = 'p'.repeat(24);
const servers: SMTPServer[] = [];
// The server warns on the console that its certificate is its own: that is what the test needs.
beforeAll(() => {
  jest.spyOn(console, 'error').mockImplementation(() => undefined);
});
afterAll(() => {
  jest.restoreAllMocks();
});
afterEach(() =>
  Promise.all(
    servers.splice(0).map(
      (server) =>
        new Promise<void>((resolve) => {
          server.close(() => resolve());
        }),
    ),
  ),
);

interface Mailbox {
  readonly port: number;
  readonly mails: string[];
  readonly sessions: { readonly secure: boolean; readonly user: string | undefined }[];
}

async function startMailbox(options: SMTPServerOptions = {}): Promise<Mailbox> {
  const mails: string[] = [];
  const sessions: { secure: boolean; user: string | undefined }[] = [];
  const server = new SMTPServer({
    authOptional: true,
    closeTimeout: 100,
    onAuth: (auth, _session, done) =>
      auth.password === PASSWORD ? done(null, { user: auth.username ?? '' }) : done(new Error('wrong password')),
    onData: (stream, session, done) => {
      let mail = '';
      stream.setEncoding('utf8');
      stream.on('data', (part: string) => {
        mail += part;
      });
      stream.on('end', () => {
        mails.push(mail);
        sessions.push({ secure: session.secure, user: session.user });
        done();
      });
    },
    ...options,
  });
  server.on('error', () => undefined);
  servers.push(server);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return { port: (server.server.address() as AddressInfo).port, mails, sessions };
}

function configure(port: number, more: object = {}): Notifier {
  return emailNotifier.configure({
    host: '127.0.0.1',
    port,
    security: 'none',
    from: 'Alerts <alerts@example.org>',
    to: 'ann@example.org, bob@example.org',
    ...more,
  });
}

function header(mail: string, name: string): string | undefined {
  return new RegExp(`^${name}:((?:.*)(?:\\r\\n[ \\t].*)*)`, 'im')
    .exec(mail)?.[1]
    ?.replace(/\r\n\s+/g, ' ')
    .trim();
}

describe('the e-mail channel', () => {
  it('delivers over STARTTLS with a login', async () => {
    const mailbox = await startMailbox();
    const notifier = configure(mailbox.port, {
      security: 'starttls',
      user: 'nps',
      password: PASSWORD,
      rejectUnauthorized: false,
    });
    expect(await notifier.send(sampleNotice(), AbortSignal.timeout(5000))).toMatchObject({ result: 'delivered' });
    expect(mailbox.sessions).toEqual([{ secure: true, user: 'nps' }]);
    const [mail = ''] = mailbox.mails;
    expect(header(mail, 'To')).toBe('ann@example.org, bob@example.org');
    expect(header(mail, 'Auto-Submitted')).toBe('auto-generated');
    expect(mail).toContain('text/html');
  });

  it('refuses a server whose certificate it does not know, and one without STARTTLS', async () => {
    const mailbox = await startMailbox();
    const strict = await configure(mailbox.port, { security: 'starttls' }).send(
      sampleNotice(),
      AbortSignal.timeout(5000),
    );
    expect(strict.result).toBe('retry');
    const plain = await startMailbox({ hideSTARTTLS: true, disabledCommands: ['STARTTLS'] });
    const refused = await configure(plain.port, { security: 'starttls' }).send(
      sampleNotice(),
      AbortSignal.timeout(5000),
    );
    expect(refused.result).not.toBe('delivered');
    expect([...mailbox.mails, ...plain.mails]).toEqual([]);
  });

  it('keeps an outage in one thread, and a copy under the same id', async () => {
    const mailbox = await startMailbox();
    const notifier = configure(mailbox.port);
    for (const notice of [sampleNotice(), sampleNotice({ attempt: 2 }), recovery()]) {
      await notifier.send(notice, AbortSignal.timeout(5000));
    }
    const ids = mailbox.mails.map((mail) => header(mail, 'Message-ID'));
    expect(ids[0]).toBe(ids[1]);
    expect(ids[2]).not.toBe(ids[0]);
    expect(new Set(mailbox.mails.map((mail) => header(mail, 'References'))).size).toBe(1);
  });

  it('lets no text from outside become a header', async () => {
    const mailbox = await startMailbox();
    const notice = sampleNotice();
    const title = 'x\r\nBcc: eve@example.org\r\n\r\nbody';
    await configure(mailbox.port).send({ ...notice, message: { ...notice.message, title } }, AbortSignal.timeout(5000));
    const [mail = ''] = mailbox.mails;
    expect(header(mail, 'Bcc')).toBeUndefined();
    expect(header(mail, 'Subject')).toContain('x Bcc: eve@example.org body');
  });

  it('takes 50 random messages through a real server to the letter', async () => {
    const mailbox = await startMailbox();
    const notifier = configure(mailbox.port);
    for (const notice of fc.sample(hostileNotices, { numRuns: 50, seed: 7 })) {
      expect(await notifier.send(notice, AbortSignal.timeout(5000))).toMatchObject({ result: 'delivered' });
      const mail = readMail(Buffer.from(mailbox.mails.at(-1) ?? '').subarray(0, -2));
      expect(mail.html).toBe(renderHtml(notice.message));
    }
    expect(mailbox.mails).toHaveLength(50);
  }, 120_000);

  it('tries again after 4xx and lost connections, and not after 5xx or a refused login', async () => {
    const answer = (responseCode: number) =>
      startMailbox({
        onMailFrom: (_address, _session, done) => done(Object.assign(new Error('no'), { responseCode })),
      });
    const busy = await answer(451);
    expect(await configure(busy.port).send(sampleNotice(), AbortSignal.timeout(5000))).toEqual({
      result: 'retry',
      reason: 'SMTP 451',
    });
    const closed = await answer(550);
    expect(await configure(closed.port).send(sampleNotice(), AbortSignal.timeout(5000))).toEqual({
      result: 'rejected',
      reason: 'SMTP 550',
    });
    const mailbox = await startMailbox();
    const wrong = configure(mailbox.port, {
      security: 'starttls',
      rejectUnauthorized: false,
      user: 'nps',
      password: 'wrongwrong',
    });
    const login = await wrong.send(sampleNotice(), AbortSignal.timeout(5000));
    expect(login).toEqual({ result: 'rejected', reason: 'SMTP 535' });
    const nobody = await configure(1).send(sampleNotice(), AbortSignal.timeout(5000));
    expect(nobody).toEqual({ result: 'retry', reason: 'SMTP ESOCKET' });
  });

  it('obeys the signal while the server is silent', async () => {
    const mailbox = await startMailbox({ onConnect: () => undefined });
    expect(await configure(mailbox.port).send(sampleNotice(), AbortSignal.timeout(150))).toEqual({
      result: 'retry',
      reason: 'no answer in time',
    });
    const early = await configure(mailbox.port).send(sampleNotice(), AbortSignal.abort());
    expect(early.result).toBe('retry');
  });

  it('tells every fault of its options at once', () => {
    const wrong = {
      host: 'h',
      from: 'nobody',
      to: [],
      port: 0,
      security: 'maybe',
      user: 'u',
      rejectUnauthorized: 'yes',
    };
    expect(() => emailNotifier.configure(wrong)).toThrow(/to: expected a list.*port|port.*to: expected a list/);
    expect(() => emailNotifier.configure(wrong)).toThrow(/user, password: expected both or neither/);
    expect(() => emailNotifier.configure(wrong)).toThrow(/security: expected starttls, tls or none/);
    expect(() => emailNotifier.configure({ ...wrong, from: 'a@b\r\nBcc: c@d' })).toThrow(/expected addresses/);
  });
});
