/** What channels that take JSON refuse, as strictly as their documentation says. Each tells the first fault, or null. */
import { textFault } from './validators.js';

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;

type Json = Readonly<Record<string, unknown>>;

/** The JSON as its receiver reads it. */
function received(value: unknown): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}

/** Every text of a JSON value, names included. */
function textsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Array.isArray(value)
    ? value.flatMap(textsOf)
    : [...Object.keys(value), ...Object.values(value).flatMap(textsOf)];
}

function unsafeText(value: unknown, maxUnits: number): string | null {
  return (
    textsOf(value)
      .map((text) => textFault(text, maxUnits))
      .find((fault) => fault !== null) ?? null
  );
}

function isUrl(value: unknown): boolean {
  return typeof value === 'string' && /^https?:\/\/[\x21-\x7e]+$/.test(value) && URL.canParse(value);
}

function isInstant(value: unknown): boolean {
  return typeof value === 'string' && INSTANT.test(value) && !Number.isNaN(Date.parse(value));
}

function firstOf(checks: readonly (readonly [boolean, string])[]): string | null {
  return checks.find(([isSound]) => !isSound)?.[1] ?? null;
}

function isLength(value: unknown, min: number, max: number): boolean {
  return typeof value === 'string' && value.length >= min && value.length <= max;
}

/** Alertmanager's API v2, `postableAlerts` of its openapi.yaml and the checks of its `Alert.Validate`. */
export function alertmanagerFault(payload: unknown): string | null {
  const alerts = received({ alerts: payload })['alerts'] as readonly Json[];
  if (!Array.isArray(alerts) || alerts.length === 0) return 'no alerts';
  return alerts.map(alertFault).find((fault) => fault !== null) ?? unsafeText(alerts, 200_000);
}

function alertFault(alert: Json): string | null {
  const known = ['labels', 'annotations', 'startsAt', 'endsAt', 'generatorURL'];
  const labels = alert['labels'] as Json;
  const annotations = alert['annotations'] as Json;
  return firstOf([
    [Object.keys(alert).every((name) => known.includes(name)), 'unknown field'],
    [Object.keys(labels).length > 0 && isLength(labels['alertname'], 1, 200), 'no alertname'],
    [
      Object.entries({ ...labels, ...annotations }).every(([name]) => /^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name)),
      'label name',
    ],
    [Object.values(labels).every((value) => typeof value === 'string' && value !== ''), 'empty label'],
    [Object.values(annotations).every((value) => typeof value === 'string'), 'annotation'],
    [isInstant(alert['startsAt']) && isInstant(alert['endsAt']), 'instant'],
    [Date.parse(String(alert['startsAt'])) <= Date.parse(String(alert['endsAt'])), 'ends before it starts'],
    [isUrl(alert['generatorURL']), 'generatorURL'],
  ]);
}

/** Version 4 of Alertmanager's webhook: `template.Data`. */
export function webhookFault(payload: object): string | null {
  const body = received(payload);
  const alerts = body['alerts'] as readonly Json[];
  const isStatus = (value: unknown): boolean => value === 'firing' || value === 'resolved';
  const isMap = (value: unknown): boolean =>
    typeof value === 'object' && value !== null && Object.values(value).every((text) => typeof text === 'string');
  const maps = ['groupLabels', 'commonLabels', 'commonAnnotations'];
  return (
    firstOf([
      [body['version'] === '4' && body['truncatedAlerts'] === 0, 'version'],
      [isStatus(body['status']) && isLength(body['groupKey'], 1, 255), 'status or group'],
      [maps.every((name) => isMap(body[name])), 'labels'],
      [isUrl(body['externalURL']), 'externalURL'],
      [alerts.length > 0, 'no alerts'],
      [
        alerts.every((alert) => isStatus(alert['status']) && isMap(alert['labels']) && isMap(alert['annotations'])),
        'alert',
      ],
      [alerts.every((alert) => isInstant(alert['startsAt']) && isInstant(alert['endsAt'])), 'instant'],
      [alerts.every((alert) => isLength((alert['labels'] as Json)['service'], 1, 300)), 'service'],
    ]) ?? unsafeText(body, 20_000)
  );
}

/** PagerDuty's Events API v2: https://developer.pagerduty.com/docs/send-alert-event */
export function pagerDutyFault(payload: object): string | null {
  const event = received(payload);
  const own = event['payload'] as Json;
  const links = event['links'] as readonly Json[];
  return (
    firstOf([
      [['trigger', 'acknowledge', 'resolve'].includes(String(event['event_action'])), 'event_action'],
      [isLength(event['routing_key'], 32, 32), 'routing_key'],
      [isLength(event['dedup_key'], 1, 255), 'dedup_key'],
      [isLength(own['summary'], 1, 1024), 'summary'],
      [isLength(own['source'], 1, 255) && isLength(own['component'], 1, 255), 'source'],
      [['critical', 'error', 'warning', 'info'].includes(String(own['severity'])), 'severity'],
      [isInstant(own['timestamp']), 'timestamp'],
      [links.every((link) => isUrl(link['href']) && isLength(link['text'], 1, 255)), 'links'],
      [isUrl(event['client_url']), 'client_url'],
      [Buffer.byteLength(JSON.stringify(event)) <= 512 * 1024, 'larger than 512 KB'],
    ]) ?? unsafeText(event, 20_000)
  );
}

/** Slack's Block Kit: https://docs.slack.dev/reference/block-kit/blocks/section-block */
export function slackFault(payload: object): string | null {
  const message = received(payload);
  const blocks = message['blocks'] as readonly { readonly type: unknown; readonly text: Json }[];
  const isEscaped = (text: unknown): boolean =>
    typeof text === 'string' && !/[<>&]/.test(text.replace(/&(?:amp|lt|gt);/g, ''));
  return (
    firstOf([
      [isLength(message['text'], 1, 40_000) && isEscaped(message['text']), 'text'],
      [blocks.length > 0 && blocks.length <= 50, 'number of blocks'],
      [blocks.every(({ type }) => type === 'section'), 'type of a block'],
      [blocks.every(({ text }) => text['type'] === 'mrkdwn' && isLength(text['text'], 1, 3000)), 'text of a section'],
      [blocks.every(({ text }) => isEscaped(text['text'])), 'markup from outside'],
      [Buffer.byteLength(JSON.stringify(blocks)) <= 60_000, 'blocks too long'],
    ]) ?? unsafeText(message, 40_000)
  );
}
