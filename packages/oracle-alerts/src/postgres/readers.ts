import type { Pool } from 'pg';
import type { AlertHistoryEntry, AlertView, ChannelView, NoticeView } from '../contract/index.js';
import { storableText } from './storable.js';

const MOST_ROWS = 1000;

/** Which part of a long list is wanted. */
export interface ReadRange {
  /** Only of this alert (`AlertView.key`). */
  readonly key?: string;
  readonly service?: string;
  /** ISO 8601; only what happened since. */
  readonly from?: string;
  /** ISO 8601; only what happened before. */
  readonly to?: string;
  /** 1–1000; default 100. */
  readonly limit?: number;
}

/**
 * Alerts, open ones first, then the latest. `open` leaves out what is over; `key` asks for one alert. `toldAt` is what
 * the delivery log says: null while no channel has taken the fire.
 */
export async function readAlerts(
  pool: Pick<Pool, 'query'>,
  which: 'open' | 'all' | { readonly key: string } = 'all',
): Promise<readonly AlertView[]> {
  const { rows } = await pool.query<AlertRow>(
    `SELECT view, alerts.updated_at, CASE WHEN a.key IS NULL THEN NULL ELSE jsonb_build_object(
         'by', a.acknowledged_by, 'incident', a.incident, 'at', a.acknowledged_at, 'until', a.acknowledged_until) END AS acknowledged,
       (SELECT min(delivered_at) FROM notices n WHERE n.key = alerts.key AND n.kind = 'fire' AND n.state = 'delivered'
          AND n.record->'incident' = alerts.record->'incident') AS told_at
     FROM alerts LEFT JOIN alert_acknowledgements a USING (key)
     WHERE view <> '{}' AND (is_open OR $1 <> 'open') AND ($2::text IS NULL OR alerts.key = $2)
     ORDER BY is_open DESC, alerts.updated_at DESC LIMIT $3`,
    [typeof which === 'string' ? which : 'all', typeof which === 'string' ? null : storableText(which.key), MOST_ROWS],
  );
  return rows.map(({ view, updated_at, acknowledged, told_at }) => ({
    ...view,
    ...(acknowledged?.incident === view.incident && view.since !== null
      ? {
          acknowledgedBy: acknowledged.by,
          acknowledgedAt: new Date(acknowledged.at).toISOString(),
          acknowledgedUntil: new Date(acknowledged.until).toISOString(),
        }
      : {}),
    toldAt: told_at?.toISOString() ?? null,
    updatedAt: updated_at.toISOString(),
  }));
}

interface AlertRow {
  readonly view: AlertView;
  readonly updated_at: Date;
  readonly acknowledged: Acknowledged | null;
  readonly told_at: Date | null;
}

interface Acknowledged {
  readonly by: string;
  readonly incident: number;
  readonly at: string;
  readonly until: string;
}

/** What happened to alerts, latest first. */
export async function readAlertHistory(
  pool: Pick<Pool, 'query'>,
  range: ReadRange = {},
): Promise<readonly AlertHistoryEntry[]> {
  const { rows } = await pool.query<Omit<AlertHistoryEntry, 'id' | 'at'> & { readonly id: string; readonly at: Date }>(
    `SELECT id, at, kind, key, rule, service, severity, incident, value, detail FROM alert_events
     WHERE ($1::text IS NULL OR service = $1) AND ($2::timestamptz IS NULL OR at >= $2) AND ($3::timestamptz IS NULL OR at < $3)
       AND ($4::text IS NULL OR key = $4)
     ORDER BY at DESC, id DESC LIMIT $5`,
    parameters(range),
  );
  return rows.map((row) => ({ ...row, id: Number(row.id), at: row.at.toISOString() }));
}

interface NoticeRow extends Omit<NoticeView, 'createdAt' | 'nextAttemptAt' | 'deliveredAt' | 'latencyMs'> {
  readonly created_at: Date;
  readonly due_at: Date | null;
  readonly delivered_at: Date | null;
}

/** The delivery log, latest first. */
export async function readNotices(pool: Pick<Pool, 'query'>, range: ReadRange = {}): Promise<readonly NoticeView[]> {
  const { rows } = await pool.query<NoticeRow>(
    `SELECT id, channel, key, (record->>'incident')::integer AS incident, kind, rule, service, severity, state, attempts, title,
       failure AS reason, message_id AS "messageId", record->>'fallbackFor' AS "fallbackFor", created_at, delivered_at,
       CASE WHEN state IN ('waiting', 'sending') THEN to_timestamp((record->>'dueAt')::double precision / 1000) END AS due_at
     FROM notices
     WHERE ($1::text IS NULL OR service = $1) AND ($2::timestamptz IS NULL OR created_at >= $2)
       AND ($3::timestamptz IS NULL OR created_at < $3) AND ($4::text IS NULL OR key = $4)
     ORDER BY created_at DESC, sequence DESC LIMIT $5`,
    parameters(range),
  );
  return rows.map(({ created_at, due_at, delivered_at, ...row }) => ({
    ...row,
    createdAt: created_at.toISOString(),
    nextAttemptAt: due_at?.toISOString() ?? null,
    deliveredAt: delivered_at?.toISOString() ?? null,
    latencyMs: delivered_at === null ? null : delivered_at.getTime() - created_at.getTime(),
  }));
}

interface ChannelRow extends Omit<ChannelView, 'lastDeliveredAt' | 'lastReasonAt'> {
  readonly last_delivered_at: Date | null;
  readonly last_reason_at: Date | null;
}

/**
 * How each channel that was ever used did since `from`, by name.
 * @param from ISO 8601; default 24 h ago
 */
export async function readChannels(
  pool: Pick<Pool, 'query'>,
  from: string = new Date(Date.now() - 86_400_000).toISOString(),
): Promise<readonly ChannelView[]> {
  const { rows } = await pool.query<ChannelRow>(
    `WITH recent AS (SELECT *, failure IS NOT NULL AND state <> 'superseded' AS was_refused FROM notices
       WHERE created_at >= $1 OR state IN ('waiting', 'sending')),
     refused AS (SELECT DISTINCT ON (channel) channel, failure, created_at FROM recent WHERE was_refused
       ORDER BY channel, created_at DESC, sequence DESC)
     SELECT channel, count(*) FILTER (WHERE state = 'delivered')::integer AS delivered,
       count(*) FILTER (WHERE state IN ('waiting', 'sending'))::integer AS waiting,
       count(*) FILTER (WHERE state = 'rejected')::integer AS rejected, sum(attempts)::integer AS attempts,
       round(1000 * percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM delivered_at - recent.created_at)::double precision))
         AS "medianLatencyMs",
       max(delivered_at) AS last_delivered_at, min(refused.failure) AS "lastReason", min(refused.created_at) AS last_reason_at
     FROM recent LEFT JOIN refused USING (channel) GROUP BY channel ORDER BY channel`,
    [from],
  );
  return rows.map(({ last_delivered_at, last_reason_at, ...row }) => ({
    ...row,
    lastDeliveredAt: last_delivered_at?.toISOString() ?? null,
    lastReasonAt: last_reason_at?.toISOString() ?? null,
  }));
}

function parameters({ service, from, to, key, limit = 100 }: ReadRange): readonly unknown[] & unknown[] {
  const bounded = Number.isFinite(limit) ? Math.min(Math.max(1, Math.trunc(limit)), MOST_ROWS) : 100;
  return [textOrNull(service), from ?? null, to ?? null, textOrNull(key), bounded];
}

function textOrNull(text: string | undefined): string | null {
  return text === undefined ? null : storableText(text);
}

/** Deletes finished notices, events and ended silences older than `keepDays`; open alerts stay. */
export async function pruneAlerts(pool: Pick<Pool, 'query'>, keepDays = 90): Promise<void> {
  await pool.query(`DELETE FROM alert_events WHERE at < now() - $1 * interval '1 day'`, [keepDays]);
  await pool.query(
    `DELETE FROM notices WHERE created_at < now() - $1 * interval '1 day' AND state NOT IN ('waiting', 'sending')`,
    [keepDays],
  );
  await pool.query(`DELETE FROM silences WHERE ends_at < now() - $1 * interval '1 day'`, [keepDays]);
  await pool.query(`DELETE FROM alert_acknowledgements WHERE acknowledged_until < now() - $1 * interval '1 day'`, [
    keepDays,
  ]);
  await pool.query(`DELETE FROM alerts WHERE NOT is_open AND updated_at < now() - $1 * interval '1 day'`, [keepDays]);
}
