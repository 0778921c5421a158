/** Random messages and notices, made by the code that makes the real ones, of texts that mean harm. */
import fc from 'fast-check';
import { createAcknowledgeSigner } from '../../src/acknowledge-link.js';
import { noticeKinds, severities } from '../../src/contract/index.js';
import { alertKey, createAlertRecord } from '../../src/evaluation/alert-record.js';
import { alertEvent } from '../../src/evaluation/evaluate.js';
import { defaultRules, type Message, type Notice, type Rule } from '../../src/index.js';
import { createCleanText } from '../../src/messages/clean-text.js';
import { composeFire } from '../../src/messages/compose.js';
import { dedupKeyOf } from '../../src/pipeline/dedup-key.js';
import { writeNotice } from '../../src/pipeline/dispatch.js';

export const AT = Date.UTC(2026, 1, 8, 14, 30);
export const composeContext = {
  clean: createCleanText(),
  dashboardUrl: 'http://127.0.0.1:9000',
  wallOffsetMs: 0,
  signAcknowledgement: createAcknowledgeSigner('s'.repeat(32)),
};

const dependencyRule = defaultRules().find(({ name }) => name === 'dependency_down') as Rule;

const hostileText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.string({ unit: 'grapheme', maxLength: 100 }),
  fc.constantFrom(
    '_*[]()~`>#+-=|{}.!',
    '<b',
    '&amp;&',
    '👨‍👩‍👧‍👦'.repeat(50),
    '\u202eRTL',
    'a\r\nBcc: x',
    '\r\n.\r\nQUIT\r\n',
    '=?utf-8?Q?=0D=0ABcc:_x?=',
    '\ud83d',
    'x<&>'.repeat(1500),
    'é'.repeat(4000),
    'n'.repeat(2000),
    '@everyone <@U1>',
    '\u0000',
    '__proto__',
    '',
  ),
);

const parts = fc.record({
  service: hostileText,
  detail: hostileText,
  reason: hostileText,
  label: hostileText,
  fields: fc.array(fc.record({ label: hostileText, value: hostileText }), { maxLength: 12 }),
});

function eventOf({
  service,
  detail,
  reason,
  label,
}: { readonly [Part in 'service' | 'detail' | 'reason' | 'label']: string }) {
  const labels = { dependency: label };
  const { name } = dependencyRule;
  const record = createAlertRecord({ key: alertKey(name, service, labels), rule: name, service, labels }, AT);
  return alertEvent({ ...record, detail, reason }, dependencyRule, 'fired', AT);
}

/** What a person is told. */
export const hostileMessages: fc.Arbitrary<Message> = parts.map(({ fields, ...texts }) => {
  const composed = composeFire(eventOf(texts), dependencyRule, undefined, composeContext);
  return { ...composed, fields: [...composed.fields, ...fields] };
});

/** What a channel is handed. */
export const hostileNotices: fc.Arbitrary<Notice> = fc
  .record({ texts: parts, kind: fc.constantFrom(...noticeKinds), severity: fc.constantFrom(...severities) })
  .map(({ texts: { fields, ...texts }, kind, severity }) => {
    const event = eventOf(texts);
    const composed = composeFire(event, dependencyRule, undefined, composeContext);
    const message = { ...composed, severity, fields: [...composed.fields, ...fields] };
    const outgoing = { groupWaitMs: 2000, now: AT, compose: composeContext };
    const { id, labels } = writeNotice({ kind, event, message, channel: 'main', suffix: '' }, outgoing);
    return {
      id,
      kind,
      rule: event.rule,
      severity,
      alertSeverity: event.severity,
      services: [event.service],
      incident: 1,
      dedupKey: dedupKeyOf(event.key, composeContext.clean),
      labels,
      message,
      reason: texts.reason,
      startedAt: AT,
      ...(kind === 'resolve' || kind === 'closed' ? { endedAt: AT + 1000 } : {}),
      attempt: 1,
    };
  });
