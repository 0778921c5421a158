import type { Pool } from 'pg';
import type { AlertHistoryEntry, AlertView, NoticeView } from '../contract/index.js';

const MOST_ROWS = 1000;

/** Which part of a long list is wanted. */
export interface ReadRange {
  readonly service?: string;
  /** ISO 8601; only what happened since. */
  readonly from?: string;
  /** ISO 8601; only what happened before. */
  readonly to?: string;
  /** 1–1000; default 100. */
  readonly limit?: number;
}

/** Alerts, open ones first, then the latest. `open` leaves out what is over. */
export async function readAlerts(
  pool: Pick<Pool, 'query'>,
  which: 'open' | 'all' = 'all',
): Promise<readonly AlertView[]> {
  const { rows } = await pool.query<{ view: AlertView; updated_at: Date; acknowledged: Acknowledged | null }>(
    `SELECT view, alerts.updated_at, CASE WHEN a.key IS NULL THEN NULL ELSE jsonb_build_object(
         'by', a.acknowledged_by, 'incident', a.incident, 'at', a.acknowledged_at, 'until', a.acknowledged_until) END AS acknowledged
     FROM alerts LEFT JOIN alert_acknowledgements a USING (key)
     WHERE view <> '{}' AND (is_open OR $1 = 'all') ORDER BY is_open DESC, alerts.updated_at DESC LIMIT $2`,
    [which, MOST_ROWS],
  );
  return rows.map(({ view, updated_at, acknowledged }) => ({
    ...view,
    ...(acknowledged?.incident === view.incident && view.since !== null
      ? {
          acknowledgedBy: acknowledged.by,
          acknowledgedAt: new Date(acknowledged.at).toISOString(),
          acknowledgedUntil: new Date(acknowledged.until).toISOString(),
        }
      : {}),
    updatedAt: updated_at.toISOString(),
  }));
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
     ORDER BY at DESC, id DESC LIMIT $4`,
    parameters(range),
  );
  return rows.map((row) => ({ ...row, id: Number(row.id), at: row.at.toISOString() }));
}

/** The delivery log, latest first. */
export async function readNotices(pool: Pick<Pool, 'query'>, range: ReadRange = {}): Promise<readonly NoticeView[]> {
  const { rows } = await pool.query<
    Omit<NoticeView, 'createdAt' | 'deliveredAt'> & { readonly created_at: Date; readonly delivered_at: Date | null }
  >(
    `SELECT id, channel, key, kind, rule, service, severity, state, attempts, title, failure AS reason, message_id AS "messageId",
       created_at, delivered_at FROM notices
     WHERE ($1::text IS NULL OR service = $1) AND ($2::timestamptz IS NULL OR created_at >= $2)
       AND ($3::timestamptz IS NULL OR created_at < $3)
     ORDER BY created_at DESC, sequence DESC LIMIT $4`,
    parameters(range),
  );
  return rows.map(({ created_at, delivered_at, ...row }) => ({
    ...row,
    createdAt: created_at.toISOString(),
    deliveredAt: delivered_at?.toISOString() ?? null,
  }));
}

function parameters({ service, from, to, limit = 100 }: ReadRange): readonly unknown[] & unknown[] {
  const bounded = Number.isFinite(limit) ? Math.min(Math.max(1, Math.trunc(limit)), MOST_ROWS) : 100;
  return [service ?? null, from ?? null, to ?? null, bounded];
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
