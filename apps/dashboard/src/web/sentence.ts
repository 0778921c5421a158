import type { AlertSummary } from '../contract/alerts.js';
import type { AlerterState, ServiceSummary, ShownStatus, StatusReply } from '../contract/status.js';
import { formatAgo, formatClock, formatDuration, type Zone } from './format-time.js';

/** What the largest type of a page says, and in which colour. */
export interface Sentence {
  readonly status: ShownStatus;
  readonly text: string;
}

const gravity: Readonly<Record<ShownStatus, number>> = { down: 0, degraded: 1, no_data: 2, healthy: 3 };

/** Worst first; among equals by name, so that a refresh moves nothing without a reason. */
export function worstFirst(services: readonly ServiceSummary[]): readonly ServiceSummary[] {
  return [...services].sort((a, b) => gravity[a.status] - gravity[b.status] || a.name.localeCompare(b.name));
}

/** The state of everything, in one sentence or two. Pure. */
export function overviewSentence(status: StatusReply, nowMs: number, zone: Zone): Sentence {
  const services = worstFirst(Object.values(status.services));
  const [worst] = services;
  if (worst === undefined) return { status: 'no_data', text: 'Nothing is watched.' };
  const alike = services.filter((service) => service.status === worst.status);
  if (worst.status === 'healthy')
    return { status: 'healthy', text: `${healthyClause(services)} ${incidentClause(services, nowMs)}` };
  const clauses =
    alike.length === 1 ? serviceSentence(worst, status, nowMs, zone).text : manyClause(alike, services.length, status);
  return { status: worst.status, text: clauses };
}

/** The state of one service. Pure. */
export function serviceSentence(
  service: ServiceSummary,
  { alerts, alerter }: Pick<StatusReply, 'alerts' | 'alerter'>,
  nowMs: number,
  zone: Zone,
): Sentence {
  const { status, since, display_name: name } = service;
  const time =
    since === null ? '' : ` since ${formatClock(since, nowMs, zone)} (${formatDuration(nowMs - Date.parse(since))})`;
  if (status === 'healthy') return { status, text: `${name} is healthy. ${incidentClause([service], nowMs)}` };
  if (status === 'no_data') return { status, text: `Nothing is known of ${name} yet.` };
  const failing = service.dependencies.filter(
    (dependency) => dependency.status === 'error' || dependency.status === 'warning',
  );
  const cause =
    status === 'degraded' && failing.length > 0
      ? `: ${failing.map((dependency) => readable(dependency.name)).join(', ')}`
      : '';
  const own = alerts.filter((alert) => alert.service === service.name);
  return { status, text: `${name} is ${status}${time}${cause}. ${alertClause(own, alerter)}`.trim() };
}

/** The number for the tab's title; empty when all is well. */
export function titlePrefix(status: StatusReply): string {
  const count = (wanted: ShownStatus) =>
    Object.values(status.services).filter((service) => service.status === wanted).length;
  const down = count('down');
  if (down > 0) return `(${down} down) `;
  const degraded = count('degraded');
  return degraded > 0 ? `(${degraded} degraded) ` : '';
}

/** A check's name for people: `ai_api` is "ai api". */
export function readable(name: string): string {
  return name.replaceAll('_', ' ');
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

function manyClause(
  alike: readonly ServiceSummary[],
  total: number,
  { alerts, alerter }: Pick<StatusReply, 'alerts' | 'alerter'>,
): string {
  const names = alike.slice(0, 3).map(({ display_name: name }) => name);
  const rest = alike.length - names.length;
  const list =
    rest > 0 ? `${names.join(', ')} and ${rest} more` : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
  const word = alike[0]?.status === 'no_data' ? 'without data' : (alike[0]?.status ?? '');
  const own = alerts.filter((alert) => alike.some(({ name }) => name === alert.service));
  return `${alike.length} of ${total} services are ${word}: ${list}. ${alertClause(own, alerter)}`.trim();
}

function alertClause(alerts: readonly AlertSummary[], { channels }: AlerterState): string {
  const worst = alerts.find(({ phase }) => phase === 'firing' || phase === 'recovering');
  if (worst === undefined) return alerts.some(({ phase }) => phase === 'pending') ? 'An alert is being confirmed.' : '';
  if (worst.acknowledged_by !== null) return `${worst.acknowledged_by} has it.`;
  if (worst.told_at !== null && channels === 'none') return 'Nobody was told: there is no channel.';
  if (worst.told_at !== null) return 'Alert sent, nobody has it.';
  if (worst.hold === 'silenced') return 'The alert is silenced.';
  return worst.hold === null ? 'The alert is being sent.' : `The alert is held (${worst.hold}).`;
}
