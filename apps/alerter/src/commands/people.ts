import { randomUUID } from 'node:crypto';
import type { AlertMatcher, AlertView, Clock, Silence } from '@nps/oracle-alerts';
import { acknowledgeAlert, deleteSilence, readAlerts, readSilences, storeSilence } from '@nps/oracle-alerts/postgres';
import type { Pool } from 'pg';
import type { PeopleRequest } from '../command-line.js';
import type { AlerterConfig } from '../config.js';
import { createPool } from '../database.js';
import { messageOf } from '../errors.js';
import type { Settings } from '../settings.js';

/** What these commands work with. */
export interface PeopleDeps {
  readonly clock: Clock;
  readonly redact: (text: string) => string;
}

/** What is printed and exited with. */
export interface PeopleReport {
  readonly lines: readonly string[];
  readonly exitCode: 0 | 1;
}

const QUERY_TIMEOUT_MS = 5000;

/** Carries out what a person asks of the alerts in the database; a running alerter takes it up within 5 s. */
export async function answerPeople(
  request: PeopleRequest,
  config: AlerterConfig,
  settings: Settings,
  deps: PeopleDeps,
): Promise<PeopleReport> {
  if (config.databaseUrl === null)
    return failed(`DATABASE_URL is not set: ${request.command} works on the database of the alerter`);
  const pool = createPool(config.databaseUrl, 1, QUERY_TIMEOUT_MS, () => undefined);
  try {
    const { lines, exitCode } = await COMMANDS[request.command]({
      pool,
      what: request.what ?? '',
      durationMs: request.durationMs ?? 0,
      by: `${request.by ?? config.variables['USER'] ?? 'somebody'} (command line)`,
      comment: request.comment,
      nowMs: deps.clock.wallMs(),
      services: settings.targets.map(({ name }) => name),
    });
    return { lines: lines.map(deps.redact), exitCode };
  } catch (error) {
    return failed(`the database did not take it: ${deps.redact(messageOf(error))}`);
  } finally {
    await pool.end();
  }
}

interface Question {
  readonly pool: Pool;
  readonly what: string;
  readonly durationMs: number;
  readonly by: string;
  readonly comment: string;
  readonly nowMs: number;
  readonly services: readonly string[];
}

const COMMANDS: Readonly<Record<PeopleRequest['command'], (question: Question) => Promise<PeopleReport>>> = {
  alerts: listAlerts,
  ack: acknowledge,
  silence,
  unsilence,
};

async function listAlerts({ pool }: Question): Promise<PeopleReport> {
  const [alerts, silences] = await Promise.all([readAlerts(pool, 'open'), readSilences(pool)]);
  const quiet = silences.length === 0 ? [] : ['silences:', ...silences.map(silenceLine)];
  return done(...(alerts.length === 0 ? ['no alert is open'] : alerts.map(alertLine)), ...quiet);
}

async function acknowledge({ pool, what, by, durationMs }: Question): Promise<PeopleReport> {
  const open = await readAlerts(pool, 'open');
  const meant = open.filter((alert) => [alert.key, alert.service, `${alert.service}/${alert.rule}`].includes(what));
  const firing = meant.filter(({ announcedAt }) => announcedAt !== null);
  if (firing.length === 0) {
    const list = open.length === 0 ? ['no alert is open'] : ['open are:', ...open.map(alertLine)];
    return failed(`FAILED: no firing alert is meant by ${JSON.stringify(what)}`, ...list);
  }
  const lines: string[] = [];
  for (const { key, summary } of firing) {
    const { until } = await acknowledgeAlert(pool, { key, by, durationMs });
    lines.push(`acknowledged by ${by} until ${instant(until)}: ${summary}`);
  }
  return done(...lines);
}

async function silence(question: Question): Promise<PeopleReport> {
  const { pool, what, by, comment, durationMs, nowMs, services } = question;
  const matcher = await matcherOf(question);
  const asked: Silence = {
    id: randomUUID().slice(0, 8),
    matcher,
    startsAt: nowMs,
    endsAt: nowMs + durationMs,
    createdBy: by,
    comment,
  };
  await storeSilence(pool, asked);
  const isKnown = matcher.service === undefined || services.includes(matcher.service);
  const note = isKnown ? [] : [`note: no target of this configuration is called ${JSON.stringify(what)}`];
  return done(`silenced: ${silenceLine(asked)}`, ...note, `end it with: alerter unsilence ${asked.id}`);
}

/** A key is looked up, so that its service and rule need not be taken apart by hand. */
async function matcherOf({ pool, what }: Question): Promise<AlertMatcher> {
  if (what === 'all') return {};
  const known = (await readAlerts(pool)).find(({ key }) => key === what);
  if (known !== undefined) return { service: known.service, rule: known.rule };
  const slash = what.lastIndexOf('/');
  return slash === -1 ? { service: what } : { service: what.slice(0, slash), rule: what.slice(slash + 1) };
}

async function unsilence({ pool, what }: Question): Promise<PeopleReport> {
  if (await deleteSilence(pool, what)) return done(`ended the silence ${what}`);
  const silences = await readSilences(pool);
  const list = silences.length === 0 ? ['there is none'] : ['there are:', ...silences.map(silenceLine)];
  return failed(`FAILED: no silence has the id ${JSON.stringify(what)}`, ...list);
}

function alertLine(alert: AlertView): string {
  const { service, rule, since, summary, hold, acknowledgedBy, acknowledgedUntil } = alert;
  const notes = [
    since === null ? null : `since ${instant(Date.parse(since))}`,
    hold === null ? null : `held: ${hold}`,
    acknowledgedBy === null
      ? null
      : `acknowledged by ${acknowledgedBy} until ${instant(Date.parse(acknowledgedUntil ?? ''))}`,
  ];
  return `${`${service}/${rule}`.padEnd(24)} ${[summary, ...notes.filter((note) => note !== null)].join(' · ')}`;
}

function silenceLine({ id, matcher, endsAt, createdBy, comment }: Silence): string {
  const { service, rule, severity } = matcher;
  const what = [service ?? 'everything', rule, severity].filter((part) => part !== undefined).join('/');
  return `${id.padEnd(8)} ${what} until ${instant(endsAt)}, by ${createdBy}${comment === '' ? '' : `: ${comment}`}`;
}

function instant(wallMs: number): string {
  return Number.isNaN(wallMs) ? '?' : `${new Date(wallMs).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

function done(...lines: readonly string[]): PeopleReport {
  return { lines, exitCode: 0 };
}

function failed(...lines: readonly string[]): PeopleReport {
  return { lines, exitCode: 1 };
}
