/** One statement a table, however many rows: a storm of a thousand alerts is stored as fast as one. */
import type { PoolClient } from 'pg';
import type { AlertEvent, AlertView } from '../contract/index.js';
import type { AlertRecord } from '../evaluation/alert-record.js';
import type { OutboxNotice, StoredChange, Telling } from '../store/alert-store.js';
import { storableJson, storableText } from './storable.js';

/** Writes a change in the transaction of the client. */
export async function writeChange(client: PoolClient, change: StoredChange): Promise<void> {
  await removeAlerts(client, (change.removedKeys ?? []).map(storableText));
  await writeRows(client, WRITE_ALERTS, alertRows(change.alerts ?? [], change.views ?? []));
  await writeRows(client, WRITE_EVENTS, (change.events ?? []).map(eventRow));
  await writeRows(client, WRITE_NOTICES, lastOf(change.notices ?? [], ({ id }) => id).map(noticeRow));
  await writeRows(client, WRITE_TELLINGS, lastOf(change.tellings ?? [], tellingName).map(tellingRow));
}

async function writeRows(client: PoolClient, sql: string, rows: readonly object[]): Promise<void> {
  if (rows.length > 0) await client.query(sql, [storableJson(rows)]);
}

async function removeAlerts(client: PoolClient, keys: readonly string[]): Promise<void> {
  if (keys.length === 0) return;
  await client.query('DELETE FROM alerts WHERE key = ANY($1)', [keys]);
  await client.query('DELETE FROM alert_tellings WHERE key = ANY($1)', [keys]);
  await client.query('DELETE FROM alert_acknowledgements WHERE key = ANY($1)', [keys]);
}

/** A statement cannot write one row twice: of several, the last one counts. */
function lastOf<Row>(rows: readonly Row[], name: (row: Row) => string): readonly Row[] {
  return [...new Map(rows.map((row) => [name(row), row])).values()];
}

function tellingName({ key, channel }: Telling): string {
  return JSON.stringify([key, channel]);
}

const WRITE_ALERTS = `
INSERT INTO alerts (key, rule, service, severity, phase, is_open, view, record, updated_at)
SELECT key, rule, service, severity, phase, is_open, view, record, now()
FROM jsonb_to_recordset($1) AS r(key text, rule text, service text, severity text, phase text, is_open boolean, view jsonb, record jsonb)
ON CONFLICT (key) DO UPDATE SET severity = excluded.severity, phase = excluded.phase, is_open = excluded.is_open,
  view = CASE WHEN excluded.view = '{}' THEN alerts.view ELSE excluded.view END, record = excluded.record, updated_at = now()`;

function alertRows(alerts: readonly AlertRecord[], views: readonly AlertView[]): readonly object[] {
  const viewOf = new Map(views.map((view) => [view.key, view]));
  return lastOf(alerts, ({ key }) => key).map((record) => ({
    key: record.key,
    rule: record.rule,
    service: record.service,
    severity: viewOf.get(record.key)?.severity ?? 'warning',
    phase: record.phase,
    is_open: record.openedAt !== null,
    view: viewOf.get(record.key) ?? {},
    record,
  }));
}

const WRITE_EVENTS = `
INSERT INTO alert_events (at, kind, key, rule, service, severity, incident, value, detail, event)
SELECT at, kind, key, rule, service, severity, incident, value, detail, event
FROM jsonb_to_recordset($1) AS r(at timestamptz, kind text, key text, rule text, service text, severity text, incident integer,
  value double precision, detail text, event jsonb)
ON CONFLICT DO NOTHING`;

function eventRow(event: AlertEvent): object {
  const { kind, key, rule, service, severity, incident, value, detail = null } = event;
  return { at: iso(event.at), kind, key, rule, service, severity, incident, value, detail, event };
}

// A write that was held up on its way must not undo a delivery, hence the last line.
const WRITE_NOTICES = `
INSERT INTO notices (id, sequence, channel, key, kind, rule, service, severity, state, attempts, title, failure, message_id,
  created_at, delivered_at, record)
SELECT id, sequence, channel, key, kind, rule, service, severity, state, attempts, title, failure, message_id, created_at, delivered_at,
  record
FROM jsonb_to_recordset($1) AS r(id text, sequence bigint, channel text, key text, kind text, rule text, service text, severity text,
  state text, attempts integer, title text, failure text, message_id text, created_at timestamptz, delivered_at timestamptz, record jsonb)
ON CONFLICT (id) DO UPDATE SET state = excluded.state, attempts = excluded.attempts, failure = excluded.failure,
  message_id = excluded.message_id, delivered_at = excluded.delivered_at, record = excluded.record
WHERE notices.state <> 'delivered'`;

function noticeRow(notice: OutboxNotice): object {
  const { channel, key, kind, rule, service, severity, state } = notice;
  return {
    id: notice.id,
    sequence: notice.sequence,
    channel,
    key,
    kind,
    rule,
    service,
    severity,
    state,
    attempts: notice.attempts,
    title: notice.message.title,
    failure: notice.failure,
    message_id: notice.messageId,
    created_at: iso(notice.createdAt),
    delivered_at: notice.deliveredAt === null ? null : iso(notice.deliveredAt),
    record: notice,
  };
}

const WRITE_TELLINGS = `
INSERT INTO alert_tellings (key, channel, telling)
SELECT key, channel, telling FROM jsonb_to_recordset($1) AS r(key text, channel text, telling jsonb)
ON CONFLICT (key, channel) DO UPDATE SET telling = excluded.telling`;

function tellingRow(telling: Telling): object {
  return { key: telling.key, channel: telling.channel, telling };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
