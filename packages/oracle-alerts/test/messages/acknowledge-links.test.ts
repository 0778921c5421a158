import { describe, expect, it } from '@jest/globals';
import nodemailer from 'nodemailer';
import { createAcknowledgeSigner, readAcknowledgeToken } from '../../src/acknowledge-link.js';
import { alertKey, createAlertRecord } from '../../src/evaluation/alert-record.js';
import { alertEvent } from '../../src/evaluation/evaluate.js';
import { defaultRules, type Notice, type Rule, renderPlain, renderSlack, renderTelegramHtml } from '../../src/index.js';
import { createCleanText } from '../../src/messages/clean-text.js';
import { composeAbsence, composeFire, composeRecovery } from '../../src/messages/compose.js';
import { composeGroup } from '../../src/messages/compose-group.js';
import { mailOf } from '../../src/notifiers/email.js';
import { pagerDutyEvent } from '../../src/notifiers/pager-duty.js';
import { webhookPayload } from '../../src/notifiers/webhook.js';
import { dedupKeyOf } from '../../src/pipeline/dedup-key.js';
import { writeNotice } from '../../src/pipeline/dispatch.js';
import { readMail } from './mail-validator.js';

const AT = Date.UTC(2026, 1, 8, 14, 30);
const SECRET = 's'.repeat(32);
const plain = { clean: createCleanText(), dashboardUrl: 'https://status.example.org', wallOffsetMs: 0 };
const signing = { ...plain, signAcknowledgement: createAcknowledgeSigner(SECRET) };

function ruleNamed(name: string): Rule {
  const rule = defaultRules().find((candidate) => candidate.name === name);
  if (rule === undefined) throw new Error(name);
  return rule;
}

function eventOf(rule: Rule, service = 'oracle', labels: Readonly<Record<string, string>> = {}) {
  const identity = { key: alertKey(rule.name, service, labels), rule: rule.name, service, labels };
  return alertEvent({ ...createAlertRecord(identity, AT), incident: 7, value: 0 }, rule, 'fired', AT);
}

const down = ruleNamed('down');
const labelsOf = (message: { readonly links: readonly { readonly label: string }[] }) =>
  message.links.map(({ label }) => label);

describe('the link that acknowledges', () => {
  it('stands after the dashboard’s in fires and reminders, and its token names this outage for a day', () => {
    for (const kind of ['fired', 'reminded'] as const) {
      const event = { ...eventOf(down), kind };
      const message = composeFire(event, down, undefined, { ...signing, wallOffsetMs: 500 });
      expect(labelsOf(message)).toEqual(['Dashboard', 'Acknowledge']);
      const [, token = ''] = /^https:\/\/status\.example\.org\/ack\/([\w-]+)$/.exec(message.links[1]?.url ?? '') ?? [];
      expect(readAcknowledgeToken(SECRET, token, AT)).toEqual({
        outcome: 'valid',
        claim: { key: event.key, incident: 7, validUntil: AT + 86_400_000 },
      });
    }
  });

  it('is in no recovery, no end, no group, and nowhere without a secret', () => {
    const fire = composeFire(eventOf(down), down, undefined, signing);
    const member = { service: 'oracle', rule: 'down', kind: 'fire', severity: 'critical', message: fire } as const;
    const others = [
      composeRecovery(eventOf(down), down, undefined, signing),
      composeAbsence({ ...eventOf(down), kind: 'closed' }, down, undefined, signing),
      composeAbsence({ ...eventOf(down), kind: 'no_data' }, down, undefined, signing),
      composeGroup([member, member], signing.dashboardUrl),
      composeFire(eventOf(down), down, undefined, plain),
    ];
    for (const message of others) expect(labelsOf(message)).toEqual(['Dashboard']);
  });

  it('is not given for a single slow reading, a name that holds a secret, or a key too long for a link', () => {
    const reading = ruleNamed('slow_reading');
    const dependency = ruleNamed('dependency_down');
    const messages = [
      composeFire(eventOf(reading), reading, undefined, signing),
      composeFire(eventOf(down, `postgres://a:${'x'.repeat(16)}@b/c`), down, undefined, signing),
      composeFire(
        eventOf(dependency, 'api', { dependency: `token=${'x'.repeat(16)}` }),
        dependency,
        undefined,
        signing,
      ),
      composeFire(eventOf(down, 'n'.repeat(900)), down, undefined, signing),
    ];
    for (const message of messages) expect(labelsOf(message)).toEqual(['Dashboard']);
  });

  it('arrives whole in every channel: nothing that hides secrets takes the token for one', async () => {
    const people = { from: 'alerts@example.org', to: ['ann@example.org'] };
    const transport = nodemailer.createTransport({ streamTransport: true, buffer: true, newline: 'windows' });
    for (let turn = 0; turn < 200; turn += 1) {
      const event = { ...eventOf(down, `oracle-${turn}`), incident: turn + 1 };
      const message = composeFire(event, down, undefined, signing);
      const url = message.links[1]?.url ?? 'no link';
      const outgoing = { groupWaitMs: 2000, now: AT, compose: signing };
      const { id, labels } = writeNotice({ kind: 'fire', event, message, channel: 'main', suffix: '' }, outgoing);
      const notice: Notice = {
        id,
        kind: 'fire',
        rule: 'down',
        severity: 'critical',
        alertSeverity: 'critical',
        services: [event.service],
        incident: turn + 1,
        dedupKey: dedupKeyOf(event.key, plain.clean),
        labels,
        message,
        startedAt: AT,
        attempt: 1,
      };
      const sent = (await transport.sendMail(mailOf(notice, people))).message as Buffer;
      const mail = readMail(sent);
      expect(renderPlain(message, 4096).endsWith(`\nAcknowledge: ${url}`)).toBe(true);
      expect(renderTelegramHtml(message).endsWith(`\nAcknowledge: ${url}`)).toBe(true);
      expect(JSON.stringify(renderSlack(message))).toContain(`Acknowledge: ${url}`);
      expect(mail.text).toContain(`Acknowledge: ${url}`);
      expect(mail.html).toContain(`<a href="${url}">Acknowledge</a>`);
      expect(pagerDutyEvent(notice, 'k'.repeat(32))).toMatchObject({
        client_url: message.links[0]?.url,
        links: [{ text: 'Dashboard' }, { text: 'Acknowledge', href: url }],
      });
      expect(webhookPayload(notice, 'main')).toMatchObject({
        externalURL: message.links[0]?.url,
        commonAnnotations: { acknowledge_url: url },
      });
    }
  });
});
