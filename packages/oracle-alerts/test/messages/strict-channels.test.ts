import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import nodemailer from 'nodemailer';
import { type Message, renderPlain, renderSlack, renderTelegramHtml } from '../../src/index.js';
import { stripControls } from '../../src/messages/clean-text.js';
import { layoutMessage } from '../../src/messages/layout.js';
import { alertmanagerAlerts } from '../../src/notifiers/alertmanager.js';
import { mailOf, renderHtml } from '../../src/notifiers/email.js';
import { pagerDutyEvent } from '../../src/notifiers/pager-duty.js';
import { webhookPayload } from '../../src/notifiers/webhook.js';
import { hostileMessages, hostileNotices } from './hostile.js';
import { alertmanagerFault, pagerDutyFault, slackFault, webhookFault } from './json-validators.js';
import { readMail } from './mail-validator.js';
import { telegramFault, textFault } from './validators.js';

const RUNS = { numRuns: 10_000, seed: 6 };
/** Each is composed and read octet by octet; `STRICT_MAILS=10000` for all. */
const MAIL_RUNS = { numRuns: Number(process.env['STRICT_MAILS'] ?? 1500), seed: 6 };
const LIMIT_MS = 900_000;
const KEY = 'k'.repeat(32);

const linksOf = (message: Message): string => message.links.map(({ label, url }) => `${label}: ${url}`).join('\n');

describe('10,000 random messages', () => {
  it(
    'are refused neither by Telegram nor by Slack for their form, and keep title and links',
    () => {
      let withBoth = 0;
      fc.assert(
        fc.property(hostileMessages, (message) => {
          expect(telegramFault(renderTelegramHtml(message))).toBeNull();
          expect(slackFault(renderSlack(message))).toBeNull();
          const plain = renderPlain(message, 4096);
          expect(textFault(plain, 4096)).toBeNull();
          expect(plain.startsWith(stripControls(message.title))).toBe(true);
          expect(plain.endsWith(linksOf(message))).toBe(true);
          expect(plain).toContain('\nDashboard: http://127.0.0.1:9000/');
          withBoth += message.links.length - 1;
        }),
        RUNS,
      );
      // Most names are short enough for a token.
      expect(withBoth).toBeGreaterThan(RUNS.numRuns / 3);
    },
    LIMIT_MS,
  );

  it(
    'are refused neither by PagerDuty, Alertmanager nor a webhook, whatever names and labels hold',
    () => {
      fc.assert(
        fc.property(hostileNotices, (notice) => {
          expect(pagerDutyFault(pagerDutyEvent(notice, KEY))).toBeNull();
          expect(alertmanagerFault(alertmanagerAlerts(notice))).toBeNull();
          expect(webhookFault(webhookPayload(notice, 'receiver'))).toBeNull();
        }),
        RUNS,
      );
    },
    LIMIT_MS,
  );

  it(
    'are e-mails to the letter of the standards, in which the reader finds title, text and link',
    async () => {
      const transport = nodemailer.createTransport({ streamTransport: true, buffer: true, newline: 'windows' });
      const people = { from: 'Alerts <alerts@example.org>', to: ['ann@example.org', 'bob@example.org'] };
      await fc.assert(
        fc.asyncProperty(hostileNotices, async (notice) => {
          const { message } = await transport.sendMail(mailOf(notice, people));
          const mail = readMail(message as Buffer);
          expect(mail.headers.get('to')).toBe(people.to.join(', '));
          const { title } = layoutMessage({ ...notice.message, links: [], fields: [] }, 200);
          expect(mail.headers.get('subject')?.trim()).toBe(title.trim());
          expect(mail.text.replace(/ +$/gm, '')).toBe(renderPlain(notice.message, 20_000).replace(/ +$/gm, ''));
          expect(mail.html).toBe(renderHtml(notice.message));
          expect(mail.html.replace(/<\/?(?:!doctype html|html|body|h3|p|a)(?: href="[^"<>]*")?>/g, '')).not.toMatch(
            /[<>]/,
          );
        }),
        MAIL_RUNS,
      );
    },
    LIMIT_MS,
  );
});
