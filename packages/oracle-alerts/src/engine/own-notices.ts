/** What the alerter says about itself: that it was cut off, and that its channels work. Pure. */
import type { AlertEvent, Message } from '../contract/index.js';
import { alertKey } from '../evaluation/alert-record.js';
import { titleOf } from '../messages/compose.js';
import { formatDuration, formatInstant } from '../messages/format-value.js';
import { type DispatchContext, writeNotice } from '../pipeline/dispatch.js';
import type { Outbox } from '../pipeline/outbox.js';
import type { OutboxNotice } from '../store/alert-store.js';

/** The service name under which the alerter speaks of itself. */
export const OWN_SERVICE = 'alerter';
/** The rule name of its own notices. */
export const OWN_RULE = 'monitor';

/** Identity of the notice that the alerter was cut off. */
export const ISOLATION_KEY = alertKey(OWN_RULE, OWN_SERVICE, {});

function ownEvent(
  key: string,
  severity: AlertEvent['severity'],
  sinceMs: number,
  context: DispatchContext,
): AlertEvent {
  return {
    kind: 'fired',
    key,
    rule: OWN_RULE,
    service: OWN_SERVICE,
    labels: {},
    severity,
    incident: Math.floor((context.now - sinceMs) / 1000),
    at: context.now,
    since: context.now - sinceMs,
    value: null,
    threshold: 0,
  };
}

function ownMessage(
  text: { readonly title: string; readonly value: string },
  severity: AlertEvent['severity'],
  event: AlertEvent,
  context: DispatchContext,
): Message {
  return {
    title: titleOf(severity, text.title),
    severity,
    services: [OWN_SERVICE],
    fields: [
      { label: 'Component', value: OWN_SERVICE },
      { label: 'Time', value: formatInstant(event.at + context.compose.wallOffsetMs) },
      { label: 'Value', value: text.value },
    ],
    links: [{ label: 'Dashboard', url: `${context.compose.dashboardUrl}/` }],
  };
}

/** What the alerter says about itself has no end that could be told: this is when it is news no more. */
const NEWS_FOR_MS = 600_000;

/** Once per isolation, and no more often than any other alert. */
export function mayTellIsolation(
  outbox: Pick<Outbox, 'told' | 'undelivered'>,
  now: number,
  cooldownMs: number,
): boolean {
  const taken = [...(outbox.told.get(ISOLATION_KEY)?.values() ?? [])].map((telling) => telling.acceptedAt ?? 0);
  if (now - Math.max(0, ...taken) < cooldownMs) return false;
  return !outbox.undelivered().some((notice) => notice.key === ISOLATION_KEY);
}

/** One notice to every channel that the alerter lost its network; it goes out when the network is back. */
export function isolationNotices(sinceMs: number, context: DispatchContext): readonly OutboxNotice[] {
  const event = ownEvent(ISOLATION_KEY, 'warning', sinceMs, context);
  const began = formatInstant(event.since + context.compose.wallOffsetMs);
  const title = `Alerter was cut off from the network at ${began}; outages since then may be told late`;
  const value = `no answer from anywhere for ${formatDuration(sinceMs)}`;
  const message = ownMessage({ title, value }, 'warning', event, context);
  return context.channels.map((channel) => ({
    ...writeNotice({ kind: 'fire', event, message, channel, suffix: '' }, context),
    endedAt: context.now + NEWS_FOR_MS,
  }));
}

/** One message marked `[TEST]` to every channel. */
export function drillNotices(name: string, context: DispatchContext): readonly OutboxNotice[] {
  const event = ownEvent(alertKey('test', OWN_SERVICE, { name }), 'info', 0, context);
  const text = { title: '[TEST] This is a fire drill: alerts reach this channel', value: 'nothing is wrong' };
  const message = ownMessage(text, 'info', event, context);
  return context.channels.map((channel) => ({
    ...writeNotice({ kind: 'test', event: { ...event, rule: 'test' }, message, channel, suffix: '' }, context),
    dueAt: context.now,
    endedAt: context.now + NEWS_FOR_MS,
  }));
}
