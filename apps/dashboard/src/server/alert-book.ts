import type { MaintenanceWindow, NoticeState, Severity, Silence } from '@nps/oracle-alerts/contract';
import { severities } from '@nps/oracle-alerts/contract';
import {
  acknowledgeAlert,
  deleteSilence,
  readAlertHistory,
  readAlerts,
  readChannels,
  readNotices,
  readSilences,
  storeSilence,
} from '@nps/oracle-alerts/postgres';
import type { Pool } from 'pg';
import type { AlertReply, AlertStep, AlertSummary, AlertsReply } from '../contract/alerts.js';
import type { DeliveriesReply } from '../contract/deliveries.js';
import type { AlertBand } from '../contract/history.js';
import type { Delivery } from '../contract/status.js';
import { acknowledgeOutage, type OutageRequest } from './acknowledge-outage.js';
import { bandsOf } from './alert-bands.js';
import {
  alertStep,
  alertSummary,
  channelSummary,
  noticeSummary,
  type Redact,
  silenceSummary,
} from './alert-summaries.js';
import { codeOf } from './code-of.js';
import { DashboardError, outageOver } from './errors.js';
import { PLANNED_PREFIX, type QuietTimes, quietUntil } from './quiet-times.js';

/** What the alerter wrote about alerts. Every method rejects while the database is away or the alerter never ran there. */
export interface AlertBook {
  /** Everything that is not `ok`, most severe first, and what holds fires. */
  open(): Promise<{ readonly alerts: readonly AlertSummary[]; readonly quiet: QuietTimes }>;
  /** Which channel took a message last, as far as the newest twenty tell. */
  lastDelivery(): Promise<Delivery | null>;
  /** What happened, what was sent, what is silenced; each newest first, at most `limit` of the first two. */
  past(limit: number): Promise<Pick<AlertsReply, 'history' | 'notices' | 'silences'>>;
  /** One alert, its steps and its notices, both oldest first. */
  one(id: string): Promise<Pick<AlertReply, 'alert' | 'steps' | 'notices'>>;
  /** One alert as it stands; null when there is none. */
  summary(id: string): Promise<AlertSummary | null>;
  /** What last happened to the alerts of a service, newest first. */
  steps(service: string, limit: number): Promise<readonly AlertStep[]>;
  deliveries(query: DeliveryQuery): Promise<Omit<DeliveriesReply, 'recorded'>>;
  quietTimes(): Promise<QuietTimes>;
  /** @throws DashboardError NOT_FOUND when it is not firing */
  acknowledge(request: { readonly key: string; readonly by: string; readonly durationMs: number }): Promise<void>;
  /** @throws DashboardError GONE when this outage is over, be it that a later one is open */
  acknowledgeOutage(request: OutageRequest): Promise<void>;
  /** Stores it and answers it as it was stored. */
  silence(silence: NewSilence): Promise<Silence>;
  /** False when there is none of this id. */
  endSilence(id: string): Promise<boolean>;
  /** The stretches in which alerts of a service were firing. */
  bands(service: string, from: string, to: string): Promise<readonly AlertBand[]>;
}

/** Which messages are wanted. */
export interface DeliveryQuery {
  readonly service?: string | undefined;
  readonly channel?: string | undefined;
  readonly state?: NoticeState | undefined;
  readonly limit: number;
}

/** A silence as a person asks for it; instants in ms. */
export interface NewSilence extends Omit<Silence, 'matcher'> {
  readonly service?: string | undefined;
  readonly rule?: string | undefined;
  readonly severity?: Severity | undefined;
}

export interface AlertBookDeps {
  readonly redact: Redact;
  /** The weekly maintenance windows in force. */
  weekly(): readonly MaintenanceWindow[];
  readonly nowMs: () => number;
}

/** A firing that began this long before the range is still found. */
const BAND_LOOKBACK_MS = 7 * 86_400_000;
/** Filters by channel and state choose from the newest so many messages. */
const MOST_ROWS = 1000;

export function createAlertBook(pool: Pool, { redact, weekly, nowMs }: AlertBookDeps): AlertBook {
  const quietTimes = async (): Promise<QuietTimes> => ({ silences: await readSilences(pool), weekly: weekly() });
  const summaries = async (which: Parameters<typeof readAlerts>[1]) => {
    const [views, quiet] = await Promise.all([readAlerts(pool, which), quietTimes()]);
    return { alerts: views.map((view) => alertSummary(view, quietUntil(quiet, view, nowMs()), redact)), quiet };
  };
  return {
    async open() {
      const { alerts, quiet } = await summaries('open');
      return { alerts: alerts.filter(({ phase }) => phase !== 'ok').sort(gravestFirst), quiet };
    },
    async lastDelivery() {
      const taken = (await readNotices(pool, { limit: 20 })).flatMap(({ channel, deliveredAt: at }) =>
        at === null ? [] : [{ channel, at }],
      );
      return taken.sort((a, b) => b.at.localeCompare(a.at))[0] ?? null;
    },
    async past(limit) {
      const [history, notices, silences] = await Promise.all([
        readAlertHistory(pool, { limit }),
        readNotices(pool, { limit }),
        readSilences(pool),
      ]);
      return {
        history: history.map((entry) => alertStep(entry, redact)),
        notices: notices.map((view) => noticeSummary(view, redact)),
        silences: silences.filter(({ id }) => !id.startsWith(PLANNED_PREFIX)).map(silenceSummary),
      };
    },
    async one(id) {
      const range = { key: id, limit: MOST_ROWS };
      const [{ alerts }, history, notices] = await Promise.all([
        summaries({ key: id }),
        readAlertHistory(pool, range),
        readNotices(pool, range),
      ]);
      return {
        alert: alerts[0] ?? null,
        steps: history.map((entry) => alertStep(entry, redact)).toReversed(),
        notices: notices.map((notice) => noticeSummary(notice, redact)).toReversed(),
      };
    },
    summary: async (id) => (await summaries({ key: id })).alerts[0] ?? null,
    async steps(service, limit) {
      return (await readAlertHistory(pool, { service, limit })).map((entry) => alertStep(entry, redact));
    },
    deliveries: (query) => loadDeliveries(pool, query, redact),
    quietTimes,
    acknowledge: (request) => acknowledge(pool, request),
    acknowledgeOutage: (request) => takeOutage(pool, request),
    silence: (silence) => keepSilence(pool, silence),
    endSilence: (id) => deleteSilence(pool, id),
    async bands(service, from, to) {
      const since = new Date(Date.parse(from) - BAND_LOOKBACK_MS).toISOString();
      return bandsOf(await readAlertHistory(pool, { service, from: since, to, limit: MOST_ROWS }), from);
    },
  };
}

async function loadDeliveries(
  pool: Pool,
  { service, channel, state, limit }: DeliveryQuery,
  redact: Redact,
): Promise<Omit<DeliveriesReply, 'recorded'>> {
  const range = { limit: MOST_ROWS, ...(service === undefined ? {} : { service }) };
  const [channels, notices] = await Promise.all([readChannels(pool), readNotices(pool, range)]);
  return {
    channels: channels.map((view) => channelSummary(view, redact)),
    notices: notices
      .filter((notice) => channel === undefined || notice.channel === channel)
      .filter((notice) => state === undefined || notice.state === state)
      .slice(0, limit)
      .map((notice) => noticeSummary(notice, redact)),
  };
}

async function keepSilence(pool: Pool, { service, rule, severity, ...rest }: NewSilence): Promise<Silence> {
  const matcher = {
    ...(service === undefined ? {} : { service }),
    ...(rule === undefined ? {} : { rule }),
    ...(severity === undefined ? {} : { severity }),
  };
  const silence: Silence = { ...rest, matcher };
  await storeSilence(pool, silence);
  return silence;
}

async function acknowledge(pool: Pool, request: Parameters<AlertBook['acknowledge']>[0]): Promise<void> {
  try {
    await acknowledgeAlert(pool, request);
  } catch (cause) {
    if (codeOf(cause) !== 'UNKNOWN_ALERT') throw cause;
    throw new DashboardError('NOT_FOUND', 'No alert with this id is firing; it may be over by now.', { cause });
  }
}

async function takeOutage(pool: Pool, request: OutageRequest): Promise<void> {
  let isTaken: boolean;
  try {
    isTaken = await acknowledgeOutage(pool, request);
  } catch (cause) {
    if (codeOf(cause) !== 'UNKNOWN_ALERT') throw cause;
    throw outageOver();
  }
  if (!isTaken) throw outageOver('a later one is open');
}

function gravestFirst(a: AlertSummary, b: AlertSummary): number {
  return (
    severities.indexOf(a.severity) - severities.indexOf(b.severity) || (b.since ?? '').localeCompare(a.since ?? '')
  );
}
