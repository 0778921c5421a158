import { createHmac } from 'node:crypto';
import type { Notice } from '../contract/index.js';
import { defineNotifier } from '../define-notifier.js';
import { cleanName, stripNames } from '../messages/clean-text.js';
import { plainMessage } from '../messages/layout.js';
import { judgeAnswer, sendCall } from './judge-answer.js';
import { createOptionReader } from './option-reader.js';

interface WebhookOptions {
  readonly url: string;
  readonly secret: string | undefined;
  readonly receiver: string;
}

/** Alertmanager's zero time: "still firing". */
const STILL_FIRING = '0001-01-01T00:00:00Z';

/**
 * A signed webhook in Alertmanager's v4 shape (https://prometheus.io/docs/alerting/latest/configuration/#webhook_config).
 * With a secret, `x-nps-signature: t=<seconds>,v1=<hex>` is HMAC-SHA256 over `timestamp.body`, and `webhook-signature:
 * v1,<base64>` the same over `id.timestamp.body` (https://www.standardwebhooks.com).
 */
export const webhookNotifier = defineNotifier<'webhook', WebhookOptions>({
  kind: 'webhook',
  parseOptions: (value) => {
    const read = createOptionReader(value, ['kind', 'url', 'secret', 'receiver']);
    const options: WebhookOptions = {
      url: read.url('url'),
      secret: read.optionalText('secret'),
      receiver: read.optionalText('receiver') ?? 'webhook',
    };
    return read.faults.length > 0 ? { faults: read.faults } : { options };
  },
  create: (options, deps) => ({
    send: (notice, signal) => {
      const body = JSON.stringify(webhookPayload(notice, options.receiver));
      const timestamp = String(Math.floor((deps.wallMs ?? Date.now)() / 1000));
      const headers = {
        'content-type': 'application/json',
        'webhook-id': notice.id,
        'webhook-timestamp': timestamp,
        ...(options.secret === undefined ? {} : signWebhook(options.secret, notice.id, timestamp, body)),
      };
      return sendCall({ method: 'POST', url: options.url, headers, body }, signal, deps, (answer) =>
        judgeAnswer(answer, () => ({ result: 'delivered', messageId: notice.id })),
      );
    },
  }),
});

/** The signature headers of one request; a receiver compares in constant time and refuses old timestamps. */
export function signWebhook(
  secret: string,
  id: string,
  timestamp: string,
  body: string,
): Readonly<Record<string, string>> {
  const sign = (text: string, form: 'hex' | 'base64'): string => createHmac('sha256', secret).update(text).digest(form);
  return {
    'webhook-signature': `v1,${sign(`${id}.${timestamp}.${body}`, 'base64')}`,
    'x-nps-signature': `t=${timestamp},v1=${sign(`${timestamp}.${body}`, 'hex')}`,
  };
}

/** The body of one notice: version 4 of Alertmanager's webhook. */
export function webhookPayload(notice: Notice, receiver: string): object {
  const status = notice.kind === 'resolve' || notice.kind === 'closed' ? 'resolved' : 'firing';
  const message = plainMessage(notice.message);
  const [link, ...otherLinks] = message.links;
  const common = { alertname: notice.rule, severity: notice.alertSeverity, ...notice.labels };
  const annotations = {
    summary: message.title,
    ...Object.fromEntries(message.fields.map(({ label, value }) => [label.toLowerCase(), value])),
    // Named as Alertmanager's own convention has it: `runbook_url`.
    ...Object.fromEntries(otherLinks.map(({ label, url }) => [`${label.toLowerCase()}_url`, url])),
  };
  return {
    version: '4',
    groupKey: notice.dedupKey,
    truncatedAlerts: 0,
    status,
    receiver,
    groupLabels: { alertname: notice.rule },
    commonLabels: common,
    commonAnnotations: annotations,
    externalURL: link?.url ?? '',
    alerts: notice.services.map((service) => ({
      status,
      labels: { ...common, service: cleanName(service, stripNames) },
      annotations,
      startsAt: new Date(notice.startedAt).toISOString(),
      endsAt: notice.endedAt === undefined ? STILL_FIRING : new Date(notice.endedAt).toISOString(),
      generatorURL: link?.url ?? '',
      fingerprint: notice.dedupKey,
    })),
  };
}
