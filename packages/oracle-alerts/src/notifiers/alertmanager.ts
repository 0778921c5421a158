import type { Notice } from '../contract/index.js';
import { defineNotifier } from '../define-notifier.js';
import { cleanName, stripNames } from '../messages/clean-text.js';
import { plainMessage } from '../messages/layout.js';
import { mirrorSilence } from './alertmanager-silence.js';
import { judgeAnswer, sendCall } from './judge-answer.js';
import { createOptionReader } from './option-reader.js';

interface AlertmanagerOptions {
  readonly url: string;
  readonly bearerToken: string | undefined;
}

/** Alertmanager resolves an alert that is not repeated within `resolve_timeout`; ours ends when we say so. */
const OPEN_FOR_MS = 30 * 86_400_000;

/** Prometheus Alertmanager's API v2, `POST /api/v2/alerts`: https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml */
export const alertmanagerNotifier = defineNotifier<'alertmanager', AlertmanagerOptions>({
  kind: 'alertmanager',
  parseOptions: (value) => {
    const read = createOptionReader(value, ['kind', 'url', 'bearerToken']);
    const options: AlertmanagerOptions = { url: read.url('url'), bearerToken: read.optionalText('bearerToken') };
    return read.faults.length > 0 ? { faults: read.faults } : { options };
  },
  create: (options, deps) => ({
    silence: (silence, signal) =>
      mirrorSilence({ url: options.url, headers: headersOf(options) }, silence, signal, deps),
    // It groups by itself, and a merged alert could not be resolved by its labels.
    grouping: 'single',
    isStateful: true,
    send: (notice, signal) =>
      sendCall(
        {
          method: 'POST',
          url: `${options.url}/api/v2/alerts`,
          headers: headersOf(options),
          body: JSON.stringify(alertmanagerAlerts(notice)),
        },
        signal,
        deps,
        (answer) =>
          judgeAnswer(answer, ({ status }) => (status === 200 ? { result: 'delivered', messageId: notice.id } : null)),
      ),
  }),
});

function headersOf({ bearerToken }: AlertmanagerOptions): Readonly<Record<string, string>> {
  return {
    'content-type': 'application/json',
    ...(bearerToken === undefined ? {} : { authorization: `Bearer ${bearerToken}` }),
  };
}

/** The alerts of one notice, one a service. Labels identify an alert; they are the same when it ends. */
export function alertmanagerAlerts(notice: Notice): readonly object[] {
  const isOver = notice.kind === 'resolve' || notice.kind === 'closed';
  const message = plainMessage(notice.message);
  const [link] = message.links;
  return notice.services.map((service) => ({
    labels: {
      alertname: notice.rule,
      severity: notice.alertSeverity,
      service: cleanName(service, stripNames),
      ...legalLabels(notice.labels),
    },
    annotations: {
      summary: message.title,
      description: message.fields.map(({ label, value }) => `${label}: ${value}`).join('\n'),
    },
    startsAt: new Date(notice.startedAt).toISOString(),
    endsAt: new Date(notice.endedAt ?? notice.startedAt + (isOver ? 0 : OPEN_FOR_MS)).toISOString(),
    generatorURL: link?.url ?? '',
  }));
}

/** Prometheus' label names: `[a-zA-Z_][a-zA-Z0-9_]*`; empty values count as absent. */
function legalLabels(labels: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const legal = Object.entries(labels).filter(([, value]) => value !== '');
  return Object.fromEntries(
    legal.map(([name, value]) => [name.replace(/[^a-zA-Z0-9_]/g, '_').replace(/^(?=\d)/, '_'), value]),
  );
}
