/** Turns what happened into one message structure, before any channel's markup. Pure. */
import type { SignAcknowledgement } from '../acknowledge-link.js';
import type { AlertEvent, Message, MessageField, MessageLink, Rule, Severity } from '../contract/index.js';
import type { ServiceFacts } from '../evaluation/evaluation-state.js';
import { type CleanText, cutText, stripControls } from './clean-text.js';
import { formatDuration, formatInstant, formatValue } from './format-value.js';

/** What messages are made with. */
export interface ComposeContext {
  readonly clean: CleanText;
  /** Without a slash at the end. */
  readonly dashboardUrl: string;
  /** Ms to add to the evaluator's instants to get wall time. */
  readonly wallOffsetMs: number;
  /** Signs the second link of fires and reminders, by which their reader takes the alert over; without it there is none. */
  readonly signAcknowledgement?: SignAcknowledgement | undefined;
}

const PREFIXES: Readonly<Record<Severity, string>> = {
  critical: '🚨 CRITICAL:',
  error: '❌ ERROR:',
  warning: '⚠️ WARNING:',
  info: 'ℹ️ INFO:',
};
/** The title must survive every channel (Slack's header has 150 characters, PagerDuty's summary 1,024). */
const NAME_UNITS = 120;
const TITLE_DETAIL_UNITS = 300;
const DETAIL_UNITS = 8000;
const LINK_UNITS = 600;

/** "🚨 CRITICAL: …": the first line of a message. */
export function titleOf(severity: Severity, text: string): string {
  return `${PREFIXES[severity]} ${text}`;
}

/** A service as people call it: its display name, "Oracle" for `oracle`, else its own name. */
export function nameOf(service: string, facts: ServiceFacts | undefined, clean: CleanText): string {
  const name = facts?.displayName ?? (service === 'oracle' ? 'Oracle' : service);
  return clean(name, NAME_UNITS) || '(unnamed)';
}

/** What failed, for `{detail}`: the error's own text, else its class, else a plain sentence. */
function detailOf(event: AlertEvent, clean: CleanText, maxUnits: number): string {
  return clean(event.detail ?? '', maxUnits) || clean(event.reason ?? '', maxUnits) || 'no details';
}

/** Fills `{placeholders}` in one pass: what is filled in is never looked at again. */
function fill(template: string, values: ReadonlyMap<string, string>): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => values.get(name) ?? whole);
}

function placeholders(
  event: AlertEvent,
  rule: Rule,
  facts: ServiceFacts | undefined,
  clean: CleanText,
): ReadonlyMap<string, string> {
  return new Map([
    ...Object.entries(event.labels).map(([name, value]) => [name, clean(value, NAME_UNITS) || '(none)'] as const),
    ['service', nameOf(event.service, facts, clean)],
    ['detail', detailOf(event, clean, TITLE_DETAIL_UNITS)],
    ['value', event.value === null ? 'unknown' : formatValue(event.value, rule.unit, rule.threshold)],
    ['threshold', formatValue(rule.threshold, rule.unit)],
  ]);
}

/** The message of a fire or a reminder. */
export function composeFire(
  event: AlertEvent,
  rule: Rule,
  facts: ServiceFacts | undefined,
  context: ComposeContext,
): Message {
  const text = fill(rule.summary, placeholders(event, rule, facts, context.clean));
  const sinceMs = event.at - event.since;
  return {
    title: titleOf(rule.severity, event.kind === 'reminded' ? `${text} (still, for ${formatDuration(sinceMs)})` : text),
    severity: rule.severity,
    services: [event.service],
    fields: [
      ...identityFields(event, context),
      ...valueFields(event, rule, sinceMs),
      ...(sinceMs >= 60_000 ? [{ label: 'Since', value: formatInstant(event.since + context.wallOffsetMs) }] : []),
      ...(event.isFlapping ? [{ label: 'Flapping', value: 'changes often; further messages are delayed' }] : []),
      ...failureFields(event, rule, context.clean),
    ],
    links: [...linksOf(event, context), ...acknowledgeLinks(event, rule, context)],
  };
}

/** The message of a recovery, with the outage's duration. */
export function composeRecovery(
  event: AlertEvent,
  rule: Rule,
  facts: ServiceFacts | undefined,
  context: ComposeContext,
): Message {
  const template = rule.recoverySummary ?? '{service} {rule} is over';
  const values = new Map([
    ...placeholders(event, rule, facts, context.clean),
    ['rule', rule.name.replaceAll('_', ' ')] as const,
  ]);
  return {
    title: titleOf('info', fill(template, values)),
    severity: 'info',
    services: [event.service],
    fields: [
      ...identityFields(event, context),
      { label: 'Duration', value: formatDuration(event.at - event.since) },
      { label: 'Since', value: formatInstant(event.since + context.wallOffsetMs) },
      ...(event.reason === undefined ? [] : [{ label: 'Was', value: context.clean(event.reason, NAME_UNITS) }]),
    ],
    links: linksOf(event, context),
  };
}

/** The message of an alert whose source is gone, or says nothing any more. */
export function composeAbsence(
  event: AlertEvent,
  rule: Rule,
  facts: ServiceFacts | undefined,
  context: ComposeContext,
): Message {
  const name = nameOf(event.service, facts, context.clean);
  const what = rule.name.replaceAll('_', ' ');
  const text = event.kind === 'closed' ? `${name} ${what} closed: source gone` : `${name} sends no data for ${what}`;
  return {
    title: titleOf('info', text),
    severity: 'info',
    services: [event.service],
    fields: [...identityFields(event, context), ...lastValueFields(event, rule)],
    links: linksOf(event, context),
  };
}

function identityFields(event: AlertEvent, context: ComposeContext): readonly MessageField[] {
  return [
    { label: 'Component', value: context.clean(event.service, NAME_UNITS) || '(unnamed)' },
    { label: 'Time', value: formatInstant(event.at + context.wallOffsetMs) },
  ];
}

function valueFields(event: AlertEvent, rule: Rule, sinceMs: number): readonly MessageField[] {
  if (event.value === null) return [];
  // That a service which does not answer is failing says nothing more than its reason.
  if (rule.signal === 'up' && (event.reason ?? event.detail) !== undefined) return [];
  if (rule.unit === 'state') {
    const duration = sinceMs < 1000 ? '' : ` for ${formatDuration(sinceMs)}`;
    return [{ label: 'Value', value: `failing${duration}` }];
  }
  const value = formatValue(event.value, rule.unit, rule.threshold);
  const limit = rule.unit === 'count' ? 'allowed' : 'threshold';
  return [{ label: 'Value', value: `${value} (${limit}: ${formatValue(rule.threshold, rule.unit)})` }];
}

/** Every message carries a value: of what is not seen any more, the last one. */
function lastValueFields(event: AlertEvent, rule: Rule): readonly MessageField[] {
  if (event.value === null) return [{ label: 'Last value', value: 'unknown' }];
  const isBad = rule.unit === 'state' && event.kind === 'closed';
  return [{ label: 'Last value', value: isBad ? 'failing' : formatValue(event.value, rule.unit, rule.threshold) }];
}

/** What the words of failed probes mean to somebody who was asleep a minute ago. */
const REASONS: ReadonlyMap<string, string> = new Map([
  ['down', 'the service itself says so'],
  ['refused', 'nothing listens at its address'],
  ['timeout', 'no answer in time'],
  ['dns', 'its name leads nowhere'],
  ['tls', 'its certificate or encryption is not accepted'],
  ['reset', 'it cut the connection'],
  ['unreachable', 'there is no way to its address'],
  ['malformed', 'its answer is no health report'],
  ['oversize', 'its answer is too long for a health report'],
  ['redirect', 'it sends visitors elsewhere'],
  ['auth', 'it does not accept our login'],
  ['not_serving', 'it answers that it does not serve'],
  ['http_4xx', 'it does not know the health page, or refuses it'],
  ['http_5xx', 'it answers with a fault of its own'],
]);

function failureFields(event: AlertEvent, rule: Rule, clean: CleanText): readonly MessageField[] {
  const detail = clean(event.detail ?? '', DETAIL_UNITS);
  if (rule.each !== undefined) return detail === '' ? [] : [{ label: 'Which', value: detail }];
  const word = clean(event.reason ?? '', NAME_UNITS);
  const meaning = REASONS.get(word);
  return [
    ...(word === '' ? [] : [{ label: 'Reason', value: meaning === undefined ? word : `${word} (${meaning})` }]),
    ...(detail === '' ? [] : [{ label: 'Error', value: detail }]),
  ];
}

/**
 * To the alert's own page; an alert that is gone, or whose name is too long for a link, has only its service's, and one
 * whose name holds what messages must not show has the list's.
 */
function linksOf(event: AlertEvent, context: ComposeContext): readonly MessageLink[] {
  if (holdsSecret(event, context.clean)) return [{ label: 'Dashboard', url: `${context.dashboardUrl}/alerts` }];
  const name = encodeURIComponent(cutText(stripControls(event.service), NAME_UNITS));
  const key = encodeURIComponent(event.key);
  const path = event.kind === 'closed' || key.length > LINK_UNITS ? `services/${name}` : `alerts/${key}`;
  return [{ label: 'Dashboard', url: `${context.dashboardUrl}/${path}` }];
}

/** Where whoever has the message says so. A single reading is told once and then over: nobody has to take it. */
function acknowledgeLinks(event: AlertEvent, rule: Rule, context: ComposeContext): readonly MessageLink[] {
  const { signAcknowledgement: sign, clean, wallOffsetMs } = context;
  // A token is signed, not encrypted: it says the names.
  if (sign === undefined || rule.each !== undefined || holdsSecret(event, clean)) return [];
  const token = sign({ key: event.key, incident: event.incident, at: event.at + wallOffsetMs });
  return token === null ? [] : [{ label: 'Acknowledge', url: `${context.dashboardUrl}/ack/${token}` }];
}

function holdsSecret({ service, labels }: AlertEvent, clean: CleanText): boolean {
  return [service, ...Object.values(labels)].some((name) => isRedacted(name, clean));
}

/** Whether cleaning takes more away than what is not seen anyway. */
function isRedacted(name: string, clean: CleanText): boolean {
  const visible = stripControls(name).trim();
  return clean(name, visible.length) !== visible;
}
