import type { Notice, Severity } from '../contract/index.js';
import { defineNotifier } from '../define-notifier.js';
import { cleanName, cutText, stripNames } from '../messages/clean-text.js';
import { plainMessage } from '../messages/layout.js';
import { judgeAnswer, sendCall } from './judge-answer.js';
import { createOptionReader } from './option-reader.js';

interface PagerDutyOptions {
  readonly routingKey: string;
  readonly url: string;
}

const SUMMARY_UNITS = 1024;
const SEVERITIES: Readonly<Record<Severity, string>> = {
  critical: 'critical',
  error: 'error',
  warning: 'warning',
  info: 'info',
};

/** PagerDuty Events API v2: https://developer.pagerduty.com/docs/send-alert-event */
export const pagerDutyNotifier = defineNotifier<'pagerduty', PagerDutyOptions>({
  kind: 'pagerduty',
  parseOptions: (value) => {
    const read = createOptionReader(value, ['kind', 'routingKey', 'url']);
    const options: PagerDutyOptions = {
      routingKey: read.text('routingKey'),
      url: read.url('url', 'https://events.pagerduty.com/v2/enqueue'),
    };
    if (options.routingKey !== '' && options.routingKey.length !== 32)
      read.faults.push('routingKey: expected 32 characters');
    return read.faults.length > 0 ? { faults: read.faults } : { options };
  },
  create: (options, deps) => ({
    // An event per alert: a merged one could not be resolved by its own key.
    grouping: 'single',
    isStateful: true,
    send: async (notice, signal) => {
      const send = (event: object): ReturnType<typeof sendCall> =>
        sendCall(
          {
            method: 'POST',
            url: options.url,
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify(event),
          },
          signal,
          deps,
          (answer) =>
            judgeAnswer(answer, ({ status }) =>
              status === 202 ? { result: 'delivered', messageId: notice.dedupKey } : null,
            ),
        );
      const delivery = await send(pagerDutyEvent(notice, options.routingKey));
      // A fire drill leaves no incident open.
      if (notice.kind === 'test' && delivery.result === 'delivered')
        await send(pagerDutyEvent({ ...notice, kind: 'resolve' }, options.routingKey));
      // Their rule: an event that was refused as invalid is not sent again.
      return delivery.result === 'rejected' && delivery.reason === 'HTTP 400'
        ? { ...delivery, isHopeless: true }
        : delivery;
    },
  }),
});

/** The event of one notice. Trigger and resolve share the `dedup_key`. */
export function pagerDutyEvent(notice: Notice, routingKey: string): object {
  const message = plainMessage(notice.message);
  const source = cleanName(notice.services[0] ?? '', stripNames);
  const action = notice.kind === 'resolve' || notice.kind === 'closed' ? 'resolve' : 'trigger';
  return {
    routing_key: routingKey,
    event_action: action,
    dedup_key: notice.dedupKey,
    client: 'NPS Oracle Monitoring',
    ...(message.links[0] === undefined ? {} : { client_url: message.links[0].url }),
    payload: {
      summary: cutText(message.title, SUMMARY_UNITS),
      source,
      severity: SEVERITIES[notice.severity],
      timestamp: new Date(notice.startedAt).toISOString(),
      component: source,
      class: notice.rule,
      custom_details: Object.fromEntries(
        message.fields.slice(0, 100).map(({ label, value }) => [label, cutText(value, 4000)]),
      ),
    },
    links: message.links.map(({ label, url }) => ({ href: url, text: label })),
  };
}
