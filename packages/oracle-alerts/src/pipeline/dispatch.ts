/**
 * Compares the truth with what every channel was last told, and writes the notices that make up the difference. Pure:
 * nothing depends on having seen an event, so nothing is "an edge that was lost" (ALERTING 16).
 */
import type { AlertEvent, Message, NoticeKind, Route, Rule } from '../contract/index.js';
import type { AlertRecord } from '../evaluation/alert-record.js';
import { alertEvent } from '../evaluation/evaluate.js';
import type { EvaluationState, ServiceFacts } from '../evaluation/evaluation-state.js';
import { type CleanText, cleanName } from '../messages/clean-text.js';
import { type ComposeContext, composeAbsence, composeFire, composeRecovery } from '../messages/compose.js';
import type { OutboxNotice, Telling } from '../store/alert-store.js';
import { digestOf } from './dedup-key.js';
import { routeAlert } from './routing.js';

/** What dispatching needs to know besides the alerts. */
export interface DispatchContext {
  readonly routes: readonly Route[] | undefined;
  readonly channels: readonly string[];
  /** Those of the channels that keep alerts open until they are told the end. */
  readonly stateful: ReadonlySet<string>;
  readonly compose: ComposeContext;
  readonly groupWaitMs: number;
  readonly cooldownMs: number;
  readonly now: number;
}

/** Notices to put into the outbox, and what the channels count as told from now on. */
export interface Dispatched {
  readonly notices: readonly OutboxNotice[];
  readonly tellings: readonly Telling[];
}

/** Looks up what a channel was told. */
export type Tellings = ReadonlyMap<string, ReadonlyMap<string, Telling>>;

const NOTHING: Dispatched = { notices: [], tellings: [] };

/** The difference for one alert. */
export function dispatchAlert(
  record: AlertRecord,
  state: Pick<EvaluationState, 'services'>,
  rule: Rule,
  told: Tellings,
  context: DispatchContext,
): Dispatched {
  const tellings = told.get(record.key);
  const facts = state.services.get(record.service);
  if (record.announcedAt !== null) return dispatchFire(record, rule, facts, tellings, context);
  if (tellings === undefined) return NOTHING;
  return dispatchEnd(record, rule, facts, [...tellings.values()], context);
}

function dispatchFire(
  record: AlertRecord,
  rule: Rule,
  facts: ServiceFacts | undefined,
  tellings: ReadonlyMap<string, Telling> | undefined,
  context: DispatchContext,
): Dispatched {
  const due = routeAlert({ ...record, severity: rule.severity }, context.routes, context.channels).filter(
    ({ channel }) => mustTell(tellings?.get(channel), record, cooldownOf(rule, context), context.now),
  );
  if (due.length === 0) return NOTHING;
  const event = fireEvent(record, rule);
  const message = composeFire(event, rule, facts, context.compose);
  return {
    notices: due.map(({ channel }) => {
      const refusals = tellings?.get(channel)?.refusals ?? 0;
      return writeNotice(
        { kind: 'fire', event, message, channel, suffix: refusals > 0 ? `r${refusals}` : '' },
        context,
      );
    }),
    tellings: due.map(({ channel }) => openTelling(record, channel, tellings?.get(channel), context.now)),
  };
}

/** Ms between two fires of one alert in one channel. */
export function cooldownOf(rule: Rule, context: Pick<DispatchContext, 'cooldownMs'>): number {
  return rule.cooldownSeconds === undefined ? context.cooldownMs : rule.cooldownSeconds * 1000;
}

function mustTell(telling: Telling | undefined, record: AlertRecord, cooldownMs: number, now: number): boolean {
  if (telling === undefined) return true;
  // What was delivered late counts from its delivery: nobody reads two fires within one cooldown.
  if (telling.acceptedAt !== null && now - telling.acceptedAt < cooldownMs) return false;
  if (telling.incident < record.incident) return true;
  return telling.state === 'refused' && now >= telling.at;
}

function openTelling(record: AlertRecord, channel: string, before: Telling | undefined, now: number): Telling {
  const refusals = before?.incident === record.incident ? before.refusals : 0;
  return {
    key: record.key,
    channel,
    incident: record.incident,
    state: 'open',
    at: now,
    acceptedAt: before?.acceptedAt ?? null,
    refusals,
  };
}

function dispatchEnd(
  record: AlertRecord,
  rule: Rule,
  facts: ServiceFacts | undefined,
  tellings: readonly Telling[],
  context: DispatchContext,
): Dispatched {
  const unfinished = tellings.filter((telling) => telling.state !== 'closed');
  if (unfinished.length === 0) return NOTHING;
  const closed = unfinished.map((telling): Telling => ({ ...telling, state: 'closed', at: context.now, refusals: 0 }));
  const open = unfinished.filter((telling) => mustHearEnd(telling, record));
  const toTell = open.filter(({ channel }) => rule.recoverySummary !== undefined || context.stateful.has(channel));
  if (toTell.length === 0) return { notices: [], tellings: closed };
  const event = endEvent(record, rule, context.now);
  const message = composeRecovery(event, rule, facts, context.compose);
  return {
    notices: toTell.map(({ channel, incident }) =>
      writeNotice({ kind: 'resolve', event: { ...event, incident }, message, channel, suffix: '' }, context),
    ),
    tellings: closed,
  };
}

/** A channel hears the end of what it took, or perhaps took (unconfirmed): a false "down" for ever is worse than an end too much. */
function mustHearEnd({ state, acceptedAt }: Telling, record: AlertRecord): boolean {
  return state === 'open' || (acceptedAt !== null && acceptedAt >= (record.lastOpenedAt ?? Number.POSITIVE_INFINITY));
}

/** The event that a fire's message tells, rebuilt from the record. */
export function fireEvent(record: AlertRecord, rule: Rule): AlertEvent {
  return alertEvent(
    record,
    rule,
    'fired',
    record.announcedAt ?? record.runSince,
    record.flapLevel > 0 ? { isFlapping: true } : {},
  );
}

function endEvent(record: AlertRecord, rule: Rule, now: number): AlertEvent {
  const at = record.resolvedAt ?? now;
  return alertEvent(record, rule, 'resolved', at, { since: record.lastOpenedAt ?? at });
}

/** Notices of one kind to every channel that was told the fire: reminders, "source gone". */
export function dispatchToTold(
  kind: 'reminder' | 'closed',
  event: AlertEvent,
  rule: Rule,
  facts: ServiceFacts | undefined,
  told: Tellings,
  context: DispatchContext,
): Dispatched {
  const open = [...(told.get(event.key)?.values() ?? [])].filter(
    ({ state, acceptedAt }) =>
      state === 'open' || (kind === 'closed' && state === 'refused' && (acceptedAt ?? 0) >= event.since),
  );
  const message =
    kind === 'reminder'
      ? composeFire(event, rule, facts, context.compose)
      : composeAbsence(event, rule, facts, context.compose);
  return {
    notices: open.map(({ channel }) =>
      writeNotice({ kind, event, message, channel, suffix: String(Math.round(event.at)) }, context),
    ),
    tellings: kind === 'closed' ? open.map((telling) => ({ ...telling, state: 'closed', at: context.now })) : [],
  };
}

/** The low notice that a source says nothing any more. */
export function dispatchNoData(
  event: AlertEvent,
  rule: Rule,
  facts: ServiceFacts | undefined,
  context: DispatchContext,
): readonly OutboxNotice[] {
  const routed = routeAlert({ ...event, severity: 'info' }, context.routes, context.channels).filter(
    ({ channel }) => !context.stateful.has(channel),
  );
  const message = composeAbsence(event, rule, facts, context.compose);
  return routed.map(({ channel }) =>
    writeNotice(
      {
        kind: 'no_data',
        event: { ...event, severity: 'info' },
        message,
        channel,
        suffix: String(Math.round(event.at)),
      },
      context,
    ),
  );
}

/** What one notice is written from. */
export interface NoticeDraft {
  readonly kind: NoticeKind;
  readonly event: AlertEvent;
  readonly message: Message;
  readonly channel: string;
  /** Makes the id of a repetition its own. */
  readonly suffix: string;
}

/** Writes one notice. Its id follows from what it tells, so that two replicas give the same message the same name. */
export function writeNotice(
  draft: NoticeDraft,
  context: Pick<DispatchContext, 'groupWaitMs' | 'now' | 'compose'>,
): OutboxNotice {
  const { event, kind, channel, message } = draft;
  const parts = [
    digestOf(event.key).slice(0, 16),
    String(event.incident),
    // A source that was taken away and came back counts its incidents from 1 again.
    Math.round(event.since / 1000).toString(36),
    kind,
    digestOf(channel).slice(0, 8),
    draft.suffix,
  ];
  return {
    id: parts.filter((part) => part !== '').join('-'),
    sequence: 0,
    channel,
    key: event.key,
    incident: event.incident,
    kind,
    rule: event.rule,
    severity: message.severity,
    alertSeverity: event.severity,
    service: event.service,
    labels: cleanLabels(event.labels, context.compose.clean),
    message,
    reason: event.reason ?? null,
    startedAt: event.since,
    endedAt: kind === 'resolve' || kind === 'closed' ? event.at : null,
    createdAt: context.now,
    dueAt: context.now + context.groupWaitMs,
    state: 'waiting',
    attempts: 0,
    batch: null,
    failure: null,
    messageId: null,
    deliveredAt: null,
    fallbackFor: null,
  };
}

/** Names from outside go to channels as parts of identities. */
function cleanLabels(labels: AlertEvent['labels'], clean: CleanText): AlertEvent['labels'] {
  return Object.fromEntries(Object.entries(labels).map(([name, value]) => [name, value && cleanName(value, clean)]));
}
