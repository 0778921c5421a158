import {
  type AlertHistoryEntry,
  type AlertView,
  type NoticeView,
  type Severity,
  type Silence,
  severities,
} from '@nps/oracle-alerts/contract';
import {
  acknowledgeAlert,
  deleteSilence,
  readAlertHistory,
  readAlerts,
  readNotices,
  readSilences,
  storeSilence,
} from '@nps/oracle-alerts/postgres';
import type { Pool } from 'pg';
import type {
  AlertReply,
  AlertStep,
  AlertSummary,
  AlertsReply,
  NoticeSummary,
  SilenceSummary,
} from '../contract/alerts.js';
import type { AlertBand } from '../contract/history.js';
import { bandsOf } from './alert-bands.js';
import { codeOf } from './code-of.js';
import { DashboardError } from './errors.js';

/** What the alerter wrote about alerts. Every method rejects while the database is away or the alerter never ran there. */
export interface AlertBook {
  /** Everything that is not `ok`, most severe first. */
  open(nowMs: number): Promise<readonly AlertSummary[]>;
  /** What happened, what was sent, what is silenced; each newest first, at most `limit` of the first two. */
  past(limit: number): Promise<Pick<AlertsReply, 'history' | 'notices' | 'silences'>>;
  /** One alert, its steps and its notices, both oldest first. */
  one(id: string, nowMs: number): Promise<Pick<AlertReply, 'alert' | 'steps' | 'notices'>>;
  /** @throws DashboardError NOT_FOUND when it is not firing */
  acknowledge(request: { readonly key: string; readonly by: string; readonly durationMs: number }): Promise<void>;
  silence(silence: NewSilence): Promise<SilenceSummary>;
  /** False when there is none of this id. */
  endSilence(id: string): Promise<boolean>;
  /** The stretches in which alerts of a service were firing. */
  bands(service: string, from: string, to: string): Promise<readonly AlertBand[]>;
}

/** A silence as a person asks for it; instants in ms. */
export interface NewSilence extends Omit<Silence, 'matcher'> {
  readonly service?: string | undefined;
  readonly rule?: string | undefined;
  readonly severity?: Severity | undefined;
}

/** A firing that began this long before the range is still found. */
const BAND_LOOKBACK_MS = 7 * 86_400_000;

/** @param redact hides secrets in texts that came from services */
export function createAlertBook(pool: Pool, redact: (text: string) => string): AlertBook {
  return {
    async open(nowMs) {
      const [views, silences] = await Promise.all([readAlerts(pool, 'open'), readSilences(pool)]);
      return views
        .filter(({ phase }) => phase !== 'ok')
        .map((view) => summaryOf(view, silences, nowMs, redact))
        .sort(
          (a, b) =>
            severities.indexOf(a.severity) - severities.indexOf(b.severity) ||
            (b.since ?? '').localeCompare(a.since ?? ''),
        );
    },
    async past(limit) {
      const [history, notices, silences] = await Promise.all([
        readAlertHistory(pool, { limit }),
        readNotices(pool, { limit }),
        readSilences(pool),
      ]);
      return {
        history: history.map((entry) => stepOf(entry, redact)),
        notices: notices.map((view) => noticeOf(view, redact)),
        silences: silences.map(silenceOf),
      };
    },
    async one(id, nowMs) {
      const [views, silences] = await Promise.all([readAlerts(pool, 'all'), readSilences(pool)]);
      const view = views.find(({ key }) => key === id);
      const range = { limit: 1000, ...(view === undefined ? {} : { service: view.service }) };
      const [history, notices] = await Promise.all([readAlertHistory(pool, range), readNotices(pool, range)]);
      return {
        alert: view === undefined ? null : summaryOf(view, silences, nowMs, redact),
        steps: history
          .filter(({ key }) => key === id)
          .map((entry) => stepOf(entry, redact))
          .toReversed(),
        notices: notices
          .filter(({ key }) => key === id)
          .map((notice) => noticeOf(notice, redact))
          .toReversed(),
      };
    },
    acknowledge: (request) => acknowledge(pool, request),
    async silence({ service, rule, severity, ...rest }) {
      const matcher = {
        ...(service === undefined ? {} : { service }),
        ...(rule === undefined ? {} : { rule }),
        ...(severity === undefined ? {} : { severity }),
      };
      const silence: Silence = { ...rest, matcher };
      await storeSilence(pool, silence);
      return silenceOf(silence);
    },
    endSilence: (id) => deleteSilence(pool, id),
    async bands(service, from, to) {
      const since = new Date(Date.parse(from) - BAND_LOOKBACK_MS).toISOString();
      return bandsOf(await readAlertHistory(pool, { service, from: since, to, limit: 1000 }), from);
    },
  };
}

async function acknowledge(pool: Pool, request: Parameters<AlertBook['acknowledge']>[0]): Promise<void> {
  try {
    await acknowledgeAlert(pool, request);
  } catch (cause) {
    if (codeOf(cause) !== 'UNKNOWN_ALERT') throw cause;
    throw new DashboardError('NOT_FOUND', 'No alert with this id is firing; it may be over by now.', { cause });
  }
}

/** An alert as the wire has it. Pure. */
export function summaryOf(
  view: AlertView,
  silences: readonly Silence[],
  nowMs: number,
  redact: (text: string) => string,
): AlertSummary {
  return {
    id: view.key,
    rule: view.rule,
    service: view.service,
    labels: view.labels,
    severity: view.severity,
    phase: view.phase,
    title: redact(view.summary),
    detail: view.detail === null ? null : redact(view.detail),
    value: view.value,
    threshold: view.threshold,
    hold: view.hold,
    since: view.since,
    told_at: view.announcedAt,
    resolved_at: view.resolvedAt,
    acknowledged_by: view.acknowledgedBy,
    acknowledged_at: view.acknowledgedAt,
    acknowledged_until: view.acknowledgedUntil,
    silenced_until: silencedUntil(view, silences, nowMs),
  };
}

function silencedUntil(view: AlertView, silences: readonly Silence[], nowMs: number): string | null {
  const ends = silences
    .filter(({ startsAt, endsAt }) => startsAt <= nowMs && nowMs < endsAt)
    .filter(({ matcher }) => matcher.service === undefined || matcher.service === view.service)
    .filter(({ matcher }) => matcher.rule === undefined || matcher.rule === view.rule)
    .filter(({ matcher }) => matcher.severity === undefined || matcher.severity === view.severity)
    .map(({ endsAt }) => endsAt);
  return ends.length === 0 ? null : new Date(Math.max(...ends)).toISOString();
}

function stepOf(entry: AlertHistoryEntry, redact: (text: string) => string): AlertStep {
  const { at, kind, key, rule, service, severity, incident, value, detail } = entry;
  return {
    at,
    kind,
    alert_id: key,
    rule,
    service,
    severity,
    incident,
    value,
    detail: detail === null ? null : redact(detail),
  };
}

function noticeOf(view: NoticeView, redact: (text: string) => string): NoticeSummary {
  return {
    id: view.id,
    alert_id: view.key,
    channel: view.channel,
    kind: view.kind,
    state: view.state,
    attempts: view.attempts,
    title: redact(view.title),
    reason: view.reason === null ? null : redact(view.reason),
    message_id: view.messageId,
    created_at: view.createdAt,
    delivered_at: view.deliveredAt,
  };
}

function silenceOf({ id, matcher, startsAt, endsAt, createdBy, comment }: Silence): SilenceSummary {
  return {
    id,
    service: matcher.service ?? null,
    rule: matcher.rule ?? null,
    severity: matcher.severity ?? null,
    starts_at: new Date(startsAt).toISOString(),
    ends_at: new Date(endsAt).toISOString(),
    created_by: createdBy,
    comment,
  };
}
