/** The page of samples: each default rule's message as each channel gets it, rendered by the shipped code. */
import { alertKey, createAlertRecord } from '../../src/evaluation/alert-record.js';
import { alertEvent } from '../../src/evaluation/evaluate.js';
import {
  alertmanagerAlerts,
  defaultRules,
  type Message,
  type Notice,
  type NoticeKind,
  pagerDutyEvent,
  type Rule,
  renderSlack,
  renderTelegramHtml,
  webhookPayload,
} from '../../src/index.js';
import { createCleanText } from '../../src/messages/clean-text.js';
import { composeAbsence, composeFire, composeRecovery } from '../../src/messages/compose.js';
import { composeGroup } from '../../src/messages/compose-group.js';
import { mailOf } from '../../src/notifiers/email.js';
import { dedupKeyOf } from '../../src/pipeline/dedup-key.js';

const AT = Date.UTC(2026, 1, 8, 14, 30);
const context = { clean: createCleanText(), dashboardUrl: 'https://status.example.org', wallOffsetMs: 0 };

interface Situation {
  readonly value: number;
  readonly forSeconds?: number;
  readonly reason?: string;
  readonly detail?: string;
  readonly label?: string;
}

const SITUATIONS: Readonly<Record<string, Situation>> = {
  down: { value: 0, forSeconds: 3, reason: 'refused', detail: 'connect ECONNREFUSED 10.0.0.5:9090' },
  error_rate: { value: 0.075 },
  slow_reading: { value: 12.34, reason: 'running', detail: 'reading-4711 (still running)' },
  degraded: { value: 1, forSeconds: 300, detail: 'ai_api: no answer in time for 5 min' },
  dependency_down: { value: 0, forSeconds: 30, detail: 'connection refused', label: 'database' },
  disk: { value: 0.934 },
  memory: { value: 0.951, forSeconds: 60 },
  job_failed: { value: 3, label: 'nightly-analysis', detail: 'relation "insights" does not exist' },
  job_missed: { value: 1, label: 'nightly-analysis' },
  certificate_expiring: { value: 9, label: 'tls' },
  ai_budget: { value: 26.4 },
  slow_average: { value: 2.6, forSeconds: 60 },
};

function eventOf(rule: Rule, situation: Situation, service = 'oracle') {
  const labels = Object.fromEntries((rule.by ?? []).map((name) => [name, situation.label ?? '']));
  const identity = { key: alertKey(rule.name, service, labels), rule: rule.name, service, labels };
  const { value, reason = null, detail = null, forSeconds = 0 } = situation;
  const openedAt = AT - forSeconds * 1000;
  return alertEvent(
    { ...createAlertRecord(identity, AT), incident: 1, openedAt, value, reason, detail },
    rule,
    'fired',
    AT,
  );
}

function noticeOf(kind: NoticeKind, rule: Rule, event: ReturnType<typeof eventOf>, message: Message): Notice {
  return {
    id: '5f3a9c-1-fire',
    kind,
    rule: rule.name,
    severity: message.severity,
    alertSeverity: rule.severity,
    services: message.services,
    incident: 1,
    dedupKey: dedupKeyOf(event.key, context.clean),
    labels: event.labels,
    message,
    startedAt: event.since,
    ...(kind === 'resolve' ? { endedAt: AT } : {}),
    attempt: 1,
  };
}

/** Markup as a reader sees it. */
function read(html: string): string {
  const text = html.replace(/<[^>]+>/g, '');
  return text
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, '&');
}

function asRead(message: Message, notice: Notice): readonly (readonly [string, string, string])[] {
  const slack = renderSlack(message) as { readonly blocks: readonly { readonly text: { readonly text: string } }[] };
  const { subject = '', text } = mailOf(notice, { from: 'alerts@example.org', to: ['ops@example.org'] });
  const json = (value: unknown): string => JSON.stringify(value, null, 2);
  return [
    ['Telegram', 'text', read(renderTelegramHtml(message))],
    ['Slack', 'text', read(slack.blocks.map((block) => block.text.text).join('\n'))],
    ['E-mail', 'text', `Subject: ${subject}\n\n${typeof text === 'string' ? text : ''}`],
    ['PagerDuty', 'json', json(pagerDutyEvent(notice, '(routing key)'))],
    ['Webhook', 'json', json(webhookPayload(notice, 'webhook'))],
    ['Alertmanager', 'json', json(alertmanagerAlerts(notice))],
  ];
}

function section(title: string, message: Message, notice: Notice, channels?: readonly string[]): string {
  const blocks = asRead(message, notice)
    .filter(([channel]) => channels?.includes(channel) ?? true)
    .map(([channel, language, text]) => `### ${channel}\n\n\`\`\`${language}\n${text}\n\`\`\`\n`);
  return [`## ${title}\n`, ...blocks].join('\n');
}

const READ_BY_PEOPLE = ['Telegram', 'Slack', 'E-mail'];

/** The whole page. */
export function samplePage(): string {
  const rules = defaultRules({ aiBudgetUsd: 25, responseSeconds: 2 });
  const fires = rules.map((rule) => {
    const situation = SITUATIONS[rule.name];
    if (situation === undefined) throw new Error(`no sample of ${rule.name}`);
    const event = eventOf(rule, situation);
    const message = composeFire(event, rule, undefined, context);
    return section(`\`${rule.name}\``, message, noticeOf('fire', rule, event, message));
  });
  const [down, errorRate] = rules;
  if (down === undefined || errorRate === undefined) throw new Error('no rules');
  const itself = { value: 0, forSeconds: 3, reason: 'down', detail: 'database: connection refused for 40 s' };
  const event = eventOf(down, itself);
  const ownWords = composeFire(event, down, undefined, context);
  const recovery = composeRecovery({ ...event, since: AT - 252_000 }, down, undefined, context);
  const reminder = composeFire({ ...event, kind: 'reminded', since: AT - 3_600_000 }, down, undefined, context);
  const silent = eventOf(errorRate, { value: 0 });
  const noData = composeAbsence({ ...silent, kind: 'no_data' }, errorRate, undefined, context);
  const gone = composeAbsence({ ...event, kind: 'closed' }, down, undefined, context);
  const members = ['api', 'oracle', 'scanner', 'web-ui', 'worker'].map((service) => ({
    service,
    rule: 'down',
    kind: 'fire' as const,
    severity: down.severity,
    message: composeFire(eventOf(down, SITUATIONS['down'] ?? itself, service), down, undefined, context),
  }));
  const group = composeGroup(members, context.dashboardUrl);
  return [
    '# What a person reads\n',
    'Every default rule, and every other kind of message, as each channel gets it. Written by `npm run messages` of packages/oracle-alerts from the code that sends them; a test compares.\n',
    ...fires,
    section('`down`, as the service itself says', ownWords, noticeOf('fire', down, event, ownWords), READ_BY_PEOPLE),
    section('`down`, recovered', recovery, noticeOf('resolve', down, event, recovery)),
    section('`down`, reminder', reminder, noticeOf('reminder', down, event, reminder), READ_BY_PEOPLE),
    section('Five services down at once', group, noticeOf('fire', down, event, group), READ_BY_PEOPLE),
    section('No data', noData, noticeOf('no_data', errorRate, silent, noData), READ_BY_PEOPLE),
    section('Source gone', gone, noticeOf('closed', down, event, gone), READ_BY_PEOPLE),
  ].join('\n');
}
