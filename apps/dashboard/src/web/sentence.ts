import type { AlertSummary } from '../contract/alerts.js';
import type { AlerterState, ServiceSummary, ShownStatus, StatusReply } from '../contract/status.js';
import { formatAgo, formatClock, formatDuration, type Zone } from './format-time.js';
import { isBurning, type Placed, readable, standingOf, worstFirst } from './standing.js';

/** What the largest type of a page says, and in which colour. */
export interface Sentence {
  readonly status: ShownStatus;
  readonly text: string;
  /** The reason as the services gave it; `null` when there is none to give. */
  readonly why: string | null;
}

type Told = Pick<StatusReply, 'alerts' | 'alerter' | 'recording'>;

/** The state of everything, in one sentence or two. Pure. */
export function overviewSentence(status: StatusReply, nowMs: number, zone: Zone): Sentence {
  const placed = worstFirst(Object.values(status.services), status.alerts);
  const [worst] = placed;
  if (worst === undefined) return { status: 'no_data', text: 'Nothing is watched.', why: null };
  if (worst.status === 'healthy') {
    const services = placed.map(({ service }) => service);
    return { status: 'healthy', text: `${healthyClause(services)} ${incidentClause(services, nowMs)}`, why: null };
  }
  const alike = placed.filter((each) => each.status === worst.status);
  if (alike.length === 1) return serviceSentence(worst.service, status, nowMs, zone);
  return { status: worst.status, text: manyClause(alike, placed.length, status), why: manyReasons(alike) };
}

/** The state of one service. Pure. */
export function serviceSentence(service: ServiceSummary, told: Told, nowMs: number, zone: Zone): Sentence {
  const { status, display_name: name } = service;
  const own = told.alerts.filter((alert) => alert.service === service.name);
  if (standingOf(service, told.alerts).word === 'Alert') {
    const worst = own.find(isBurning);
    const { state: recording, last_at: recordedAt } = told.recording;
    if (recording !== 'current' && recordedAt !== null) {
      const text = `${name} is healthy. When it was last recorded, ${formatAgo(recordedAt, nowMs)}, an alert was open.`;
      return { status: 'degraded', text, why: plainTitle(worst?.title ?? '') };
    }
    const text = `${plainTitle(worst?.title ?? name)}${sinceClause(worst?.since ?? null, nowMs, zone)}. ${alertClause(own, told.alerter)}`;
    return { status: 'degraded', text: text.trim(), why: worst?.detail ?? null };
  }
  if (status === 'healthy')
    return { status, text: `${name} is healthy. ${incidentClause([service], nowMs)}`, why: null };
  if (status === 'no_data') return { status, text: `Nothing is known of ${name} yet.`, why: service.message };
  const failing = failingOf(service).map((dependency) => readable(dependency.name));
  const cause = status === 'degraded' && failing.length > 0 ? `: ${failing.join(', ')}` : '';
  const text = `${name} is ${status}${sinceClause(service.since, nowMs, zone)}${cause}. ${alertClause(own, told.alerter)}`;
  return { status, text: text.trim(), why: reasonOf(service) };
}

/** What an alert is about, since when, and why where its title does not say that already. Pure. */
export function alertSentence(alert: AlertSummary, nowMs: number, zone: Zone): Sentence {
  const { title, detail, severity, since, phase } = alert;
  const plain = plainTitle(title);
  const isOver = phase === 'ok';
  return {
    status: isOver ? 'healthy' : severity === 'critical' || severity === 'error' ? 'down' : 'degraded',
    text: `${plain.replace(/[.]$/, '')}${isOver ? '' : sinceClause(since, nowMs, zone)}.`,
    why: detail === null || plain.includes(detail) ? null : detail,
  };
}

/** The number for the tab's title; empty when all is well. */
export function titlePrefix({ services, alerts }: Pick<StatusReply, 'services' | 'alerts'>): string {
  const words = worstFirst(Object.values(services), alerts).map(({ word }) => word.toLowerCase());
  const found = ['down', 'degraded', 'alert'].find((word) => words.includes(word));
  if (found === undefined) return '';
  return `(${words.filter((word) => word === found).length} ${found}) `;
}

/** The first line of a message without what the mark beside it says already. */
export function plainTitle(title: string): string {
  return title.replace(/^[^\p{L}\p{N}]*(?:CRITICAL|ERROR|WARNING|INFO): /u, '');
}

function sinceClause(since: string | null, nowMs: number, zone: Zone): string {
  return since === null
    ? ''
    : ` since ${formatClock(since, nowMs, zone)} (${formatDuration(nowMs - Date.parse(since))})`;
}

function failingOf({ dependencies }: ServiceSummary): ServiceSummary['dependencies'] {
  return dependencies.filter(({ status }) => status === 'error' || status === 'warning');
}

function reasonOf(service: ServiceSummary): string | null {
  const failing = failingOf(service).flatMap(({ name, error }) =>
    error === null ? [] : [`${readable(name)}: ${error}`],
  );
  return service.message ?? (failing.length > 0 ? failing.join(' · ') : null);
}

function manyReasons(alike: readonly Placed[]): string | null {
  const reasons = alike.flatMap(({ service }) => {
    const reason = reasonOf(service);
    return reason === null ? [] : [`${service.display_name}: ${reason}`];
  });
  return reasons.length === 0 ? null : reasons.slice(0, 3).join(' · ');
}

function healthyClause(services: readonly ServiceSummary[]): string {
  const [only] = services;
  return services.length === 1 ? `${only?.display_name} is healthy.` : `All ${services.length} services are healthy.`;
}

function incidentClause(services: readonly ServiceSummary[], nowMs: number): string {
  const ends = services.flatMap(({ last_incident: incident }) => (incident?.to ? [incident.to] : [])).sort();
  const last = ends.at(-1);
  if (last !== undefined) return `Last incident ${formatAgo(last, nowMs)}.`;
  return services.some(({ source }) => source === 'recorded') ? 'No incident recorded.' : '';
}

function manyClause(alike: readonly Placed[], total: number, { alerts, alerter }: Told): string {
  const names = alike.slice(0, 3).map(({ service }) => service.display_name);
  const rest = alike.length - names.length;
  const list =
    rest > 0 ? `${names.join(', ')} and ${rest} more` : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
  const status = alike[0]?.status ?? 'no_data';
  const word = alike.every((each) => each.word === 'Alert')
    ? 'have alerts'
    : `are ${status === 'no_data' ? 'without data' : status}`;
  const own = alerts.filter((alert) => alike.some(({ service }) => service.name === alert.service));
  return `${alike.length} of ${total} services ${word}: ${list}. ${alertClause(own, alerter)}`.trim();
}

function capitalised(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

function alertClause(alerts: readonly AlertSummary[], { state, channels }: AlerterState): string {
  const worst = alerts.find(({ phase }) => phase === 'firing' || phase === 'recovering');
  if (worst === undefined) return alerts.some(({ phase }) => phase === 'pending') ? 'An alert is being confirmed.' : '';
  if (worst.acknowledged_by !== null) return `${capitalised(worst.acknowledged_by)} has it.`;
  if (worst.told_at !== null && channels === 'none') return 'Nobody was told: there is no channel.';
  if (worst.told_at !== null) return 'Alert sent, nobody has it.';
  if (worst.hold === 'silenced') return 'The alert is silenced.';
  if (worst.hold !== null) return `The alert is held (${worst.hold}).`;
  if (channels === 'none') return 'Nobody was told: there is no channel.';
  if (state === 'away') return 'Nobody was told: the alerter does not answer.';
  return channels === 'failing' ? 'Not delivered yet: a channel fails.' : 'The alert is being sent.';
}
