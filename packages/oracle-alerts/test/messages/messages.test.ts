import { describe, expect, it } from '@jest/globals';
import { alertKey, createAlertRecord } from '../../src/evaluation/alert-record.js';
import { alertEvent } from '../../src/evaluation/evaluate.js';
import { defaultRules, hideSecrets, type Message, type NoticeKind, type Rule, renderPlain } from '../../src/index.js';
import { createCleanText, cutText, stripControls } from '../../src/messages/clean-text.js';
import { composeAbsence, composeFire, composeRecovery } from '../../src/messages/compose.js';
import { composeGroup } from '../../src/messages/compose-group.js';
import { formatDuration, formatInstant, formatValue } from '../../src/messages/format-value.js';

const AT = Date.UTC(2026, 1, 8, 14, 30);
const context = { clean: createCleanText(), dashboardUrl: 'http://127.0.0.1:9000', wallOffsetMs: 0 };

function ruleNamed(name: string): Rule {
  const rule = defaultRules({ aiBudgetUsd: 5, responseSeconds: 2 }).find((candidate) => candidate.name === name);
  if (rule === undefined) throw new Error(name);
  return rule;
}

function eventOf(rule: Rule, more: Partial<Parameters<typeof alertEvent>[0]> = {}) {
  const service = more.service ?? 'oracle';
  const labels = more.labels ?? {};
  const record = {
    ...createAlertRecord({ key: alertKey(rule.name, service, labels), rule: rule.name, service, labels }, AT),
    ...more,
  };
  return alertEvent(record, rule, 'fired', AT);
}

describe('the first line', () => {
  it.each([
    [
      'down',
      { value: 0, detail: 'connect ECONNREFUSED' },
      '🚨 CRITICAL: Oracle service is DOWN! Error: connect ECONNREFUSED',
    ],
    [
      'down',
      { value: 0, reason: 'timeout', service: 'scanner' },
      '🚨 CRITICAL: scanner service is DOWN! Error: timeout',
    ],
    ['down', { value: 0 }, '🚨 CRITICAL: Oracle service is DOWN! Error: no details'],
    ['error_rate', { value: 0.075 }, '⚠️ WARNING: Oracle error rate 7.5% (threshold: 5%)'],
    ['error_rate', { value: 0.0500001 }, '⚠️ WARNING: Oracle error rate 5.00001% (threshold: 5%)'],
    ['slow_reading', { value: 12.34 }, '⚠️ WARNING: Oracle slow response: 12.3s (threshold: 10s)'],
    ['slow_reading', { value: 10.001 }, '⚠️ WARNING: Oracle slow response: 10.001s (threshold: 10s)'],
    ['degraded', { value: 1, detail: 'database: TIMEOUT' }, '⚠️ WARNING: Oracle service is degraded: database: TIMEOUT'],
    [
      'dependency_down',
      { labels: { dependency: 'redis' }, reason: 'REFUSED' },
      '⚠️ WARNING: Oracle dependency redis is down: REFUSED',
    ],
    ['disk', { value: 0.934 }, '⚠️ WARNING: Oracle disk space low: 93.4% used (threshold: 90%)'],
    ['memory', { value: 0.95 }, '⚠️ WARNING: Oracle memory high: 95% used (threshold: 90%)'],
    ['job_failed', { value: 3, labels: { job: 'nightly' } }, '❌ ERROR: Oracle job nightly failed 3 times in a row'],
    ['job_missed', { value: 1, labels: { job: '' } }, '⚠️ WARNING: Oracle job (none) was missed or lost'],
    ['certificate_expiring', { value: 1 }, '⚠️ WARNING: Oracle certificate expires in 1 day (threshold: 14 days)'],
    ['ai_budget', { value: 6.5 }, '⚠️ WARNING: Oracle AI cost today $6.5 (budget: $5)'],
    ['slow_average', { value: null }, '⚠️ WARNING: Oracle average response time unknown (threshold: 2s)'],
  ])('of %s %j reads as agreed', (name, record, title) => {
    const rule = ruleNamed(name);
    expect(composeFire(eventOf(rule, record), rule, undefined, context).title).toBe(title);
  });

  it('of a recovery reads as agreed, and the message tells how long the outage was', () => {
    const rule = ruleNamed('down');
    const event = { ...eventOf(rule, { reason: 'refused' }), since: AT - 125_000 };
    const message = composeRecovery(event, rule, undefined, context);
    expect(renderPlain(message, 4096)).toBe(
      [
        'ℹ️ INFO: Oracle service recovered',
        'Component: oracle',
        'Time: 2026-02-08 14:30:00 UTC',
        'Duration: 2 min 5 s',
        'Since: 2026-02-08 14:27:55 UTC',
        'Was: refused',
        'Dashboard: http://127.0.0.1:9000/alerts/%5B%22down%22%2C%22oracle%22%5D',
      ].join('\n'),
    );
    const disk = ruleNamed('disk');
    expect(composeRecovery(eventOf(disk), disk, undefined, context).title).toBe('ℹ️ INFO: Oracle disk is over');
  });

  it('uses the display name, and names what has none', () => {
    const rule = ruleNamed('down');
    expect(composeFire(eventOf(rule), rule, { name: 'oracle', displayName: 'The Oracle' }, context).title).toContain(
      'The Oracle service',
    );
    expect(composeFire(eventOf(rule, { service: '\u0000' }), rule, undefined, context).title).toContain(
      '(unnamed) service',
    );
  });

  it('never fills in what was filled in', () => {
    const rule = ruleNamed('down');
    const title = composeFire(
      eventOf(rule, { service: '{detail}', detail: '{service}' }),
      rule,
      undefined,
      context,
    ).title;
    expect(title).toBe('🚨 CRITICAL: {detail} service is DOWN! Error: {service}');
  });
});

describe('further messages', () => {
  it('tell a reminder, a flapping alert, a closed one and one without data as such', () => {
    const rule = ruleNamed('down');
    const event = { ...eventOf(rule, { value: 0, detail: 'x' }), since: AT - 3_600_000 };
    const reminder = composeFire({ ...event, kind: 'reminded', isFlapping: true }, rule, undefined, context);
    expect(reminder.title).toContain('(still, for 1 h)');
    expect(reminder.fields.map(({ label }) => label)).toContain('Flapping');
    expect(composeAbsence({ ...event, kind: 'closed' }, rule, undefined, context).title).toBe(
      'ℹ️ INFO: Oracle down closed: source gone',
    );
    expect(composeAbsence({ ...event, kind: 'no_data' }, rule, undefined, context).title).toBe(
      'ℹ️ INFO: Oracle sends no data for down',
    );
  });

  it.each([
    ['fire', 'down', '🚨 CRITICAL: 3 services are DOWN!'],
    ['resolve', 'down', '🚨 CRITICAL: 3 services recovered'],
    ['fire', 'error_rate', '🚨 CRITICAL: 3 × error rate'],
    ['resolve', 'error_rate', '🚨 CRITICAL: 3 × error rate recovered'],
    ['no_data', 'error_rate', '🚨 CRITICAL: 3 × error rate (no data)'],
  ] as const)('name all members of a group of %s %s', (kind: NoticeKind, rule, title) => {
    const members = ['a', 'b', 'c'].map((service) => ({
      service,
      rule,
      kind,
      severity: 'critical' as const,
      message: {
        title: 't',
        severity: 'critical' as const,
        services: [service],
        links: [],
        fields: [
          { label: 'Component', value: service },
          { label: 'Time', value: 'now' },
          { label: 'Error', value: `${service} failed` },
        ],
      },
    }));
    const group = composeGroup(members, 'http://d');
    expect(group.title).toBe(title);
    expect(renderPlain(group, 4096)).toContain('b: b failed');
    expect(group.services).toEqual(['a', 'b', 'c']);
  });

  it('of an empty group or of members without fields stand nevertheless', () => {
    expect(composeGroup([], 'http://d').title).toBe('ℹ️ INFO: nothing');
    const bare = {
      service: 's',
      rule: 'r',
      kind: 'fire',
      severity: 'info',
      message: { title: 't', severity: 'info', services: [], fields: [], links: [] },
    } as const;
    expect(renderPlain(composeGroup([bare, bare], 'http://d'), 4096)).toContain('2 × r');
  });
});

describe('values', () => {
  it('read naturally', () => {
    expect(formatValue(0.5, 'ratio')).toBe('50%');
    expect(formatValue(3, 'count')).toBe('3');
    expect(formatValue(1e21, 'count')).toBe('1e+21');
    expect(formatValue(10.00000000001, 'seconds', 10)).toBe('10.00000000001s');
    expect([0, 999, 61_000, 3_600_000, 90_061_000, -5].map(formatDuration)).toEqual([
      '0 s',
      '1 s',
      '1 min 1 s',
      '1 h',
      '1 d 1 h',
      '0 s',
    ]);
    expect(formatInstant(Number.NaN)).toBe('unknown time');
  });
});

describe('texts from outside', () => {
  it('lose secrets, controls and halves of characters, in this order', () => {
    expect(stripControls('a\u0000b\r\nc\u202ed\ud800')).toBe('ab cd\ufffd');
    expect(cutText('ab😀cd', 4)).toBe('ab…');
    expect(cutText('abc', 0)).toBe('');
    const secrets = [
      `postgres://user:${'x'.repeat(12)}@db/nps`,
      `https://api.telegram.org/bot${'1'.repeat(9)}:${'A'.repeat(35)}/sendMessage`,
      `Authorization: Bearer ${'y'.repeat(30)}`,
      `password="${'z'.repeat(12)}"`,
      `sk-${'q'.repeat(24)}`,
    ];
    for (const secret of secrets) expect(hideSecrets(secret)).not.toMatch(/x{12}|A{35}|y{30}|z{12}|q{24}/);
    const pem = ['EC', 'PRIVATE', 'KEY'].join(' ');
    const forms = [
      `NPS_MASTER_PASSWORD=${'s'.repeat(16)}`,
      `aws_secret_access_key: ${'s'.repeat(16)}`,
      `${['AK', 'IA'].join('')}${'S'.repeat(16)} is not allowed`,
      `${['gh', 'p_'].join('')}${'s'.repeat(36)}`,
      `${['xo', 'xb-'].join('')}${'s'.repeat(30)}`,
      `key 0x${'5'.repeat(64)}`,
      `Cookie: a=1; session=${'s'.repeat(16)}`,
      `-----BEGIN ${pem}-----\n${'s'.repeat(64)}\n-----END ${pem}----- rest`,
    ];
    for (const form of forms) expect(hideSecrets(form)).not.toMatch(/s{16}|S{16}|5{64}/);
    expect(hideSecrets('the mytoken=5 of 0x1f and cookies: none')).toBe('the mytoken=5 of 0x1f and cookies: none');
    expect(hideSecrets('tokens_used: 5, id 123e4567-e89b-12d3-a456-426614174000')).toContain('123e4567-e89b');
  });

  it('lose a secret whose name was split by a character that nobody sees', () => {
    const clean = createCleanText();
    expect(clean(`pass\u202eword=${'s'.repeat(16)}`, 100)).toBe('password=***');
    expect(clean(`tok\u0000en: ${'s'.repeat(16)}`, 100)).toBe('token: ***');
  });

  it('appear in no link when they are a name: that leads to the list', () => {
    const service = `postgres://a:${'s'.repeat(16)}@b/c`;
    const rule = ruleNamed('down');
    for (const compose of [composeFire, composeRecovery, composeAbsence]) {
      const message = compose(eventOf(rule, { service }), rule, undefined, context);
      expect(renderPlain(message, 4096)).not.toContain('s'.repeat(16));
      expect(message.links.map(({ url }) => url)).toEqual(['http://127.0.0.1:9000/alerts']);
    }
    const named = composeFire(eventOf(rule, { service: 'a\u202eb ' }), rule, undefined, context);
    expect(named.links[0]?.url).toContain('/alerts/%5B');
  });

  it('are cleaned in time that grows with their length alone', () => {
    const clean = createCleanText();
    for (const part of [
      'a',
      'token=',
      '://',
      ':',
      'bot1:',
      'password ',
      'eyJ.',
      'cookie:',
      '0x5',
      '-----BEGIN PRIVATE KEY-----',
    ]) {
      const startedMs = performance.now();
      clean(part.repeat(20_000 / part.length), 4096);
      expect(performance.now() - startedMs).toBeLessThan(500);
    }
  });
});

describe('a layout', () => {
  it('cuts the last fields first, counts them, and keeps title and links', () => {
    const fields = Array.from({ length: 100 }, (_, index) => ({ label: `f${index}`, value: 'v'.repeat(50) }));
    const text = renderPlain(
      { title: 'T', severity: 'info', services: [], fields, links: [{ label: 'L', url: 'http://x' }] },
      500,
    );
    expect(text.length).toBeLessThanOrEqual(500);
    expect(text).toMatch(/^T\nf0: v{50}\n[^]*\n\+9\d more\nL: http:\/\/x$/);
  });

  it('cuts even the title for a channel smaller than it, and leaves out a link that does not fit', () => {
    const message: Message = {
      title: 'x'.repeat(100),
      severity: 'info',
      services: [],
      fields: [],
      links: [{ label: 'L', url: 'http://long.example' }],
    };
    expect(renderPlain(message, 50)).toBe(`${'x'.repeat(49)}…`);
  });
});
