import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { alertKey, createAlertRecord } from '../../src/evaluation/alert-record.js';
import { alertEvent } from '../../src/evaluation/evaluate.js';
import {
  alertmanagerAlerts,
  defaultRules,
  type Notice,
  pagerDutyEvent,
  type Rule,
  renderPlain,
  renderSlack,
  renderTelegramHtml,
  webhookPayload,
} from '../../src/index.js';
import { createCleanText } from '../../src/messages/clean-text.js';
import { composeFire, composeRecovery } from '../../src/messages/compose.js';
import { dedupKeyOf } from '../../src/pipeline/dedup-key.js';

const AT = Date.UTC(2026, 1, 8, 14, 30);
const context = { clean: createCleanText(), dashboardUrl: 'https://status.example.org', wallOffsetMs: 0 };
const SITUATIONS: Readonly<
  Record<
    string,
    { readonly value: number; readonly reason?: string; readonly detail?: string; readonly label?: string }
  >
> = {
  down: { value: 0, reason: 'refused', detail: 'connect ECONNREFUSED 10.0.0.5:9090' },
  error_rate: { value: 0.075 },
  slow_reading: { value: 12.34, reason: 'running', detail: 'id reading-4711 (running)' },
  degraded: { value: 1, detail: 'database: TIMEOUT' },
  dependency_down: { value: 0, detail: 'REFUSED', label: 'database' },
  disk: { value: 0.934 },
  memory: { value: 0.951 },
  job_failed: { value: 3, label: 'nightly-analysis' },
  job_missed: { value: 1, label: 'nightly-analysis' },
  certificate_expiring: { value: 9, label: 'tls' },
  ai_budget: { value: 26.4 },
  slow_average: { value: 2.6 },
};

function eventOf(rule: Rule) {
  const situation = SITUATIONS[rule.name];
  if (situation === undefined) throw new Error(`no sample of ${rule.name}`);
  const labels = Object.fromEntries((rule.by ?? []).map((name) => [name, situation.label ?? '']));
  const identity = { key: alertKey(rule.name, 'oracle', labels), rule: rule.name, service: 'oracle', labels };
  const { value, reason = null, detail = null } = situation;
  return alertEvent({ ...createAlertRecord(identity, AT), value, reason, detail }, rule, 'fired', AT);
}

function block(title: string, text: string, language = 'text'): string {
  return `## ${title}\n\n\`\`\`${language}\n${text}\n\`\`\`\n`;
}

function samples(): string {
  const rules = defaultRules({ aiBudgetUsd: 25, responseSeconds: 2 });
  const fires = rules.map((rule) =>
    block(rule.name, renderPlain(composeFire(eventOf(rule), rule, undefined, context), 4096)),
  );
  const [down] = rules;
  if (down === undefined) throw new Error('no rules');
  const event = eventOf(down);
  const recovery = composeRecovery({ ...event, since: AT - 252_000 }, down, undefined, context);
  const message = composeFire(event, down, undefined, context);
  const notice: Notice = {
    id: '5f3a-1-fire',
    kind: 'fire',
    rule: 'down',
    severity: 'critical',
    alertSeverity: 'critical',
    services: ['oracle'],
    incident: 1,
    dedupKey: dedupKeyOf(event.key),
    labels: {},
    message,
    startedAt: AT,
    attempt: 1,
  };
  const json = (value: unknown): string => JSON.stringify(value, null, 2);
  return [
    '# What a person reads\n',
    'One sample of each rule as plain text, then `down` as each channel is sent it. A test compares this page with what is really rendered.\n',
    ...fires,
    block('down, recovered', renderPlain(recovery, 4096)),
    block('Telegram', renderTelegramHtml(message), 'html'),
    block('Slack', json(renderSlack(message)), 'json'),
    block('PagerDuty', json(pagerDutyEvent(notice, '(routing key)')), 'json'),
    block('Webhook', json(webhookPayload(notice, 'webhook')), 'json'),
    block('Alertmanager', json(alertmanagerAlerts(notice)), 'json'),
  ].join('\n');
}

describe('the page of samples', () => {
  it('shows each rule and channel as it is really rendered', () => {
    const page = readFileSync(new URL('../../examples/messages.md', import.meta.url), 'utf8');
    expect(page.trim()).toBe(samples().trim());
  });
});
