import type { Pool, PoolClient } from 'pg';
import type { AlertEvent, AlertView, Silence } from '../contract/index.js';
import type { AlertRecord } from '../evaluation/alert-record.js';
import type {
  AlertStore,
  Fencing,
  OutboxNotice,
  Requests,
  StoredChange,
  StoredSnapshot,
  Telling,
} from '../store/alert-store.js';
import { LeadershipLock } from './leadership-lock.js';
import { readSilences, storeSilence } from './requests.js';
import { storableJson, storableOrNull, storableText } from './storable.js';

/** What the store works with. */
export interface PostgresStoreDeps {
  /** With `statement_timeout` and `connectionTimeoutMillis`; one of its connections is held by the leader. */
  readonly pool: Pool;
  /** Ms that never jump; default `performance.now`. */
  readonly monotonicMs?: () => number;
}

/** Alerts in PostgreSQL. State and outgoing notices are one transaction; a replaced leader's writes are refused. */
export function createPostgresStore({ pool, monotonicMs = () => performance.now() }: PostgresStoreDeps): AlertStore {
  const lock = new LeadershipLock(pool, monotonicMs);
  return {
    lead: (owner, leaseMs) => lock.lead(owner, leaseMs),
    resign: (epoch) => lock.resign(epoch),
    load: () => loadSnapshot(pool),
    store: (epoch, change) => storeChange(pool, epoch, change),
    claim: (epoch, noticeIds, leaseMs) => claimNotices(pool, epoch, noticeIds, leaseMs),
    loadRequests: () => loadRequests(pool),
    storeSilence: (silence) => storeSilence(pool, silence),
    deleteSilence: async (id) => {
      await pool.query('DELETE FROM silences WHERE id = $1', [id]);
    },
    storeAcknowledgement: async ({ key, incident, by, at, until }) => {
      await pool.query(
        `INSERT INTO alert_acknowledgements (key, incident, acknowledged_by, acknowledged_at, acknowledged_until)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (key) DO UPDATE SET incident = excluded.incident, acknowledged_by = excluded.acknowledged_by,
           acknowledged_at = excluded.acknowledged_at, acknowledged_until = excluded.acknowledged_until`,
        [storableText(key), incident, storableText(by), new Date(at), new Date(until)],
      );
    },
  };
}

async function loadSnapshot(pool: Pool): Promise<StoredSnapshot> {
  const alerts = await pool.query<{ key: string; record: AlertRecord }>('SELECT key, record FROM alerts');
  const notices = await pool.query<{ record: OutboxNotice }>(
    `SELECT record FROM notices WHERE state IN ('waiting', 'sending') ORDER BY sequence`,
  );
  const tellings = await pool.query<{ telling: Telling }>('SELECT telling FROM alert_tellings');
  return {
    alerts: alerts.rows.map(({ key, record }) => ({ ...record, key, service: serviceOf(key, record) })),
    notices: notices.rows.map(({ record }) => record),
    tellings: tellings.rows.map(({ telling }) => telling),
  };
}

/** The service's name to the letter: the key holds it escaped, the record as PostgreSQL could take it. */
function serviceOf(key: string, record: AlertRecord): string {
  const parts: unknown = JSON.parse(key);
  const name: unknown = Array.isArray(parts) ? parts[1] : undefined;
  return typeof name === 'string' ? name : record.service;
}

async function storeChange(pool: Pool, epoch: number, change: StoredChange): Promise<Fencing> {
  const client = await pool.connect();
  let isBroken = false;
  try {
    await client.query('BEGIN');
    const leader = await client.query('SELECT 1 FROM alert_leadership WHERE epoch = $1 FOR SHARE', [epoch]);
    if (leader.rowCount !== 1) {
      await client.query('ROLLBACK');
      return 'fenced';
    }
    await writeChange(client, change);
    await client.query('COMMIT');
    return 'stored';
  } catch (error) {
    isBroken = true;
    throw error;
  } finally {
    // A connection in an unknown state does not go back to the pool.
    client.release(isBroken);
  }
}

async function writeChange(client: PoolClient, change: StoredChange): Promise<void> {
  const removedKeys = (change.removedKeys ?? []).map(storableText);
  if (removedKeys.length > 0) {
    await client.query('DELETE FROM alerts WHERE key = ANY($1)', [removedKeys]);
    await client.query('DELETE FROM alert_tellings WHERE key = ANY($1)', [removedKeys]);
  }
  const views = new Map((change.views ?? []).map((view) => [view.key, view]));
  for (const record of change.alerts ?? []) await writeAlert(client, record, views.get(record.key));
  for (const event of change.events ?? []) await writeEvent(client, event);
  for (const notice of change.notices ?? []) await writeNoticeRow(client, notice);
  for (const telling of change.tellings ?? []) {
    await client.query(
      `INSERT INTO alert_tellings (key, channel, telling) VALUES ($1, $2, $3)
       ON CONFLICT (key, channel) DO UPDATE SET telling = excluded.telling`,
      [storableText(telling.key), storableText(telling.channel), storableJson(telling)],
    );
  }
}

async function writeAlert(client: PoolClient, record: AlertRecord, view: AlertView | undefined): Promise<void> {
  await client.query(
    `INSERT INTO alerts (key, rule, service, severity, phase, is_open, view, record, updated_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, now())
     ON CONFLICT (key) DO UPDATE SET severity = excluded.severity, phase = excluded.phase, is_open = excluded.is_open,
       view = CASE WHEN excluded.view = '{}' THEN alerts.view ELSE excluded.view END, record = excluded.record, updated_at = now()`,
    [
      storableText(record.key),
      storableText(record.rule),
      storableText(record.service),
      view?.severity ?? 'warning',
      record.phase,
      record.openedAt !== null,
      storableJson(view ?? {}),
      storableJson(record),
    ],
  );
}

async function writeEvent(client: PoolClient, event: AlertEvent): Promise<void> {
  await client.query(
    `INSERT INTO alert_events (at, kind, key, rule, service, severity, incident, value, detail, event)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING`,
    [
      new Date(event.at),
      event.kind,
      storableText(event.key),
      storableText(event.rule),
      storableText(event.service),
      event.severity,
      event.incident,
      event.value,
      storableOrNull(event.detail),
      storableJson(event),
    ],
  );
}

async function writeNoticeRow(client: PoolClient, notice: OutboxNotice): Promise<void> {
  await client.query(
    `INSERT INTO notices (id, sequence, channel, key, kind, rule, service, severity, state, attempts, title, failure, message_id,
       created_at, delivered_at, record)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
     ON CONFLICT (id) DO UPDATE SET state = excluded.state, attempts = excluded.attempts, failure = excluded.failure,
       message_id = excluded.message_id, delivered_at = excluded.delivered_at, record = excluded.record
     -- A write that was held up on its way must not undo a delivery.
     WHERE notices.state <> 'delivered'`,
    [
      notice.id,
      notice.sequence,
      storableText(notice.channel),
      storableText(notice.key),
      notice.kind,
      storableText(notice.rule),
      storableText(notice.service),
      notice.severity,
      notice.state,
      notice.attempts,
      storableText(notice.message.title),
      storableOrNull(notice.failure),
      storableOrNull(notice.messageId),
      new Date(notice.createdAt),
      notice.deliveredAt === null ? null : new Date(notice.deliveredAt),
      storableJson(notice),
    ],
  );
}

async function claimNotices(
  pool: Pool,
  epoch: number,
  noticeIds: readonly string[],
  leaseMs: number,
): Promise<Fencing> {
  const { rows } = await pool.query<{ leaders: string }>(
    `WITH leader AS (SELECT epoch FROM alert_leadership WHERE epoch = $1 FOR SHARE),
     taken AS (
       UPDATE notices SET claimed_epoch = $1, claimed_until = clock_timestamp() + $3 * interval '1 millisecond'
       WHERE EXISTS (SELECT 1 FROM leader) AND id IN (
         SELECT id FROM notices WHERE id = ANY($2) AND state IN ('waiting', 'sending') FOR UPDATE SKIP LOCKED
       ) RETURNING id
     )
     SELECT (SELECT count(*) FROM leader) AS leaders, (SELECT count(*) FROM taken) AS taken`,
    [epoch, noticeIds, leaseMs],
  );
  return Number(rows[0]?.leaders) === 1 ? 'stored' : 'fenced';
}

async function loadRequests(pool: Pool): Promise<Requests> {
  const silences: readonly Silence[] = await readSilences(pool);
  const { rows } = await pool.query<{ key: string; incident: number; by: string; at: Date; until: Date }>(
    `SELECT key, incident, acknowledged_by AS by, acknowledged_at AS at, acknowledged_until AS until FROM alert_acknowledgements
     WHERE acknowledged_until > now() - interval '1 day'`,
  );
  return {
    silences,
    acknowledgements: rows.map((row) => ({ ...row, at: row.at.getTime(), until: row.until.getTime() })),
  };
}
